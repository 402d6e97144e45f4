import { describe, expect, it } from 'vitest';
import { expectKnown, places } from './browserTrainings.ts';

describe.each(places)('without cross-origin isolation, in %s', (_, train) => {
  it('trains on one thread, says why, and gets Node’s losses', async () => {
    expect(crossOriginIsolated).toBe(false);
    const known = await train(2);
    expect(known.report?.mode).toBe('1 thread, SIMD');
    expect(known.report?.notes).toHaveLength(1);
    expect(known.report?.notes[0]).toMatch(
      /^one thread, because (SharedArrayBuffer is missing|the page is not cross-origin isolated)$/,
    );
    expectKnown(known);
  });

  it('has nothing to explain where one thread was asked for', async () => {
    const known = await train(1);
    expect(known.report).toEqual({ mode: '1 thread, SIMD', notes: [] });
    expectKnown(known);
  });
});
