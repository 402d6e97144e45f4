// What stands in for vitest where the proofs on the pages are run.
type Case = readonly [name: string, run: () => unknown];

/** A suite that is longer than this, as that of backends is, takes too long here: every eighth case is run of it. */
const many = 60;
let cases: Case[] = [];

export const it = (...each: Case): void => {
  cases.push(each);
};

/** Runs what was handed to `it` since the last time. */
export async function runCases(): Promise<void> {
  const waiting = cases.length > many ? cases.filter((_, i) => i % 8 === 0) : cases;
  cases = [];
  for (const [name, run] of waiting) {
    try {
      await run();
    } catch (cause) {
      throw new Error(`"${name}": ${(cause as Error).message}`, { cause });
    }
  }
}
