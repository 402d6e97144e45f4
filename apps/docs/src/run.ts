// Runs modules one after another, in a process of their own: `node run.ts MODULES`. Writes what came of them as JSON.
import { pathToFileURL } from 'node:url';
import { log, printed } from './shown.ts';
import { runCases } from './vitestStub.ts';

export interface Report {
  /** By the path of each module that failed: what it said. */
  readonly failures: Readonly<Record<string, string>>;
  readonly printed: Readonly<Record<string, string>>;
}

const write = process.stdout.write.bind(process.stdout);
console.log = log;

const failures: Record<string, string> = {};
for (const path of process.argv.slice(2)) {
  try {
    await import(pathToFileURL(path).href);
    await runCases();
  } catch (error) {
    failures[path] = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}
const report: Report = {
  failures,
  printed: Object.fromEntries([...printed].map(([name, lines]) => [name, lines.join('\n')])),
};
write(JSON.stringify(report), () => process.exit(0)); // threads of trainers that a page does not release would go on
