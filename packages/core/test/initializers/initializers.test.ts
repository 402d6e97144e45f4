// What parameters begin as: means, variances, limits, and numbers that depend on seed and name alone.
import { describe, expect, test } from 'vitest';
import {
  evaluate,
  filled,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  type Initializer,
  lecunNormal,
  lecunUniform,
  ones,
  randomNormal,
  randomUniform,
  truncatedNormal,
  varianceScaling,
  zeros,
} from '../../src/index.ts';

type DType = 'float32' | 'float64';

function draw(
  initializer: Initializer,
  { shape = [300, 200], seed = 1, purpose = 'hidden1.weight', dtype = 'float64' as DType } = {},
): number[] {
  const [fanIn, fanOut] = [300, 200];
  const [numbers] = evaluate([initializer.apply({ shape, dtype, fanIn, fanOut, random: { seed, purpose } })]);
  return Array.from(numbers!);
}

/** Moments of 60,000 draws. */
function momentsOf(numbers: readonly number[]) {
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  const central = (power: number) =>
    numbers.reduce((sum, x) => sum + (x - mean) ** power, 0) / numbers.length;
  const variance = central(2);
  const [low, high] = numbers.reduce(([l, h], x) => [Math.min(l, x), Math.max(h, x)], [Infinity, -Infinity]);
  return { mean, variance, kurtosis: central(4) / variance ** 2, low: low!, high: high! };
}

const [fanIn, fanOut] = [300, 200];
const limit = (variance: number): number => Math.sqrt(3 * variance);
/** Of the normal distribution within ±2. */
const cut = { variance: 0.8796256610342398 ** 2, kurtosis: 2.3655 };

describe.each([
  { initializer: glorotUniform(), variance: 2 / (fanIn + fanOut), kind: 'uniform' },
  { initializer: glorotNormal(), variance: 2 / (fanIn + fanOut), kind: 'normal' },
  { initializer: heUniform(), variance: 2 / fanIn, kind: 'uniform' },
  { initializer: heNormal(), variance: 2 / fanIn, kind: 'normal' },
  { initializer: lecunUniform(), variance: 1 / fanIn, kind: 'uniform' },
  { initializer: lecunNormal(), variance: 1 / fanIn, kind: 'normal' },
  { initializer: randomNormal(), variance: 1, kind: 'normal' },
  { initializer: randomNormal({ mean: 5, standardDeviation: 0.5 }), mean: 5, variance: 0.25, kind: 'normal' },
  { initializer: randomUniform(), mean: 0.5, variance: 1 / 12, kind: 'uniform' },
  { initializer: randomUniform({ minimum: -2, maximum: 4 }), mean: 1, variance: 3, kind: 'uniform' },
  { initializer: truncatedNormal(), variance: cut.variance, kind: 'cut' },
  {
    initializer: truncatedNormal({ mean: -3, standardDeviation: 2 }),
    mean: -3,
    variance: 4 * cut.variance,
    kind: 'cut',
  },
  { initializer: varianceScaling(), variance: 1 / fanIn, kind: 'cut' },
  { initializer: varianceScaling({ scale: 4 }), variance: 4 / fanIn, kind: 'cut' },
  { initializer: varianceScaling({ mode: 'fanOut' }), variance: 1 / fanOut, kind: 'cut' },
  { initializer: varianceScaling({ mode: 'fanAverage' }), variance: 2 / (fanIn + fanOut), kind: 'cut' },
  { initializer: varianceScaling({ distribution: 'normal' }), variance: 1 / fanIn, kind: 'normal' },
  { initializer: varianceScaling({ distribution: 'uniform' }), variance: 1 / fanIn, kind: 'uniform' },
])('$initializer.type $initializer.options', ({ initializer, mean = 0, variance, kind }) => {
  const moments = momentsOf(draw(initializer));
  const deviation = Math.sqrt(variance);

  test('has the mean and the variance that its rule says', () => {
    expect(Math.abs(moments.mean - mean) / deviation).toBeLessThan(0.015);
    expect(moments.variance / variance).toBeGreaterThan(0.98);
    expect(moments.variance / variance).toBeLessThan(1.02);
  });

  test('has the shape of its distribution', () => {
    expect(moments.kurtosis).toBeCloseTo({ uniform: 1.8, normal: 3, cut: cut.kurtosis }[kind]!, 0.5);
    const farthest = Math.max(moments.high - mean, mean - moments.low);
    const reach = {
      uniform: limit(variance),
      normal: 5.9 * deviation,
      cut: (2 * deviation) / Math.sqrt(cut.variance),
    }[kind]!;
    expect(farthest).toBeLessThanOrEqual(reach * (1 + 1e-12));
    if (kind !== 'normal') expect(farthest).toBeGreaterThan(0.999 * reach);
  });

  test('depends on seed and name alone, and is the same in float32 but for rounding', () => {
    const own = draw(initializer, { shape: [40] });
    expect(draw(initializer, { shape: [40] })).toEqual(own);
    expect(draw(initializer, { shape: [5, 8] })).toEqual(own);
    expect(draw(initializer, { shape: [40], seed: 2 })).not.toEqual(own);
    expect(draw(initializer, { shape: [40], purpose: 'hidden2.weight' })).not.toEqual(own);
    draw(initializer, { shape: [40], dtype: 'float32' }).forEach((x, i) => {
      expect(Math.abs(x - own[i]!)).toBeLessThan(1e-5 * (Math.abs(mean) + 5 * deviation));
    });
  });
});

test('the quantiles of truncatedNormal are those of the normal distribution within ±2', () => {
  const sorted = draw(truncatedNormal()).sort((a, b) => a - b);
  // Φ⁻¹(0.5 + (p − 0.5) · 0.9544997)
  for (const [p, z] of [
    [0.5, 0],
    [0.75, 0.6405],
    [0.9, 1.1808],
    [0.25, -0.6405],
  ] as const) {
    expect(Math.abs(sorted[Math.floor(p * sorted.length)]! - z)).toBeLessThan(0.02);
  }
});

test('ones, zeros and filled are the same number everywhere', () => {
  expect(draw(ones(), { shape: [3] })).toEqual([1, 1, 1]);
  expect(draw(zeros(), { shape: [2, 1] })).toEqual([0, 0]);
  expect(draw(filled(), { shape: [2] })).toEqual([0, 0]);
  expect(draw(filled({ value: -0.5 }), { shape: [2] })).toEqual([-0.5, -0.5]);
});

test('options that are not allowed are refused', () => {
  expect(() => randomUniform({ minimum: 2, maximum: 1 })).toThrow(
    'randomUniform: maximum must be a number from minimum, 2, but got 1',
  );
  expect(() => randomUniform({ minimum: 2 })).toThrow('maximum must be');
  expect(() => randomNormal({ standardDeviation: -1 })).toThrow('standardDeviation must be a number from 0');
  expect(() => truncatedNormal({ standardDeviation: -1 })).toThrow(
    'standardDeviation must be a number from 0',
  );
  expect(() => varianceScaling({ scale: 0 })).toThrow('scale must be a number above 0');
  expect(() => varianceScaling({ mode: 'fan' as never })).toThrow('mode must be one of "fanIn"');
});
