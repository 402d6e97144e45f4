// Weights of examples: each counts as many times as its weight says.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accuracy, type Data, sequential } from '../../src/index.ts';
import { expectNear } from '../support/numbers.ts';
import { oracleTraining, type Values } from '../support/oracle.ts';
import { adam, dense, l2, momentum, sigmoid, softmaxCrossEntropy } from '../support/plugins.ts';
import { sampleNumbers } from '../support/testing.ts';
import { examples, recordedTrainer, writesTo } from '../support/training.ts';

const network = sequential([2], [dense({ units: 3, activation: sigmoid() }), dense({ units: 2 })]);
const rows = 5;
const inputs = Array.from({ length: rows }, (_, i) => sampleNumbers(2, { seed: 20 + i }));
const targets = Array.from({ length: rows }, (_, i) => sampleNumbers(2, { seed: 40 + i }));
const data: Data = { inputs, targets };

/** Rows as often as `counts` says. */
const repeated = (counts: readonly number[]): Data => {
  const chosen = counts.flatMap((count, i) => new Array<number>(count).fill(i));
  return {
    inputs: chosen.map((i) => inputs[i] as number[]),
    targets: chosen.map((i) => targets[i] as number[]),
  };
};

/** What two trainings come to after some steps on two batches, which must be the same. */
function expectSame(a: Data, b: Data, change: Parameters<typeof oracleTraining>[1] = {}): void {
  const [one, other] = [oracleTraining(network, change), oracleTraining(network, change)];
  for (let step = 0; step < 3; step++) expectNear([one.step(a)], [other.step(b)]);
  for (const [name, numbers] of Object.entries(one.values))
    expectNear(numbers, other.values[name] as readonly number[], 11);
}

const lossOf = (row: number): number =>
  oracleTraining(network).step({ inputs: [inputs[row] as number[]], targets: [targets[row] as number[]] });
const scoreOf = (totals: Values): number =>
  (totals['evaluation.loss']?.[0] as number) / (totals['evaluation.weight']?.[0] as number);

describe('in a step, a weight', () => {
  it('of 2 is the row twice, of 0 the row left out, of 1 nothing', () => {
    expectSame({ ...data, weights: [1, 2, 1, 1, 1] }, repeated([1, 2, 1, 1, 1]));
    expectSame({ ...data, weights: [1, 1, 0, 1, 1] }, repeated([1, 1, 0, 1, 1]));
    expectSame({ ...data, weights: [1, 1, 1, 1, 1] }, data);
  });

  it('of any whole number is the row so many times, whatever the optimizer', () => {
    const counts = fc
      .array(fc.integer({ min: 0, max: 3 }), { minLength: rows, maxLength: rows })
      .filter((all) => all.some((count) => count > 0));
    fc.assert(
      fc.property(counts, fc.constantFrom(momentum(), adam()), (weights, optimizer) => {
        expectSame({ ...data, weights }, repeated(weights), {
          optimizer,
          regularizer: l2({ strength: 0.1 }),
        });
      }),
      { numRuns: 15, seed: 1 },
    );
  });

  it('counts in proportion to the others alone', () => {
    const weights = [0.5, 1, 0.25, 3, 0];
    expectSame({ ...data, weights }, { ...data, weights: Float32Array.from(weights, (w) => 8 * w) });
  });

  it('counts for classes too', () => {
    const change = { losses: [{ loss: softmaxCrossEntropy(), weight: 1 }] };
    const some = { inputs: inputs.slice(0, 3), targets: [0, 1, 1] };
    expectSame(
      { ...some, weights: [0, 1, 2] },
      { inputs: [1, 2, 2].map((i) => inputs[i] as number[]), targets: [1, 1, 1] },
      change,
    );
  });

  it('of 0 for all rows leaves penalties alone to move parameters, and all numbers finite', () => {
    const nothing = { ...data, weights: [0, 0, 0, 0, 0] };
    const still = oracleTraining(network);
    const before = { ...still.values, step: [1] };
    expect(still.step(nothing)).toBe(0);
    expect(still.values).toEqual(before);
    const decaying = oracleTraining(network, { regularizer: l2({ strength: 1 }) });
    const weight = decaying.values['output.weight'] as number[];
    expect(decaying.step(nothing)).toBeGreaterThan(0);
    expectNear(
      decaying.values['output.weight'] as number[],
      weight.map((w) => 0.9 * w),
    );
  });
});

describe('in an evaluation', () => {
  const weights = [3, 0.5, 0, 2, 1.25];

  it.each([[[5]], [[2, 3]], [[3, 2]], [[1, 1, 1, 1, 1]], [[4, 1]]])(
    'the loss is Σ weight · loss / Σ weight, in batches of %j',
    (sizes) => {
      const totals = oracleTraining(network).evaluate({ ...data, weights }, sizes);
      const sum = weights.reduce((a, b) => a + b);
      expectNear([scoreOf(totals)], [weights.reduce((total, w, i) => total + w * lossOf(i), 0) / sum]);
    },
  );

  it('batches without weight add nothing', () => {
    const all = [0, 0, 1, 0, 3];
    const totals = oracleTraining(network).evaluate({ ...data, weights: all }, [2, 2, 1]);
    expectNear([scoreOf(totals)], [(lossOf(2) + 3 * lossOf(4)) / 4]);
    const none = oracleTraining(network).evaluate({ ...data, weights: [0, 0, 0, 0, 0] }, [2, 3]);
    expect([none['evaluation.loss'], none['evaluation.weight']]).toEqual([[0], [0]]);
  });

  it('metrics count all rows alike', () => {
    const metrics = [{ name: 'accuracy', metric: accuracy(), output: 0 }];
    const training = oracleTraining(network, { metrics });
    const correct = (given: Data) => training.evaluate(given, [5])['evaluation.accuracy.correct'];
    expect(correct({ ...data, weights })).toEqual(correct(data));
  });

  it('there is no sum of weights where there are none', () => {
    expect(oracleTraining(network).evaluate(data, [5])).not.toHaveProperty('evaluation.weight');
  });
});

describe('weights are refused', () => {
  const good = examples(4);
  const cases: [what: string, weights: unknown, message: string | RegExp][] = [
    ['too few', [1, 1, 1], 'weights must be a number for each of 4 rows, but got 3'],
    ['too many', new Float32Array(5), 'weights must be a number for each of 4 rows, but got 5'],
    ['none', [], 'weights must be a number for each of 4 rows, but got 0'],
    ['below 0', [1, 1, -0.5, 1], 'weights: row 2 is -0.5: weights are numbers from 0'],
    ['that are NaN', [1, Number.NaN, 1, 1], /^weights: row 1, column 0 is NaN/],
    ['that are infinite', [1, 1, 1, Number.POSITIVE_INFINITY], /^weights: row 3, column 0 is Infinity/],
    ['beyond float32', [1, 1e300, 1, 1], /^weights: row 1, column 0 is 1e\+300/],
    ['that are texts', ['1', 1, 1, 1], /^weights/],
    ['that are missing', [1, undefined, 1, 1], /^weights: row 1, column 0 is undefined/],
    ['by name', { output: [1, 1, 1, 1] }, /^weights must be typed arrays or lists of numbers/],
    ['null', null, /^weights must be typed arrays or lists of numbers, but got \[object Null\]/],
    ['a number', 1, /^weights must be typed arrays or lists of numbers/],
  ];
  it.each(cases)('that are %s', async (_, weights, message) => {
    const { trainer, backend } = await recordedTrainer();
    const wrong = { ...good, weights } as Data;
    const refused = {
      code: 'data',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    };
    await expect(trainer.fit(wrong, { batchSize: 2 })).rejects.toMatchObject(refused);
    await expect(trainer.step(wrong)).rejects.toMatchObject(refused);
    await expect(trainer.evaluate(wrong)).rejects.toMatchObject(refused);
    expect(backend.log).toEqual([]);
  });
});

describe('weights reach the program', () => {
  it('in steps, epochs and evaluations, beside those without', async () => {
    const { trainer, backend } = await recordedTrainer();
    const weighted = { ...examples(4), weights: [1, 2, 0, 0.5] };
    await trainer.step(weighted);
    await trainer.step(examples(4));
    await trainer.fit(weighted, { batchSize: 2 });
    await trainer.evaluate(weighted);
    for (const set of ['batch', 'training', 'evaluation'])
      expect(writesTo(backend, `${set}.weights`)).toEqual([[1, 2, 0, 0.5]]);
  });
});
