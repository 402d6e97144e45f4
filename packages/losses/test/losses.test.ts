// Values and gradients of the first losses; everyLoss.test.ts has the whole family.
import { cpu } from '@neurite/backend-cpu';
import { evaluate, grad, type Loss, placeholder, softmax } from '@neurite/core';
import { checkGradient, computeOn, sampleNumbers } from '@neurite/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as losses from '../src/index.ts';
import reference from './fixtures/losses.json' with { type: 'json' };

const { meanSquaredError, multiclassHinge, softmaxCrossEntropy } = losses;
type DType = 'float32' | 'float64';

interface Example {
  readonly loss: Loss;
  readonly shape: readonly number[];
  readonly prediction: ArrayLike<number>;
  /** Class numbers where there is one for each row, else values. */
  readonly target: ArrayLike<number>;
}

/** The loss of each row and d(mean loss)/d(prediction), by the oracle and by the CPU backend. */
async function valueAndGradient({ loss, shape, prediction, target }: Example, dtype: DType = 'float64') {
  const x = placeholder('x', shape, { dtype });
  const classes = target.length === shape[0] && loss.targets === 'classes or values';
  const y = classes ? placeholder('y', [shape[0]!], { dtype: 'int32' }) : placeholder('y', shape, { dtype });
  const each = loss.compute(x, y);
  expect(each.shape).toEqual([shape[0]]);
  const roots = [each, grad(each.mean(), [x])[0]!];
  const inputs = { x: prediction, y: target };
  const asLists = (results: readonly ArrayLike<number>[]) => ({
    each: Array.from(results[0]!),
    gradient: Array.from(results[1]!),
  });
  return {
    oracle: asLists(evaluate(roots, inputs)),
    cpu: asLists(await computeOn(cpu(), roots, inputs)),
  };
}

const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
const expectClose = (actual: readonly number[], expected: readonly number[], tolerance: number): void => {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => void expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(tolerance));
};
/** Rows of ones and zeros. */
const oneHot = (labels: readonly number[], classes: number): number[] =>
  labels.flatMap((label) => Array.from({ length: classes }, (_, j) => (j === label ? 1 : 0)));

describe('PyTorch', () => {
  const { softmaxCrossEntropy: crossEntropy, meanSquaredError: squares } = reference.losses;
  const hinge =
    reference.losses['multiclassHinge(margin=1), sum over wrong classes (Weston-Watkins, as in CS231n)'];
  const cases = [
    { loss: softmaxCrossEntropy(), given: crossEntropy, target: crossEntropy.labels, what: 'class numbers' },
    {
      loss: softmaxCrossEntropy(),
      given: crossEntropy,
      target: oneHot(crossEntropy.labels, 4),
      what: 'one-hot',
    },
    { loss: multiclassHinge(), given: hinge, target: hinge.labels, what: 'class numbers' },
    { loss: multiclassHinge(), given: hinge, target: oneHot(hinge.labels, 4), what: 'one-hot' },
    { loss: meanSquaredError(), given: squares, target: squares.targets, what: 'values' },
  ];

  // Relative above 1: the reference prints its inputs with nine digits, which is an error of up to 5e-9 in one of 1 … 10,
  // and the hinge adds up several.
  test.each(
    cases.flatMap((each) => [
      { ...each, dtype: 'float64' as const, tolerance: 1e-9 },
      { ...each, dtype: 'float32' as const, tolerance: 1e-6 },
    ]),
  )('$loss.type of $what agrees in value and gradient, in $dtype to $tolerance', async (each) => {
    const { loss, given, target, dtype, tolerance } = each;
    const example = { loss, shape: given.shape, prediction: given.input, target };
    for (const { each, gradient } of Object.values(await valueAndGradient(example, dtype))) {
      expect(Math.abs(mean(each) - given.loss)).toBeLessThanOrEqual(tolerance * Math.max(1, given.loss));
      expectClose(gradient, given.dInput, tolerance);
    }
  });
});

test('softmaxCrossEntropy has the gradient of its differences for the targets as well, whatever their sum', () => {
  const size = fc.integer({ min: 1, max: 5 });
  fc.assert(
    fc.property(size, size, fc.nat(10_000), (batch, classes, seed) => {
      const target = { shape: [batch, classes], range: [0, 1] as const };
      const x = { shape: [batch, classes], range: [-5, 5] as const };
      checkGradient(softmaxCrossEntropy().compute, [x, target], { seed });
    }),
    { numRuns: 25 },
  );
});

describe('multiclassHinge', () => {
  test('is Σ max(0, xⱼ − x_y + margin): the course’s example', async () => {
    // CS231n: scores [13, −7, 11], class 0, margin 10 → max(0, −20 + 10) + max(0, −2 + 10) = 8
    const example = {
      loss: multiclassHinge({ margin: 10 }),
      shape: [1, 3],
      prediction: [13, -7, 11],
      target: [0],
    };
    const { oracle, cpu: computed } = await valueAndGradient(example);
    expect(oracle).toEqual({ each: [8], gradient: [-1, 0, 1] });
    expect(computed).toEqual(oracle);
  });

  test('is flat exactly at the margin, as in PyTorch, and beyond it', async () => {
    for (const scores of [
      [2, 1],
      [2.5, 1],
    ]) {
      const example = { loss: multiclassHinge(), shape: [1, 2], prediction: scores, target: [0] };
      expect((await valueAndGradient(example)).cpu).toEqual({ each: [0], gradient: [0, 0] });
    }
    const inside = { loss: multiclassHinge(), shape: [1, 2], prediction: [1.75, 1], target: [0] };
    expect((await valueAndGradient(inside)).cpu).toEqual({ each: [0.25], gradient: [-1, 1] });
  });

  test('counts every wrong class, so that the gradient of the right one is their number', async () => {
    const example = { loss: multiclassHinge(), shape: [1, 5], prediction: [0, 0, 0, 0, -9], target: [2] };
    expect((await valueAndGradient(example)).cpu).toEqual({ each: [3], gradient: [1, 1, -3, 1, 0] });
  });
});

describe('softmaxCrossEntropy', () => {
  test('of equal logits is the logarithm of the number of classes', async () => {
    const example = {
      loss: softmaxCrossEntropy(),
      shape: [2, 10],
      prediction: new Float64Array(20).fill(3),
      target: [4, 9],
    };
    for (const value of (await valueAndGradient(example)).cpu.each)
      expect(value).toBeCloseTo(Math.log(10), 14);
  });

  test('has the gradient (softmax − target) / batch', async () => {
    const prediction = sampleNumbers(12, { low: -4, high: 4 });
    const example = { loss: softmaxCrossEntropy(), shape: [3, 4], prediction, target: [3, 0, 1] };
    const [probabilities] = evaluate([softmax(placeholder('x', [3, 4], { dtype: 'float64' }))], {
      x: prediction,
    });
    const expected = Array.from(probabilities!, (p, i) => (p - oneHot([3, 0, 1], 4)[i]!) / 3);
    expectClose((await valueAndGradient(example)).cpu.gradient, expected, 1e-15);
  });

  test('does not change when all logits of a row rise together', async () => {
    const prediction = sampleNumbers(12, { low: -4, high: 4 });
    const at = async (rise: number) =>
      (
        await valueAndGradient({
          loss: softmaxCrossEntropy(),
          shape: [3, 4],
          prediction: prediction.map((x) => x + rise),
          target: [3, 0, 1],
        })
      ).cpu;
    const [here, above] = [await at(0), await at(1000)];
    expectClose(above.each, here.each, 1e-12);
    expectClose(above.gradient, here.gradient, 1e-12);
  });

  test('of a probability for each class is the mean of the classes’ losses', async () => {
    const prediction = [0.3, -1, 2];
    const each = async (target: readonly number[]) =>
      (await valueAndGradient({ loss: softmaxCrossEntropy(), shape: [1, 3], prediction, target })).cpu
        .each[0]!;
    const soft = await each([0.2, 0.5, 0.3]);
    expect(soft).toBeCloseTo(0.2 * (await each([0])) + 0.5 * (await each([1])) + 0.3 * (await each([2])), 14);
  });

  test('is −Σ target · ln softmax also where an example’s targets do not add up to 1', async () => {
    const prediction = [0.5, -1, 2, 0, 3, 1];
    const target = [2, 0.25, 0, 0, 0, 0.5];
    const expected = [0, 3].map((row) => {
      const total = Math.log([0, 1, 2].reduce((sum, j) => sum + Math.exp(prediction[row + j]!), 0));
      return [0, 1, 2].reduce((sum, j) => sum - target[row + j]! * (prediction[row + j]! - total), 0);
    });
    const example = { loss: softmaxCrossEntropy(), shape: [2, 3], prediction, target };
    expectClose((await valueAndGradient(example)).cpu.each, expected, 1e-14);
  });
});

test('meanSquaredError is the mean over an example’s outputs', async () => {
  const example = { loss: meanSquaredError(), shape: [2, 2], prediction: [1, 2, 3, 4], target: [1, 0, 0, 0] };
  expect((await valueAndGradient(example)).cpu).toEqual({ each: [2, 12.5], gradient: [0, 1, 1.5, 2] });
});

test('each is called what its export is called', () => {
  for (const [name, definition] of Object.entries(losses)) expect(definition.type).toBe(name);
});
