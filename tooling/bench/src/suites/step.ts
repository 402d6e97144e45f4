// Microseconds a training step, of every system on every row.
import { type Measured, measure, type Plan } from '../measure.ts';
import { referenceLosses } from '../reference.ts';
import type { Result } from '../result.ts';
import { problemOf, rows, sanityRow } from '../rows.ts';
import { systems } from '../systems/index.ts';
import type { System } from '../systems/system.ts';
import type { Suite, SuiteOptions } from './suite.ts';

export const step: Suite = { title: 'Microseconds a training step', run };

async function run({ rows: chosen, systems: names, plan, report }: SuiteOptions): Promise<Result[]> {
  const loaded: (System | Error)[] = [];
  for (const name of names) loaded.push(await loadChecked(name).catch((error: Error) => error));

  const results: Result[] = [];
  for (const row of rows.filter(({ name }) => chosen.includes(name))) {
    report(`${row.name}, batch ${row.batch}`);
    const problem = problemOf(row);
    const creators = loaded.map((system) => async () => {
      if (system instanceof Error) throw system;
      return system.create(problem);
    });
    for (const [index, measured] of (await measure(creators, plan)).entries()) {
      const { backend, threads, version } = { backend: '', threads: 1, version: '', ...loaded[index] };
      const about = { suite: 'step', row: row.name, batch: row.batch, system: names[index] as string };
      results.push({ ...about, backend, threads, version, unit: 'µs', ...summary(measured, plan) });
    }
  }
  return results;
}

/** @throws Error where the system cannot be loaded, or does not train what the others train. */
async function loadChecked(name: string): Promise<System> {
  const system = (await systems[name]?.load()) as System;
  await checkTraining(system);
  return system;
}

/**
 * Requires that the first losses are those of the plain reference; of a call that makes many steps, that it has learnt.
 *
 * @throws Error
 */
export async function checkTraining(system: System): Promise<void> {
  const problem = problemOf(sanityRow);
  const expected = referenceLosses(problem, 8);
  const session = await system.create(problem);
  try {
    for (const wanted of expected) {
      const loss = await session.call();
      const right = session.stepsPerCall
        ? loss < (expected[0] as number)
        : Math.abs(loss / wanted - 1) < 1e-4;
      if (!right) throw new Error(`it trains wrongly: the loss is ${loss}, not ${wanted}`);
    }
  } finally {
    session.dispose();
  }
}

/** The median round and the best one. */
export function summary(
  { rounds, failure }: Measured,
  plan: Plan,
): Pick<Result, 'value' | 'minimum' | 'rounds' | 'note'> {
  if (failure !== undefined) return { note: failure };
  const sorted = rounds.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]] as [number, number];
  return {
    value: (low + high) / 2,
    minimum: sorted[0] as number,
    rounds: rounds.length,
    ...(rounds.length < plan.rounds && { note: `slow: ${rounds.length} of ${plan.rounds} rounds` }),
  };
}
