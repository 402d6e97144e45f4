// The whole family against PyTorch, closed forms and what every loss must do, on the oracle and the CPU backend.
import { cpu } from '@neurite/backend-cpu';
import { evaluate, grad, type Loss, placeholder } from '@neurite/core';
import { computeOn, lossSuite, type SuiteCase, sampleNumbers } from '@neurite/testing';
import { describe, expect, test } from 'vitest';
import * as losses from '../src/index.ts';
import first from './fixtures/losses.json' with { type: 'json' };
import reference from './fixtures/moreLosses.json' with { type: 'json' };

const {
  binaryCrossEntropy,
  binaryHinge,
  categoricalHinge,
  cosineSimilarity,
  huber,
  klDivergence,
  logCosh,
  meanAbsoluteError,
  meanSquaredError,
  multiclassHinge,
  poisson,
  softmaxCrossEntropy,
  squaredHinge,
} = losses;
type DType = 'float32' | 'float64';

interface Example {
  readonly loss: Loss;
  readonly shape: readonly number[];
  readonly prediction: readonly number[];
  /** Class numbers where there is one for each row of several outputs, else values. */
  readonly target: readonly number[];
}

/** The loss of each row and d(mean loss)/d(prediction), by the oracle and by the CPU backend. */
async function valueAndGradient({ loss, shape, prediction, target }: Example, dtype: DType = 'float64') {
  const x = placeholder('x', shape, { dtype });
  const classes = target.length < prediction.length;
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
const eachOf = async (example: Example): Promise<number[]> => (await valueAndGradient(example)).cpu.each;

const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
const mean = (list: readonly number[]): number => sum(list) / list.length;
function expectClose(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => {
    const wanted = expected[i]!;
    const error = Math.abs(value - wanted) / Math.max(1, Math.abs(wanted));
    expect(error, `${value} at ${i}, not ${wanted}`).toBeLessThanOrEqual(tolerance);
  });
}
/** Rows of ones and zeros. */
const oneHot = (labels: readonly number[], classes: number): number[] =>
  labels.flatMap((label) => Array.from({ length: classes }, (_, j) => (j === label ? 1 : 0)));

describe('PyTorch', () => {
  interface Given {
    readonly input: readonly number[];
    readonly shape: readonly number[];
    readonly loss: number;
    readonly dInput: readonly number[];
    readonly labels?: readonly number[];
    readonly targets?: readonly number[];
    readonly classWeights?: readonly number[];
  }
  const given: Readonly<Record<string, Given>> = reference.losses;
  const ours: Readonly<Record<string, Loss>> = {
    'softmaxCrossEntropy(labelSmoothing=0.1)': softmaxCrossEntropy({ labelSmoothing: 0.1 }),
    'softmaxCrossEntropy(classWeights)': softmaxCrossEntropy({
      classWeights: reference.losses['softmaxCrossEntropy(classWeights)'].classWeights,
    }),
    'binaryCrossEntropy(logits)': binaryCrossEntropy(),
    'multiclassHinge(squared)': multiclassHinge({ squared: true }),
    'binaryHinge(targets -1/+1)': binaryHinge(),
    'squaredHinge(targets -1/+1)': squaredHinge(),
    meanAbsoluteError: meanAbsoluteError(),
    'huber(delta=1)': huber(),
    'huber(delta=0.3)': huber({ delta: 0.3 }),
    logCosh: logCosh(),
    'klDivergence(targets are probabilities, input is logits; sum over classes, mean over batch)':
      klDivergence(),
    'poisson(log input)': poisson(),
  };

  test('or a closed form has something to say to every loss', () => {
    expect(Object.keys(ours).sort()).toEqual(Object.keys(given).sort());
    const types = [...Object.keys(first.losses), ...Object.keys(given)].map((name) =>
      name.replace(/\(.*/, ''),
    );
    const closed = ['categoricalHinge', 'cosineSimilarity'];
    expect([...new Set([...types, ...closed])].sort()).toEqual(Object.keys(losses).sort());
  });

  // Inputs are printed with nine digits, an error of up to 5e-9: what a loss makes of that is allowed for by its slope.
  test.each(
    Object.entries(ours).flatMap(([name, loss]) => [
      { name, loss, dtype: 'float64' as const, tolerance: 1e-9 },
      { name, loss, dtype: 'float32' as const, tolerance: 1e-5 },
    ]),
  )(
    '$name agrees in value and gradient, in $dtype to $tolerance',
    async ({ name, loss, dtype, tolerance }) => {
      const { input, shape, labels, targets, loss: wanted, dInput } = given[name]!;
      const forms = labels ? [labels, oneHot(labels, shape[1]!)] : [targets!];
      for (const target of forms) {
        const example = { loss, shape, prediction: input, target };
        for (const { each, gradient } of Object.values(await valueAndGradient(example, dtype))) {
          const printed = 5e-9 * Math.max(1, ...dInput.map(Math.abs));
          expect(Math.abs(mean(each) - wanted)).toBeLessThanOrEqual(
            tolerance * Math.max(1, wanted) + printed,
          );
          expectClose(gradient, dInput, tolerance + printed);
        }
      }
    },
  );
});

describe('softmaxCrossEntropy', () => {
  const [shape, prediction, labels] = [[3, 4], sampleNumbers(12, { seed: 3, low: -3, high: 3 }), [2, 0, 3]];
  const rows = [0, 1, 2].map((row) => prediction.slice(row * 4, row * 4 + 4));
  const logProbabilities = rows.map((row) => {
    const total = Math.log(sum(row.map(Math.exp)));
    return row.map((x) => x - total);
  });
  const negative = (row: number, j: number): number => -logProbabilities[row]![j]!;

  test('with smoothed labels and class weights is PyTorch’s formula written out', async () => {
    const [smoothing, weights] = [0.3, [0.5, 2, 1, 3]];
    const loss = softmaxCrossEntropy({ labelSmoothing: smoothing, classWeights: weights });
    const right = sum(labels.map((label, row) => weights[label]! * negative(row, label)));
    const spread = sum(labels.flatMap((_, row) => weights.map((weight, j) => weight * negative(row, j))));
    const total = sum(labels.map((label) => weights[label]!));
    const expected = ((1 - smoothing) * right + (smoothing / 4) * spread) / total;
    for (const target of [labels, oneHot(labels, 4)]) {
      expect(mean(await eachOf({ loss, shape, prediction, target }))).toBeCloseTo(expected, 13);
    }
  });

  test('weighs each example by its class, divided by the mean weight', async () => {
    const loss = softmaxCrossEntropy({ classWeights: [1, 5, 0, 3] });
    const each = await eachOf({ loss, shape, prediction, target: labels });
    expectClose(each, [0, 0.75 * negative(1, 0), 2.25 * negative(2, 3)], 1e-14);
  });

  test('with equal weights is the loss without', async () => {
    const plain = await eachOf({ loss: softmaxCrossEntropy(), shape, prediction, target: labels });
    const equal = softmaxCrossEntropy({ classWeights: [7, 7, 7, 7] });
    expectClose(await eachOf({ loss: equal, shape, prediction, target: labels }), plain, 1e-14);
  });

  test('is 0, not NaN, where every class of the batch has weight 0', async () => {
    const loss = softmaxCrossEntropy({ classWeights: [0, 1, 0, 0] });
    const { each, gradient } = (await valueAndGradient({ loss, shape, prediction, target: labels })).cpu;
    expectClose([...each, ...gradient], Array(15).fill(0), 0);
  });

  test('leaves a row of zeros out, smoothed or not', async () => {
    const loss = softmaxCrossEntropy({ labelSmoothing: 0.2 });
    const target = [...oneHot([1, 2], 4), 0, 0, 0, 0];
    const { each, gradient } = (await valueAndGradient({ loss, shape, prediction, target })).cpu;
    expectClose([each[2]!, ...gradient.slice(8)], [0, 0, 0, 0, 0], 0);
  });

  test('says so when the weights do not fit the classes', () => {
    const x = placeholder('x', [2, 4]);
    const y = placeholder('y', [2], { dtype: 'int32' });
    expect(() => softmaxCrossEntropy({ classWeights: [1, 2] }).compute(x, y)).toThrow(
      'softmaxCrossEntropy: classWeights must be a number for each of 4 classes, but got 2',
    );
  });
});

describe('formulas', () => {
  test.each([
    // wrong classes 1 and 2; the largest of them counts
    { loss: categoricalHinge(), scores: [2, 1.5, -3], label: 0, value: 0.5, gradient: [-1, 1, 0] },
    {
      loss: categoricalHinge({ margin: 2 }),
      scores: [2, 1.5, -3],
      label: 0,
      value: 1.5,
      gradient: [-1, 1, 0],
    },
    { loss: categoricalHinge(), scores: [2, 1, -3], label: 0, value: 0, gradient: [0, 0, 0] },
    { loss: categoricalHinge(), scores: [-2, -4, -3], label: 0, value: 0, gradient: [0, 0, 0] },
    { loss: categoricalHinge(), scores: [0, 1, 1], label: 0, value: 2, gradient: [-1, 0.5, 0.5] },
    {
      loss: multiclassHinge({ squared: true }),
      scores: [0, 1, -2],
      label: 0,
      value: 4,
      gradient: [-4, 4, 0],
    },
  ])('$loss.type of $scores', async ({ loss, scores, label, value, gradient }) => {
    for (const target of [[label], oneHot([label], 3)]) {
      const computed = await valueAndGradient({ loss, shape: [1, 3], prediction: scores, target });
      for (const result of Object.values(computed)) {
        expectClose(result.each, [value], 0);
        expectClose(result.gradient, gradient, 0);
      }
    }
  });

  test.each([categoricalHinge(), multiclassHinge()])('$type of a single class is 0', async (loss) => {
    const example = { loss, shape: [2, 1], prediction: [3, -2], target: [1, 1] };
    expectClose(await eachOf(example), [0, 0], 0);
  });

  test('cosineSimilarity is 1 − cos, whatever the lengths, and 1 with a row of zeros', async () => {
    const prediction = [3, 4, 1e-30, 0, 0, -1e30, 0, 0, 1, 2];
    const target = [4, 3, 5, 0, 0, 1, 1, 1, -2, 1];
    const example = { loss: cosineSimilarity(), shape: [5, 2], prediction, target };
    for (const dtype of ['float32', 'float64'] as const) {
      for (const { each, gradient } of Object.values(await valueAndGradient(example, dtype))) {
        expectClose(each, [1 - 24 / 25, 0, 2, 1, 1], dtype === 'float64' ? 1e-15 : 1e-7);
        for (const value of gradient) expect(value).toSatisfy(Number.isFinite);
      }
    }
  });

  test('cosineSimilarity takes all outputs of an example for one row', async () => {
    const prediction = [1, 2, 3, 4];
    const target = [4, 3, 2, 1];
    const each = await eachOf({ loss: cosineSimilarity(), shape: [1, 2, 2], prediction, target });
    expectClose(each, [1 - 20 / 30], 1e-15);
  });

  test('binaryCrossEntropy is −t ln σ − (1 − t) ln(1 − σ), and keeps its digits far out', async () => {
    const xs = [-3, -0.5, 0, 2, 4];
    const targets = [0, 1, 0.5, 0.3, 1];
    const expected = xs.map((x, i) => {
      const p = 1 / (1 + Math.exp(-x));
      return -targets[i]! * Math.log(p) - (1 - targets[i]!) * Math.log(1 - p);
    });
    const loss = binaryCrossEntropy();
    const { each, gradient } = (
      await valueAndGradient({ loss, shape: [5, 1], prediction: xs, target: targets })
    ).cpu;
    expectClose(each, expected, 1e-14);
    expectClose(
      gradient,
      xs.map((x, i) => (1 / (1 + Math.exp(-x)) - targets[i]!) / 5),
      1e-15,
    );
    const far = { loss, shape: [2, 1], prediction: [30, -30], target: [1, 0] };
    for (const { each: tails } of Object.values(await valueAndGradient(far))) {
      for (const tail of tails) expect(tail / Math.log1p(Math.exp(-30))).toBeCloseTo(1, 2);
    }
  });

  test('huber is half the square near 0, and a line whose slope is delta beyond', async () => {
    const example = { shape: [4, 1], prediction: [0, 0.5, 2, -5], target: [0, 0, 0, 0] };
    expectClose(await eachOf({ ...example, loss: huber() }), [0, 0.125, 1.5, 4.5], 0);
    expectClose(await eachOf({ ...example, loss: huber({ delta: 4 }) }), [0, 0.125, 2, 12], 0);
  });

  test('klDivergence is 0 where both distributions are the same, and takes 0 ln 0 for 0', async () => {
    const target = [0.5, 0.5, 0, 0.2, 0.3, 0.5];
    const prediction = [0, 0, -1e4, ...target.slice(3).map(Math.log)];
    for (const dtype of ['float32', 'float64'] as const) {
      const computed = await valueAndGradient(
        { loss: klDivergence(), shape: [2, 3], prediction, target },
        dtype,
      );
      for (const { each, gradient } of Object.values(computed)) {
        expectClose([...each, ...gradient], Array(8).fill(0), dtype === 'float64' ? 1e-15 : 1e-6);
      }
    }
  });

  test('klDivergence adds up the rows of an example', async () => {
    const target = [0.5, 0.25, 0.25, 0.2, 0.3, 0.5];
    const prediction = [1, -1, 0.5, 2, 0, -2];
    const loss = klDivergence();
    const rows = await eachOf({ loss, shape: [2, 3], prediction, target });
    expectClose(await eachOf({ loss, shape: [1, 2, 3], prediction, target }), [sum(rows)], 1e-15);
  });

  test('means are over all outputs of an example, of any shape', async () => {
    const prediction = [1, 2, 3, 4, 5, 6, 7, 8];
    const target = Array(8).fill(0);
    const example = { shape: [2, 2, 2], prediction, target };
    expectClose(await eachOf({ ...example, loss: meanAbsoluteError() }), [2.5, 6.5], 0);
    expectClose(await eachOf({ ...example, loss: meanSquaredError() }), [7.5, 43.5], 0);
    expectClose(await eachOf({ ...example, loss: huber() }), [2, 6], 0);
    expectClose(
      await eachOf({ ...example, loss: poisson() }),
      [mean([1, 2, 3, 4].map(Math.exp)), mean([5, 6, 7, 8].map(Math.exp))],
      1e-14,
    );
  });
});

describe('margins and kinks are flat, as PyTorch’s clamp', () => {
  test.each([
    { loss: binaryHinge(), x: 1, gradient: 0 },
    { loss: binaryHinge(), x: 0.5, gradient: -1 },
    { loss: squaredHinge(), x: 1, gradient: 0 },
    { loss: squaredHinge(), x: 0.5, gradient: -1 },
    { loss: squaredHinge(), x: 0, gradient: -2 },
  ])('$loss.type at $x', async ({ loss, x, gradient }) => {
    const computed = await valueAndGradient({ loss, shape: [1, 1], prediction: [x], target: [1] });
    for (const result of Object.values(computed)) expectClose(result.gradient, [gradient], 0);
  });
  test('meanAbsoluteError where both are equal', async () => {
    const computed = await valueAndGradient({
      loss: meanAbsoluteError(),
      shape: [1, 1],
      prediction: [2],
      target: [2],
    });
    for (const result of Object.values(computed)) expectClose(result.gradient, [0], 0);
  });
});

describe('what every loss must do', () => {
  const on = { backend: cpu };
  const same = (target: readonly number[]) => target;
  /** A score that is far above the others for the class of the target. */
  const clear = (target: readonly number[]) => target.map((t) => 50 * t);
  const suites: Record<keyof typeof losses, SuiteCase[]> = {
    binaryCrossEntropy: lossSuite(binaryCrossEntropy, {
      ...on,
      targets: 'bits',
      fit: (target) => target.map((t) => 100 * (t - 0.5)),
    }),
    binaryHinge: lossSuite(binaryHinge, { ...on, targets: 'signs', fit: same }),
    categoricalHinge: lossSuite(categoricalHinge, {
      ...on,
      alternatives: { margin: [2, 0.1] },
      refused: { margin: [0, -1, '1'] },
      fit: clear,
    }),
    cosineSimilarity: lossSuite(cosineSimilarity, { ...on, fit: same }),
    huber: lossSuite(huber, {
      ...on,
      alternatives: { delta: [0.1, 2] },
      refused: { delta: [0, -1, '1'] },
      fit: same,
    }),
    klDivergence: lossSuite(klDivergence, {
      ...on,
      targets: 'probabilities',
      fit: (target) => target.map(Math.log),
      outputs: [[1], [3], [2, 3]],
    }),
    logCosh: lossSuite(logCosh, { ...on, fit: same }),
    meanAbsoluteError: lossSuite(meanAbsoluteError, { ...on, fit: same }),
    meanSquaredError: lossSuite(meanSquaredError, { ...on, fit: same, reach: 1e18 }),
    multiclassHinge: lossSuite(multiclassHinge, {
      ...on,
      alternatives: { margin: [2, 0.1] },
      refused: { margin: [0, -1, '1'], squared: [1] },
      fit: clear,
      reach: ({ squared }) => (squared ? 1e18 : 1e30),
    }),
    poisson: lossSuite(poisson, {
      ...on,
      targets: 'counts',
      fit: (target) => target.map((t) => Math.log(t || 1e-20)),
      reach: 80,
    }),
    softmaxCrossEntropy: lossSuite(softmaxCrossEntropy, {
      ...on,
      alternatives: { labelSmoothing: [0.2], classWeights: [[1, 2, 0.5]] },
      refused: {
        labelSmoothing: [1, -0.1],
        classWeights: [[], [1, -1], [1, Number.NaN], 3, ['1'], null],
      },
      weighsExamples: ({ classWeights }) => classWeights !== undefined,
      fit: (target, { labelSmoothing }) =>
        target.map((t) => Math.log(t * (1 - labelSmoothing) + labelSmoothing / 3 || 1e-20)),
    }),
    squaredHinge: lossSuite(squaredHinge, { ...on, targets: 'signs', fit: same, reach: 1e18 }),
  };
  for (const { name, run } of Object.values(suites).flat()) test(name, run);

  const smoothed = lossSuite(softmaxCrossEntropy, {
    ...on,
    given: { labelSmoothing: 0.2 },
    alternatives: { labelSmoothing: [0.5], classWeights: [[1, 2, 0.5]] },
    targets: 'probabilities',
    weighsExamples: ({ classWeights }) => classWeights !== undefined,
  });
  describe('of probabilities', () => {
    for (const { name, run } of smoothed.filter(({ name }) => !/ones and zeros/.test(name))) test(name, run);
  });
});

test('options are those of PyTorch by default', () => {
  const options = Object.values(losses).map((make) => [make.type, make().options] as const);
  const few = Object.fromEntries(options.filter(([, own]) => Object.keys(own).length > 0));
  expect(few).toEqual({
    categoricalHinge: { margin: 1 },
    huber: { delta: 1 },
    multiclassHinge: { margin: 1, squared: false },
    softmaxCrossEntropy: { labelSmoothing: 0, classWeights: undefined },
  });
});

test('those of distributions make probabilities of their predictions themselves', () => {
  const takingLogits = Object.values(losses).filter((make) => make().takesLogits);
  expect(takingLogits.map(({ type }) => type)).toEqual([
    'binaryCrossEntropy',
    'klDivergence',
    'softmaxCrossEntropy',
  ]);
});
