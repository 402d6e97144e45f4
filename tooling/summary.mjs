// The closing line, `N passed, N failed[, N skipped]`: node summary.mjs <vitest's JSON report> <passed|failed> <other failures>
import { readFileSync } from 'node:fs';

const [file, run, others] = process.argv.slice(2);
let passed = 0;
let failed = 0;
let skipped = 0;
try {
  const report = JSON.parse(readFileSync(file, 'utf8'));
  passed = report.numPassedTests;
  skipped = report.numPendingTests + report.numTodoTests;
  failed = report.numFailedTests;
  // A file that cannot be loaded, or whose hook throws, has no failed test.
  for (const { status, assertionResults } of report.testResults) {
    if (status === 'failed' && !assertionResults.some((test) => test.status === 'failed')) failed += 1;
  }
} catch {
  failed = 1; // vitest died before it could report
}
if (run === 'failed' && failed === 0) failed = 1; // an unhandled error, or no test at all
failed += Number(others);
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
