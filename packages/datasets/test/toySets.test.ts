// The sets that are no point sets, and those that need more than one option; and dividing any of them.
import { NeuriteError } from '@neurite/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bumpCurve,
  hillsSurface,
  iris,
  planeSurface,
  type RegressionSet,
  randomLabels,
  simple,
  sineCurve,
  split,
  stepCurve,
} from '../src/index.ts';

test('iris: Fisher’s numbers, without the errors of the UCI repository', () => {
  const { inputs, targets, classes, shape } = iris();
  expect(shape).toEqual([4]);
  expect(classes).toEqual(['setosa', 'versicolor', 'virginica']);
  expect([0, 1, 2].map((label) => targets.filter((target) => target === label).length)).toEqual([50, 50, 50]);
  const row = (number: number): number[] =>
    [...inputs.subarray(4 * number - 4, 4 * number)].map((value) => Number(value.toFixed(1)));
  expect(row(1)).toEqual([5.1, 3.5, 1.4, 0.2]);
  expect(row(35)).toEqual([4.9, 3.1, 1.5, 0.2]);
  expect(row(38)).toEqual([4.9, 3.6, 1.4, 0.1]);
  expect(row(150)).toEqual([5.9, 3, 5.1, 1.8]);
  // R: colMeans(iris[, 1:4])
  const means = [0, 1, 2, 3].map(
    (column) => inputs.reduce((sum, x, i) => sum + (i % 4 === column ? x : 0), 0) / 150,
  );
  [5.843333, 3.057333, 3.758, 1.199333].forEach((mean, i) => {
    expect(means[i]).toBeCloseTo(mean, 5);
  });
});

test('simple: ConvNetJS’s points, with noise if wanted', () => {
  const { inputs, targets } = simple();
  expect([...targets].join('')).toBe('1111100000111');
  expect([...inputs.subarray(0, 4)].map((x) => Number(x.toFixed(4)))).toEqual([-0.4326, 1.1909, 3, 4]);
  expect(simple({ noise: 0.1 })).toEqual(simple({ noise: 0.1, seed: 0 }));
  expect(simple({ noise: 0.1, seed: 1 }).inputs).not.toEqual(simple({ noise: 0.1 }).inputs);
  expect(simple({ noise: 0.1 }).targets).toEqual(targets);
});

test('randomLabels: classes that do not depend on the place', () => {
  const { inputs, targets, classes } = randomLabels({ examples: 3000, classes: 3, seed: 2 });
  expect(classes).toHaveLength(3);
  expect(inputs.every((x) => Math.abs(x) <= 1)).toBe(true);
  for (const label of [0, 1, 2]) {
    const places = inputs.filter((_, i) => i % 2 === 0 && targets[i / 2] === label);
    const mean = places.reduce((sum, x) => sum + x, 0) / places.length;
    // four standard errors of a uniform distribution from −1 to 1
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(1 / 3 / places.length));
  }
});

describe.each<[string, (options?: object) => RegressionSet, (x: number, y: number) => number]>([
  ['sineCurve', sineCurve, (x) => Math.sin(Math.PI * x)],
  ['stepCurve', stepCurve, (x) => Number(x >= 0)],
  ['bumpCurve', bumpCurve, (x) => Math.exp(-0.5 * (x / 0.15) ** 2)],
  ['planeSurface', planeSurface, (x, y) => (x + y) / 2],
])('%s', (name, make, value) => {
  test('is its formula, and noise', () => {
    const { inputs, targets, shape } = make({ examples: 500, noise: 0 });
    expect(inputs).toHaveLength(500 * shape[0]!);
    expect(inputs.every((x) => x >= -1 && x <= 1)).toBe(true);
    targets.forEach((target, i) => {
      const at = i * shape[0]!;
      expect(target).toBeCloseTo(value(inputs[at]!, inputs[at + 1] ?? 0), 5);
    });
    const noisy = make({ examples: 500, noise: 0.2 }).targets;
    const deviation = Math.sqrt(noisy.reduce((sum, y, i) => sum + (y - targets[i]!) ** 2, 0) / 500);
    // four standard errors
    expect(Math.abs(deviation - 0.2)).toBeLessThan((4 * 0.2) / Math.sqrt(1000));
  });

  test('is the same for the same seed, another for another', () => {
    expect(make({ seed: 3 })).toEqual(make({ seed: 3 }));
    expect(make({ seed: 3 }).inputs).not.toEqual(make({ seed: 4 }).inputs);
    expect(() => make({ examples: 0 })).toThrow(`${name}: examples must be a whole number from 1, but got 0`);
  });
});

test('hillsSurface: three hills and three hollows that take turns', () => {
  const { inputs, targets } = hillsSurface({ examples: 4000 });
  const height = (x: number, y: number): number => {
    const distances = targets.map((_, i) => Math.hypot(inputs[2 * i]! - x, inputs[2 * i + 1]! - y));
    return targets[distances.indexOf(Math.min(...distances))]!;
  };
  for (const [column, sign] of [
    [-2 / 3, 1],
    [0, -1],
    [2 / 3, 1],
  ] as const) {
    expect(Math.abs(height(column, 5 / 12) - sign)).toBeLessThan(0.2);
    expect(Math.abs(height(column, -5 / 12) + sign)).toBeLessThan(0.2);
  }
  expect(height(-1, 0)).toBe(0);
  expect(targets.every((z) => Math.abs(z) <= 1)).toBe(true);
});

describe('split', () => {
  const sets = fc.record({ rows: fc.integer({ min: 1, max: 40 }), width: fc.integer({ min: 1, max: 3 }) });

  test('gives each example to one of both, with its own target', () => {
    const fraction = fc.double({ min: 0, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(sets, fraction, fc.integer(), ({ rows, width }, testFraction, seed) => {
        const inputs = Float64Array.from({ length: rows * width }, (_, i) => i);
        const targets = Int32Array.from({ length: rows }, (_, i) => i * width);
        const data = { inputs, targets, shape: [width], classes: ['a'] };
        const { training, test } = split(data, { testFraction, seed });
        expect(test.targets).toHaveLength(Math.round(rows * testFraction));
        for (const part of [training, test]) {
          expect(part.classes).toEqual(['a']);
          expect(part.inputs).toBeInstanceOf(Float64Array);
          part.targets.forEach((first, i) => {
            const row = [...part.inputs.subarray(i * width, (i + 1) * width)];
            expect(row).toEqual(Array.from({ length: width }, (_, at) => first + at));
          });
        }
        expect([...training.targets, ...test.targets].sort((a, b) => a - b)).toEqual([...targets]);
      }),
    );
  });

  test('is at random, by the seed alone', () => {
    const flowers = iris();
    expect(split(flowers)).toEqual(split(flowers, { testFraction: 0.2, seed: 0 }));
    expect(split(flowers, { seed: 1 })).not.toEqual(split(flowers));
    const { test } = split(flowers, { testFraction: 0.4 });
    for (const label of [0, 1, 2])
      expect(test.targets.filter((target) => target === label).length).toBeGreaterThan(9);
  });

  test('takes targets of several numbers, and bytes', () => {
    const pictures = {
      inputs: Uint8Array.of(1, 2, 3, 4),
      targets: Float32Array.of(1, 1, 2, 2, 3, 3, 4, 4),
      shape: [1],
    };
    const { training } = split(pictures, { testFraction: 0 });
    expect([...training.targets]).toEqual([...training.inputs].flatMap((x) => [x, x]));
  });

  test('says what is wrong', () => {
    expect(() => split(iris(), { testFraction: 1 })).toThrow(
      'split: testFraction must be a number from 0 below 1, but got 1',
    );
    const odd = { inputs: new Float32Array(5), targets: new Int32Array(2), shape: [2] };
    expect(() => split(odd)).toThrow(NeuriteError);
    expect(() => split({ ...odd, inputs: new Float32Array(6) })).toThrow(
      'split: inputs of shape [2] and their targets must come out even, but got 6 and 2 numbers',
    );
  });
});
