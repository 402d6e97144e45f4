import { expect, test } from 'vitest';
import { createPeak, peakModule } from '../src/peak.ts';
import { withShares } from '../src/suites/matmul.ts';

test('the loop that measures the peak computes what it seems to', async () => {
  // Each accumulator goes 0, 1, 1.5, 1.75 …: half of it and one. Four times a turn, twelve accumulators.
  const run = await createPeak(false);
  expect(run(1)).toBeCloseTo(12 * 1.875, 5);
  expect(run(1000)).toBeCloseTo(24, 5);
});

test('with relaxed SIMD there is one instruction for both', () => {
  expect(peakModule(true).length).toBeLessThan(peakModule(false).length);
});

test('shares are of the faster peak, once for each thread', () => {
  const about = { suite: 'matmul', row: '128', backend: 'wasm', version: '1', unit: 'GFLOP/s' };
  const results = withShares([
    { ...about, system: 'neurite-wasm', threads: 2, value: 70, best: 90 },
    { ...about, system: 'neurite-cpu', threads: 1, note: 'not here' },
    { ...about, system: 'peak', threads: 1, value: 40, best: 60 },
    { ...about, system: 'peak-plain', threads: 1, value: 40, best: 45 },
  ]);
  expect(results.map(({ share }) => share)).toEqual([0.75, undefined, 1, 0.75]);
});
