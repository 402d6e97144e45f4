// Proximal penalties: the operator itself, weights that become 0, and solutions that are known.
import { cpu } from '@neurite/backend-cpu';
import { evaluate, placeholder, type Regularizer, registry, sequential, toData, train } from '@neurite/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as regularizers from '../src/index.ts';
import { descent, linear, squares } from './linear.ts';

const { elasticNet, l1 } = regularizers;

/** Where the proximal operator leads from `values` at a learning rate. */
function proximal(regularizer: Regularizer, values: readonly number[], rate: number): number[] {
  const w = placeholder('w', [values.length], { dtype: 'float64' });
  const r = placeholder('rate', [], { dtype: 'float64' });
  return [...evaluate([regularizer.proximal!(w, r)], { w: values, rate: [rate] })[0]!];
}

describe.each([l1({ strength: 0.7, proximal: true }), elasticNet({ l1: 0.7, l2: 1.3, proximal: true })])(
  'the operator of $type',
  (regularizer) => {
    /** rate · penalty(w) + ½ (w − from)². */
    function cost(w: number, from: number, rate: number): number {
      const tensor = placeholder('w', [1], { dtype: 'float64' });
      return rate * evaluate([regularizer.penalty(tensor)], { w: [w] })[0]![0]! + (w - from) ** 2 / 2;
    }

    test('leads to the least of rate · penalty(w) + ½ (w − from)²', () => {
      const number = fc.double({ min: -3, max: 3, noNaN: true });
      const rate = fc.double({ min: 1e-3, max: 2, noNaN: true });
      fc.assert(
        fc.property(number, rate, number, (from, rate, other) => {
          const [w] = proximal(regularizer, [from], rate) as [number];
          const least = cost(w, from, rate);
          for (const near of [other, w + 1e-4, w - 1e-4]) {
            expect(cost(near, from, rate)).toBeGreaterThanOrEqual(least - 1e-12);
          }
        }),
        { numRuns: 50 },
      );
    });

    test('gives 0 itself within rate · l1 of it, and nothing changes at a rate of 0', () => {
      const near = proximal(regularizer, [0.34, -0.34, 0.35, -0.35, 0, -0], 0.5);
      for (const value of near) expect(Math.abs(value)).toBe(0);
      const far = proximal(regularizer, [0.36, -0.36], 0.5);
      expect(far[0]).toBeGreaterThan(0);
      expect(far[1]).toBeLessThan(0);
      expect(proximal(regularizer, [0.36, -2], 0)).toEqual([0.36, -2]);
    });

    test('comes back from data', () => {
      const data = toData(regularizer);
      expect(data.proximal).toBe(true);
      const neurite = registry().use(regularizers);
      const read = neurite.make('regularizer', JSON.parse(JSON.stringify(data)));
      expect(proximal(read, [1, -2], 0.5)).toEqual(proximal(regularizer, [1, -2], 0.5));
    });
  },
);

test('there is none unless asked for', () => {
  expect(l1().proximal).toBeUndefined();
  expect(elasticNet().proximal).toBeUndefined();
});

/** Orthogonal columns of length √4 over 4 rows, so that the mean of squares has no mixed terms and curvature 1. */
const design = [
  [1, 1, 1],
  [1, -1, -1],
  [-1, 1, -1],
  [-1, -1, 1],
];
const targets = [[1], [1.6], [-1.6], [-0.2]];
/** The least squares without a penalty: Xᵀ y / 4. */
const free = [0, 1, 2].map((j) => design.reduce((sum, row, i) => sum + row[j]! * targets[i]![0]!, 0) / 4);

async function solved(
  regularizer: Regularizer,
  rate = 0.1,
  steps = 300,
): Promise<{ weight: number[]; bias: number; loss: number; data: number }> {
  const trainer = await train(sequential([3], [linear({ units: 1, name: 'l' })]), {
    loss: squares(),
    optimizer: descent({ learningRate: rate }),
    regularizer,
    backend: cpu(),
    dtype: 'float64',
  });
  const data = { inputs: design, targets };
  for (let step = 0; step < steps; step++) await trainer.step(data);
  const parameters = await trainer.readParameters();
  const scores = await trainer.evaluate(data);
  const loss = await trainer.step(data);
  trainer.release();
  return {
    weight: [...parameters['l.weight']!],
    bias: parameters['l.bias']![0]!,
    loss,
    data: scores.loss as number,
  };
}

const soft = (w: number, by: number): number => Math.sign(w) * Math.max(Math.abs(w) - by, 0);

describe('on an orthogonal design', () => {
  test('least squares without a penalty are as the test has them', async () => {
    const { weight } = await solved(l1({ strength: 0, proximal: true }));
    expect(free.map((w) => Number(w.toFixed(12)))).toEqual([1.1, -0.5, 0.2]);
    weight.forEach((w, i) => void expect(w).toBeCloseTo(free[i]!, 12));
  });

  test.each([0.1, 0.3, 0.6, 2])('l1 of strength %d leads to the lasso', async (strength) => {
    const { weight, loss, data } = await solved(l1({ strength, proximal: true }));
    const wanted = free.map((w) => soft(w, strength));
    weight.forEach((w, i) => void expect(w).toBeCloseTo(wanted[i]!, 12));
    expect(weight.map((w) => w === 0)).toEqual(wanted.map((w) => w === 0));
    // The loss of a step has the penalty in it, that of an evaluation has not.
    const penalty = strength * wanted.reduce((sum, w) => sum + Math.abs(w), 0);
    expect(loss).toBeCloseTo(data + penalty, 12);
    const least = design.reduce((sum, row, i) => {
      const prediction = row.reduce((total, x, j) => total + x * wanted[j]!, 0.2);
      return sum + (prediction - targets[i]![0]!) ** 2 / 8;
    }, 0);
    expect(data).toBeCloseTo(least, 12);
  });

  test('elasticNet leads to soft(w, l1) / (1 + l2)', async () => {
    const { weight, loss, data } = await solved(elasticNet({ l1: 0.3, l2: 0.5, proximal: true }));
    const wanted = free.map((w) => soft(w, 0.3) / 1.5);
    weight.forEach((w, i) => void expect(w).toBeCloseTo(wanted[i]!, 12));
    expect(Math.abs(weight[2]!)).toBe(0);
    const penalty = wanted.reduce((sum, w) => sum + 0.3 * Math.abs(w) + 0.25 * w * w, 0);
    expect(loss).toBeCloseTo(data + penalty, 12);
  });

  test('the solution does not depend on the learning rate', async () => {
    const [slow, fast] = [
      await solved(l1({ strength: 0.3, proximal: true }), 0.05, 800),
      await solved(l1({ strength: 0.3, proximal: true }), 0.9, 800),
    ];
    slow.weight.forEach((w, i) => void expect(w).toBeCloseTo(fast.weight[i]!, 12));
  });

  test('by its gradient alone l1 comes near, and has no zeros', async () => {
    const { weight } = await solved(l1({ strength: 0.3 }), 0.013);
    const wanted = free.map((w) => soft(w, 0.3));
    weight.forEach((w, i) => void expect(Math.abs(w - wanted[i]!)).toBeLessThan(0.02));
    expect(weight.every((w) => w !== 0)).toBe(true);
  });

  test('biases are left alone', async () => {
    const { bias } = await solved(l1({ strength: 2, proximal: true }));
    expect(bias).toBeCloseTo(0.2, 12);
  });
});
