// What a suite has to say of a plugin.
import type { SuiteCase } from '../src/index.ts';

/** The cases that throw, and what they throw: "name: message". */
export async function failuresOf(cases: readonly SuiteCase[]): Promise<string[]> {
  const failures: string[] = [];
  for (const { name, run } of cases) {
    await run().catch((error: Error) => failures.push(`${name}: ${error.message}`));
  }
  return failures;
}
