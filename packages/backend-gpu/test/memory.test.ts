// Where memory is the host's: nothing is kept from step to step.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { gpu } from '../src/index.ts';
import { stepping } from './stepping.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes that are in use after everything else was collected. */
async function bytesInUse(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => setImmediate(resolve));
    collect();
  }
  const { heapUsed, arrayBuffers, external } = process.memoryUsage();
  return heapUsed + arrayBuffers + external;
}

describe.each(['cpu', 'webasm'] as const)('%s', (mode) => {
  it('holds nothing more after 10,000 steps', async () => {
    const { executable, step } = await stepping(gpu({ mode }));
    await step(2000);
    const before = await bytesInUse();
    await step(10_000);
    expect((await bytesInUse()) - before).toBeLessThan(500_000);
    executable.release();
  });

  it('gives everything back that programs took', async () => {
    const backend = gpu({ mode });
    const cycle = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) {
        const { executable, step } = await stepping(backend);
        await step(3);
        executable.release();
      }
    };
    await cycle(20);
    const before = await bytesInUse();
    await cycle(60);
    expect((await bytesInUse()) - before).toBeLessThan(500_000);
  });
});
