// The systems that a suite asks for, each shown to train rightly before it is measured.

import { referenceLosses } from '../reference.ts';
import type { Result } from '../result.ts';
import { type Problem, problemOf, sanityRow } from '../rows.ts';
import { systems } from '../systems/index.ts';
import type { Classifier, System } from '../systems/system.ts';

export interface Loaded {
  readonly name: string;
  /** Or why there is none. */
  readonly system: System | Error;
}

export async function loadAll(names: readonly string[]): Promise<Loaded[]> {
  const loaded: Loaded[] = [];
  for (const name of names) {
    loaded.push({ name, system: await loadChecked(name).catch((error: Error) => error) });
  }
  return loaded;
}

/** Those that are systems of their own, not another way to call one. */
export const withoutFits = (names: readonly string[]): string[] =>
  names.filter((name) => !name.endsWith('-fit'));

/** @throws Error where the system cannot be loaded, or does not train what the others train. */
async function loadChecked(name: string): Promise<System> {
  const system = (await systems[name]?.load()) as System;
  await checkTraining(system);
  return system;
}

/**
 * Requires that the first losses are those of the plain reference. Of a call that makes many steps, and of a system that
 * trains something else, that it learns.
 *
 * @throws Error
 */
export async function checkTraining(system: System): Promise<void> {
  const problem = problemOf(sanityRow);
  const expected = referenceLosses(problem, 8);
  const session = await system.create(problem);
  const losses: number[] = [];
  try {
    for (const wanted of expected) {
      const loss = await session.call();
      losses.push(loss);
      if (system.different) continue;
      const right = session.stepsPerCall
        ? loss < (expected[0] as number)
        : Math.abs(loss / wanted - 1) < 1e-4;
      if (!right) throw new Error(`it trains wrongly: the loss is ${loss}, not ${wanted}`);
    }
  } finally {
    session.dispose();
  }
  if (system.different && !((losses.at(-1) as number) < (losses[0] as number))) {
    throw new Error(`it trains wrongly: the loss went from ${losses[0]} to ${losses.at(-1)}`);
  }
}

/** @throws Error where there is none: why. */
export async function classifierOf({ system }: Loaded, problem: Problem): Promise<Classifier> {
  if (system instanceof Error) throw system;
  if (!system.classifier) throw new Error('measured by its steps alone');
  return system.classifier(problem);
}

/** What every result says of its system. */
export function about({ name, system }: Loaded): Pick<Result, 'system' | 'backend' | 'threads' | 'version'> {
  const { backend, threads, version } = { backend: '', threads: 1, version: '', ...system };
  return { system: name, backend, threads, version };
}

/** What must be known of a system, if it has a figure, and of the figure, or why there is none. */
export function notesOn({ system }: Loaded, figure: number | undefined, note?: string): Pick<Result, 'note'> {
  const known = system instanceof Error || figure === undefined ? undefined : system.note;
  const notes = [known, note].filter((each) => each !== undefined);
  return notes.length === 0 ? {} : { note: notes.join('; ') };
}
