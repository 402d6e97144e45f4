// The toy sets: where their points lie, that a seed decides, and what is said of wrong options.
import { NeuriteError } from '@neurite/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { circle, gaussianClouds, moons, type PointSet, spiral, xor } from '../src/index.ts';

const sets = { circle, gaussianClouds, moons, spiral, xor };

const points = ({ inputs, targets }: PointSet): { x: number; y: number; label: number }[] =>
  Array.from(targets, (label, i) => ({ x: inputs[2 * i]!, y: inputs[2 * i + 1]!, label }));

describe.each(Object.entries(sets))('%s', (name, make) => {
  test('gives as many points as were asked for, in classes that take turns', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), (examples) => {
        const set = make({ examples });
        expect(set.inputs).toHaveLength(2 * examples);
        expect([...set.targets]).toEqual(Array.from({ length: examples }, (_, i) => i % 2));
        expect(set.inputs.every(Number.isFinite)).toBe(true);
        expect(set.classes).toEqual(['0', '1']);
        expect(set.shape).toEqual([2]);
      }),
    );
  });

  test('is the same for the same seed, another for another', () => {
    expect(make({ noise: 0.1, seed: 3 })).toEqual(make({ noise: 0.1, seed: 3 }));
    expect(make({ noise: 0.1 })).toEqual(make({ noise: 0.1, seed: 0 }));
    expect(make({ noise: 0.1, seed: 3 }).inputs).not.toEqual(make({ noise: 0.1, seed: 4 }).inputs);
  });

  test('says which option is wrong, and how', () => {
    const complaint = (options: object): string => {
      try {
        make(options as Parameters<typeof make>[0]);
      } catch (error) {
        expect(error).toBeInstanceOf(NeuriteError);
        expect((error as NeuriteError).code).toBe('option');
        return (error as Error).message;
      }
      return 'none';
    };
    expect(complaint({ examples: 0 })).toBe(`${name}: examples must be a whole number from 1, but got 0`);
    expect(complaint({ examples: 1.5 })).toBe(`${name}: examples must be a whole number from 1, but got 1.5`);
    expect(complaint({ noise: -1 })).toBe(`${name}: noise must be a number from 0, but got -1`);
    expect(complaint({ exmples: 5 })).toMatch(
      new RegExp(`^${name} has no option "exmples": it takes "examples", `),
    );
    expect(complaint({ seed: 0.5 })).toMatch(/seed must be a whole number/);
  });
});

describe('the places of the points', () => {
  test('spiral: arms of growing radius, the last point of each on the unit circle', () => {
    const set = points(spiral({ examples: 300, classes: 3, noise: 0 }));
    expect(new Set(set.map(({ label }) => label))).toEqual(new Set([0, 1, 2]));
    for (const [i, { x, y }] of set.entries())
      expect(Math.hypot(x, y)).toBeCloseTo((Math.floor(i / 3) + 1) / 100, 6);
    // arms of two classes are half a turn apart
    const two = points(spiral({ noise: 0 }));
    expect(two[10]!.x).toBeCloseTo(-two[11]!.x, 6);
    expect(two[10]!.y).toBeCloseTo(-two[11]!.y, 6);
  });

  test('circle: class 1 within, class 0 around, nothing between', () => {
    for (const { x, y, label } of points(circle({ examples: 500 }))) {
      const radius = Math.hypot(x, y);
      if (label === 1) expect(radius).toBeLessThanOrEqual(0.4);
      else expect(radius).toBeGreaterThanOrEqual(0.6 - 1e-6);
      expect(radius).toBeLessThanOrEqual(1);
    }
  });

  test('moons: as scikit-learn makes them', () => {
    const set = points(moons({ examples: 6, noise: 0 }));
    const expected = [
      [1, 0, 0],
      [0, 0.5, 1],
      [0, 1, 0],
      [1, -0.5, 1],
      [-1, 0, 0],
      [2, 0.5, 1],
    ];
    set.forEach(({ x, y, label }, i) => {
      const [u, v, wanted] = expected[i]!;
      expect(x).toBeCloseTo(u!, 6);
      expect(y).toBeCloseTo(v!, 6);
      expect(label).toBe(wanted);
    });
  });

  test('xor: the truth table, then clouds around it', () => {
    expect(points(xor())).toEqual([
      { x: 0, y: 0, label: 0 },
      { x: 1, y: 0, label: 1 },
      { x: 1, y: 1, label: 0 },
      { x: 0, y: 1, label: 1 },
    ]);
    for (const { x, y, label } of points(xor({ examples: 400, noise: 0.1 }))) {
      expect(Number(x > 0.5 !== y > 0.5)).toBe(label);
    }
  });

  test('gaussianClouds: means on the unit circle, the spread that was asked for', () => {
    const set = points(gaussianClouds({ examples: 8000, classes: 4, noise: 0.5, seed: 1 }));
    for (const [label, x, y] of [
      [0, 1, 0],
      [1, 0, 1],
      [2, -1, 0],
      [3, 0, -1],
    ] as const) {
      const cloud = set.filter((point) => point.label === label);
      expect(cloud).toHaveLength(2000);
      const mean = (of: (point: { x: number; y: number }) => number) =>
        cloud.reduce((sum, point) => sum + of(point), 0) / cloud.length;
      // four standard errors: 4 · 0.5 / √2000
      expect(Math.abs(mean((point) => point.x) - x)).toBeLessThan(0.045);
      expect(Math.abs(mean((point) => point.y) - y)).toBeLessThan(0.045);
      expect(mean((point) => (point.x - x) ** 2)).toBeCloseTo(0.25, 1);
    }
  });
});
