import { describe, expect, it } from 'vitest';
import { wasm } from '../src/index.ts';
import { expectKnown, places } from './browserTrainings.ts';

describe.each(places)('with cross-origin isolation, in %s', (_, train) => {
  it.each([2, 3])('trains on %i threads, and gets Node’s losses', async (threads) => {
    expect(crossOriginIsolated).toBe(true);
    const known = await train(threads);
    expect(known.report).toEqual({ mode: `${threads} threads, SIMD`, notes: [] });
    expectKnown(known);
  });
});

it('takes as many threads as there are processors, if nothing else is said', async () => {
  const backend = wasm();
  const executable = await backend.compile({ buffers: [], kernels: [], names: {}, scratchBytes: 0 });
  executable.release();
  expect(backend.report()?.mode).toMatch(
    new RegExp(`^${Math.min(8, navigator.hardwareConcurrency)} threads?, relaxed SIMD$`),
  );
});
