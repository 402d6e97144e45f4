// Runs a package's tests on each mutant, in few long-lived processes of vitest.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVitest, type Reporter, type TestModule } from 'vitest/node';
import { dependentsIn } from './dependents.ts';
import type { Mutant } from './mutants.ts';
import { mutatedModules, mutatedPath } from './mutatedModules.ts';
import { scratchFile } from './scratchFiles.ts';

export interface Task {
  readonly root: string;
  /** Paths of the test files. */
  readonly tests: readonly string[];
  readonly mutants: readonly Mutant[];
  /** The sources in which the mutants are. */
  readonly texts: ReadonlyMap<string, string>;
  /** A folder for files of its own. */
  readonly scratch: string;
  report(line: string): void;
}

/** Mutants for which one process is kept: their modules add up. */
const batchSize = 120;

/** A mutant's number, −1 for none, with the tests that are run on it. */
interface Trial {
  readonly number: number;
  readonly tests: readonly string[];
  /** Of the tests, those whose name holds one of these words; all if there are none. */
  readonly focus: readonly string[];
}

/**
 * The mutants that no test caught.
 *
 * @throws Error where the tests fail without any mutant.
 */
export async function survivorsOf(task: Task): Promise<Mutant[]> {
  const { mutants, tests, texts } = task;
  const contents = tests.map((test) => [test, readFileSync(test, 'utf8')] as const);
  const dependentsOf = dependentsIn(texts);
  // Most mutants are caught by the few tests that name the plugins in which they are: those go first.
  const focused = mutants.map(({ file }, number) => {
    const focus = [...dependentsOf(file)]
      .map((each) => basename(each, '.ts'))
      .filter((name) => name !== 'index');
    const naming = contents.filter(([, text]) => focus.some((name) => text.includes(name)));
    return { number, tests: naming.map(([test]) => test), focus };
  });
  const missed = await missedIn(task, focused, 'by their own tests');
  const survived = await missedIn(
    task,
    missed.map((number) => ({ number, tests, focus: [] })),
    'by all',
  );
  return survived.map((number) => mutants[number] as Mutant);
}

/** The numbers of those trials in which no test failed. */
async function missedIn(task: Task, trials: readonly Trial[], how: string): Promise<number[]> {
  const missed: number[] = [];
  for (let start = 0; start < trials.length; start += batchSize) {
    const batch = trials.slice(start, start + batchSize);
    // Without a mutant, all tests must pass; in each batch, since meanwhile somebody may have changed something.
    const failed = await failedIn(task, [{ number: -1, tests: task.tests, focus: [] }, ...batch]);
    if (failed.has(-1)) throw new Error('the tests fail without any mutant');
    missed.push(...batch.map(({ number }) => number).filter((number) => !failed.has(number)));
    task.report(`${start + batch.length} of ${trials.length} tried ${how}, ${missed.length} not caught`);
  }
  return missed;
}

/** The numbers of those trials in which a test failed, or could not even be read. */
async function failedIn(
  { root, mutants, texts, scratch }: Task,
  trials: readonly Trial[],
): Promise<Set<number>> {
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  const numberOf = new Map<string, number>();
  for (const { number, tests, focus } of trials) {
    const file = join(scratch, scratchFile(number, focus));
    writeFileSync(file, tests.map((test) => `import '${mutatedPath(test, number)}';\n`).join(''));
    if (tests.length > 0) numberOf.set(file, number);
  }
  const failed = new Set<number>();
  const seen = new Set<number>();
  const reporter: Reporter = {
    onTestModuleEnd(module: TestModule) {
      const number = numberOf.get(module.moduleId);
      if (number === undefined) return;
      seen.add(number);
      if (module.state() === 'failed') failed.add(number);
    },
  };
  const vitest = await createVitest(
    {
      root,
      config: false,
      dir: scratch,
      include: ['*.test.ts'],
      setupFiles: [fileURLToPath(new URL('setup.ts', import.meta.url))],
      watch: false,
      isolate: false,
      fsModuleCache: false, // it knows a module by its path, and the next run's mutants have other numbers
      testTimeout: 30_000,
      reporters: [reporter],
    },
    {
      plugins: [mutatedModules(root, mutants, texts)],
      ssr: { resolve: { conditions: ['@neurite/source', 'module', 'node', 'development|production'] } },
    },
  );
  try {
    await vitest.start();
  } finally {
    await vitest.close();
  }
  if (seen.size < numberOf.size) throw new Error('vitest did not run the tests of every mutant');
  return failed;
}
