// How many steps per second a training makes on each backend.
import type { Trainer } from '@neurite/core';
import type { PluginSpec } from '../plugins.ts';
import { trainerOf } from '../spec/assemble.ts';
import type { Speed } from './protocol.ts';
import type { Run } from './run.ts';

/** Milliseconds that a measurement takes, after a warm-up. */
const patience = 150;

/** Measures the run as it is now on one backend; the run itself goes on where it was. */
export async function speedOn(run: Run, backend: PluginSpec): Promise<Speed> {
  let trainer: Trainer | undefined;
  try {
    const { phase } = run;
    trainer = await trainerOf({ ...phase.spec, backend }, phase.sides.all, () => {});
    trainer.restore(await run.trainer.snapshot());
    const step = async (i: number) => trainer?.step(phase.batches.at(i));
    for (let i = 0; i < 3; i++) await step(i);
    const begin = performance.now();
    let steps = 0;
    while (performance.now() - begin < patience) await step(steps++);
    return { backend, stepsPerSecond: (1000 * steps) / (performance.now() - begin) };
  } catch (error) {
    return { backend, error: error instanceof Error ? error.message : String(error) };
  } finally {
    trainer?.release();
  }
}
