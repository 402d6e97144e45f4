import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Lifetime, planMemory } from '../../src/program/memory.ts';

const lifetimes = fc.array(
  fc
    .record({ bytes: fc.integer({ min: 1, max: 5000 }), first: fc.nat(30), length: fc.nat(10) })
    .map(({ bytes, first, length }): Lifetime => ({ bytes, live: [first, first + length] })),
  { maxLength: 40, size: 'max' },
);
const rounded = (bytes: number): number => Math.ceil(bytes / 64) * 64;
const liveAtOnce = (a: Lifetime, b: Lifetime): boolean => a.live[0] <= b.live[1] && b.live[0] <= a.live[1];

describe('planMemory', () => {
  it('never lets buffers overlap that live at once', () => {
    fc.assert(
      fc.property(lifetimes, (buffers) => {
        const { offsets } = planMemory(buffers);
        buffers.forEach((a, i) => {
          buffers.slice(i + 1).forEach((b, j) => {
            const [from, other] = [offsets[i] as number, offsets[i + 1 + j] as number];
            const apart = from + a.bytes <= other || other + b.bytes <= from;
            expect(apart || !liveAtOnce(a, b)).toBe(true);
          });
        });
      }),
      { seed: 1 },
    );
  });

  it('begins every buffer at a multiple of 64 bytes within what it asks for', () => {
    fc.assert(
      fc.property(lifetimes, (buffers) => {
        const { offsets, bytes } = planMemory(buffers);
        offsets.forEach((offset, i) => {
          expect(offset % 64).toBe(0);
          expect(offset + (buffers[i]?.bytes ?? 0)).toBeLessThanOrEqual(bytes);
        });
      }),
      { seed: 2 },
    );
  });

  it('takes no more than all buffers together, and no less than those of the fullest moment', () => {
    fc.assert(
      fc.property(lifetimes, (buffers) => {
        const sum = (some: readonly Lifetime[]): number =>
          some.reduce((total, { bytes }) => total + rounded(bytes), 0);
        const { bytes } = planMemory(buffers);
        const moments = Array.from({ length: 41 }, (_, t) =>
          sum(buffers.filter(({ live }) => live[0] <= t && t <= live[1])),
        );
        expect(bytes).toBeLessThanOrEqual(sum(buffers));
        expect(bytes).toBeGreaterThanOrEqual(Math.max(0, ...moments));
      }),
      { seed: 3 },
    );
  });

  it('shares memory between buffers that live one after the other', () => {
    const chain = Array.from({ length: 10 }, (_, i): Lifetime => ({ bytes: 1000, live: [i, i + 1] }));
    expect(planMemory(chain)).toEqual({
      offsets: [0, 1024, 0, 1024, 0, 1024, 0, 1024, 0, 1024],
      bytes: 2048,
    });
  });

  it('fills gaps', () => {
    const buffers: Lifetime[] = [
      { bytes: 640, live: [0, 1] },
      { bytes: 320, live: [0, 3] },
      { bytes: 64, live: [2, 3] },
    ];
    expect(planMemory(buffers)).toEqual({ offsets: [0, 640, 0], bytes: 960 });
  });

  it('needs nothing for nothing', () => {
    expect(planMemory([])).toEqual({ offsets: [], bytes: 0 });
  });
});
