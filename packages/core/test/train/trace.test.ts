// The programs of a training as graphs, computed by the oracle, against what they are worked out to be.
import { describe, expect, it } from 'vitest';
import {
  accuracy,
  type Computation,
  type DType,
  evaluate,
  type Network,
  type NumberArray,
  sequential,
  type Tensor,
} from '../../src/index.ts';
import type { DataForm } from '../../src/train/data.ts';
import type { Recipe } from '../../src/train/recipe.ts';
import { scheduledSteps, traceEvaluation, tracePrediction, traceStep } from '../../src/train/trace.ts';
import { expectNear } from '../support/numbers.ts';
import {
  dense,
  dropout,
  halving,
  l2,
  meanSquaredError,
  momentum,
  sgd,
  sigmoid,
  softmaxCrossEntropy,
} from '../support/plugins.ts';
import { sampleNumbers } from '../support/testing.ts';

type Values = Record<string, readonly number[]>;

const nameOf = ({ op }: Tensor): string => (op.kind === 'input' ? op.name : '');
const list = (values: NumberArray | undefined): number[] => Array.from(values ?? []);

/** All state after a step, and the outputs, by name. */
function compute({ updates = new Map(), outputs = {} }: Computation, values: Values): Values {
  const results = evaluate([...updates.values(), ...Object.values(outputs)], values);
  const names = [...[...updates.keys()].map(nameOf), ...Object.keys(outputs)];
  return { ...values, ...Object.fromEntries(names.map((name, i) => [name, list(results[i])])) };
}

const network: Network = sequential([2], [dense({ units: 3, activation: sigmoid() }), dense({ units: 2 })]);
const recipeOf = (change: Partial<Recipe> = {}): Recipe => ({
  network,
  losses: [{ loss: meanSquaredError(), weight: 1 }],
  optimizer: sgd(),
  regularizer: undefined,
  constraint: undefined,
  metrics: [],
  seed: 0,
  dtype: 'float64',
  ...change,
});
const parameters: Values = Object.fromEntries(
  network.parameters.map(({ name, shape }, i) => [
    name,
    sampleNumbers(
      shape.reduce((a, b) => a * b),
      { seed: i },
    ),
  ]),
);
const batch: Values = {
  'batch.inputs': sampleNumbers(8, { seed: 10 }),
  'batch.targets': sampleNumbers(8, { seed: 11 }),
};
const form: DataForm = { inputs: ['float64'], targets: ['values'], weighted: false };
const start: Values = { ...parameters, ...batch, step: [0], learningRate: [0.5] };

/** The loss on the batch, written out. */
function plainLoss(values: Values): number {
  const of = (name: string): readonly number[] => values[name] as readonly number[];
  const sigma = (z: number): number => 1 / (1 + Math.exp(-z));
  const rows = of('batch.inputs').length / 2;
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    const hidden = [0, 1, 2].map((j) =>
      sigma(
        [0, 1].reduce(
          (z, i) =>
            z + (of('batch.inputs')[2 * row + i] as number) * (of('hidden1.weight')[3 * i + j] as number),
          of('hidden1.bias')[j] as number,
        ),
      ),
    );
    for (const k of [0, 1]) {
      const y = hidden.reduce(
        (z, h, j) => z + h * (of('output.weight')[2 * j + k] as number),
        of('output.bias')[k] as number,
      );
      sum += (y - (of('batch.targets')[2 * row + k] as number)) ** 2 / 2;
    }
  }
  return sum / rows;
}

/** d f / d each element of `name`, by central differences. */
const slopes = (f: (values: Values) => number, values: Values, name: string): number[] =>
  (values[name] as readonly number[]).map((x, i) => {
    const at = (moved: number): number =>
      f({ ...values, [name]: (values[name] as readonly number[]).with(i, moved) });
    return (at(x + 1e-5) - at(x - 1e-5)) / 2e-5;
  });

describe('a step', () => {
  it('gives the loss before it, and moves parameters against the gradient times the rate', () => {
    const after = compute(traceStep(recipeOf(), { kind: 'host' }, 4, form), start);
    expectNear(after.loss as number[], [plainLoss(start)]);
    for (const name of Object.keys(parameters)) {
      const gradient = slopes(plainLoss, start, name);
      expectNear(
        after[name] as number[],
        (start[name] as number[]).map((x, i) => x - 0.5 * (gradient[i] as number)),
        9,
      );
    }
    expect(after.step).toEqual([1]);
  });

  it('hands on what the optimizer remembers', () => {
    const step = traceStep(recipeOf({ optimizer: momentum({ momentum: 0.75 }) }), { kind: 'host' }, 4, form);
    const velocities = Object.fromEntries(
      Object.entries(parameters).map(([name, x]) => [`${name}.velocity`, x.map(() => 0)]),
    );
    const first = compute(step, { ...start, ...velocities });
    const second = compute(step, first);
    for (const name of Object.keys(parameters)) {
      const [g1, g2] = [slopes(plainLoss, start, name), slopes(plainLoss, first, name)];
      const velocity = g1.map((g, i) => 0.75 * g + (g2[i] as number));
      expectNear(second[`${name}.velocity`] as number[], velocity, 9);
      expectNear(
        second[name] as number[],
        (first[name] as number[]).map((x, i) => x - 0.5 * (velocity[i] as number)),
        9,
      );
    }
  });

  it('penalizes weights and no biases; a layer of its own mind keeps it', () => {
    const own = sequential(
      [2],
      [dense({ units: 3, activation: sigmoid() }), dense({ units: 2, regularizer: l2({ strength: 8 }) })],
    );
    const after = compute(
      traceStep(recipeOf({ network: own, regularizer: l2({ strength: 2 }) }), { kind: 'host' }, 4, form),
      start,
    );
    const squares = (name: string): number => (start[name] as number[]).reduce((sum, x) => sum + x * x, 0);
    expectNear(after.loss as number[], [
      plainLoss(start) + squares('hidden1.weight') + 4 * squares('output.weight'),
    ]);
    const pull: Record<string, number> = {
      'hidden1.weight': 2,
      'output.weight': 8,
      'hidden1.bias': 0,
      'output.bias': 0,
    };
    for (const [name, strength] of Object.entries(pull)) {
      const gradient = slopes(plainLoss, start, name);
      expectNear(
        after[name] as number[],
        (start[name] as number[]).map((x, i) => x - 0.5 * ((gradient[i] as number) + strength * x)),
        9,
      );
    }
  });

  it('takes the same penalty for a batch of another size', () => {
    const flat = { ...start, 'batch.inputs': [1, 2, 1, 2], 'batch.targets': [1, 0, 1, 0] };
    const single = { ...start, 'batch.inputs': [1, 2], 'batch.targets': [1, 0] };
    const recipe = recipeOf({ regularizer: l2({ strength: 3 }) });
    const two = compute(traceStep(recipe, { kind: 'host' }, 2, form), flat);
    const one = compute(traceStep(recipe, { kind: 'host' }, 1, form), single);
    for (const name of ['loss', ...Object.keys(parameters)])
      expectNear(two[name] as number[], one[name] as number[]);
  });

  it('takes the rate of its own step where rates are scheduled', () => {
    const step = traceStep(
      recipeOf({ optimizer: sgd({ learningRate: halving() }) }),
      { kind: 'host' },
      4,
      form,
    );
    const rates = new Array<number>(scheduledSteps).fill(9).with(3, 0.5);
    const after = compute(step, { ...start, step: [10], firstStep: [7], learningRates: rates });
    const expected = compute(traceStep(recipeOf(), { kind: 'host' }, 4, form), start);
    for (const name of Object.keys(parameters))
      expectNear(after[name] as number[], expected[name] as number[]);
  });

  it('draws random numbers anew at each step, and the same for the same seed', () => {
    const noisy = sequential(
      [2],
      [dense({ units: 3, activation: sigmoid() }), dropout(), dense({ units: 2 })],
    );
    const loss = (seed: number, step: number) =>
      compute(traceStep(recipeOf({ network: noisy, seed }), { kind: 'host' }, 4, form), {
        ...start,
        step: [step],
      }).loss?.[0];
    expect(loss(1, 0)).toBe(loss(1, 0));
    expect(new Set([loss(1, 0), loss(1, 1), loss(1, 2), loss(2, 0)]).size).toBe(4);
  });

  it('takes class numbers and one-hot rows for the same', () => {
    const recipe = recipeOf({ losses: [{ loss: softmaxCrossEntropy(), weight: 1 }] });
    const hot = compute(traceStep(recipe, { kind: 'host' }, 4, form), {
      ...start,
      'batch.targets': [1, 0, 0, 1, 0, 1, 1, 0],
    });
    const classes = compute(traceStep(recipe, { kind: 'host' }, 4, { ...form, targets: ['classes'] }), {
      ...start,
      'batch.targets': [0, 1, 1, 0],
    });
    for (const name of ['loss', ...Object.keys(parameters)])
      expectNear(classes[name] as number[], hot[name] as number[]);
  });
});

describe('a step on rows of a data set', () => {
  const rows = (change: Partial<Recipe>, size = 2, inputs: DType = 'float64') =>
    traceStep(recipeOf(change), { kind: 'rows', set: 'training', rows: 4 }, size, {
      ...form,
      inputs: [inputs],
    });
  const data: Values = {
    ...parameters,
    step: [0],
    learningRate: [0.5],
    'training.inputs': batch['batch.inputs'] as number[],
    'training.targets': batch['batch.targets'] as number[],
    'training.order': [3, 1, 0, 2],
    'training.row': [0],
    'training.loss': [0],
    'training.badStep': [-1],
  };
  const chosen = (...which: number[]): Values => ({
    'batch.inputs': which.flatMap((row) => (batch['batch.inputs'] as number[]).slice(2 * row, 2 * row + 2)),
    'batch.targets': which.flatMap((row) => (batch['batch.targets'] as number[]).slice(2 * row, 2 * row + 2)),
  });

  it('walks through them in the given order', () => {
    const first = compute(rows({}), data);
    const second = compute(rows({}), first);
    const host = traceStep(recipeOf(), { kind: 'host' }, 2, form);
    const expectedFirst = compute(host, { ...start, ...chosen(3, 1) });
    const expectedSecond = compute(host, { ...expectedFirst, ...chosen(0, 2) });
    for (const name of Object.keys(parameters)) {
      expectNear(first[name] as number[], expectedFirst[name] as number[]);
      expectNear(second[name] as number[], expectedSecond[name] as number[]);
    }
    expect([first['training.row'], second['training.row']]).toEqual([[2], [4]]);
    const [a, b] = [expectedFirst.loss?.[0] as number, expectedSecond.loss?.[0] as number];
    expectNear(second['training.loss'] as number[], [2 * a + 2 * b]);
    expect(second['training.badStep']).toEqual([-1]);
  });

  it('scales bytes to 0 … 1', () => {
    const bytes = [0, 51, 102, 255, 10, 20, 30, 40];
    const after = compute(rows({}, 4, 'uint8'), { ...data, 'training.inputs': bytes });
    const scaled = compute(rows({}, 4), { ...data, 'training.inputs': bytes.map((x) => x / 255) });
    for (const name of Object.keys(parameters)) expectNear(after[name] as number[], scaled[name] as number[]);
  });

  it('remembers the first step whose loss was no finite number', () => {
    const poisoned = { ...data, 'output.bias': [Number.NaN, 0], step: [6] };
    const first = compute(rows({}), poisoned);
    expect(first['training.badStep']).toEqual([6]);
    expect(compute(rows({}), first)['training.badStep']).toEqual([6]);
    expect(compute(rows({}), { ...data, 'output.bias': [Infinity, 0] })['training.badStep']).toEqual([0]);
  });

  it('adds up metrics, each batch as it was before the step', () => {
    const step = rows({
      metrics: [{ name: 'accuracy', metric: accuracy(), output: 0 }],
      losses: [{ loss: softmaxCrossEntropy(), weight: 1 }],
    });
    const before = { ...data, 'training.accuracy.correct': [5] };
    const after = compute(step, before);
    const prediction = compute(tracePrediction(recipeOf(), 2, ['float64']), {
      ...parameters,
      ...chosen(3, 1),
    }).prediction as number[];
    const wanted = chosen(3, 1)['batch.targets'] as number[];
    const right = [0, 1].filter(
      (row) =>
        (prediction[2 * row] as number) > (prediction[2 * row + 1] as number) ===
        (wanted[2 * row] as number) > (wanted[2 * row + 1] as number),
    );
    expect(after['training.accuracy.correct']).toEqual([5 + right.length]);
  });
});

describe('an evaluation', () => {
  it('adds up loss without penalties, with dropout off, from where it stands', () => {
    const noisy = sequential(
      [2],
      [dense({ units: 3, activation: sigmoid() }), dropout(), dense({ units: 2 })],
    );
    const recipe = recipeOf({ network: noisy, regularizer: l2({ strength: 5 }) });
    const after = compute(traceEvaluation(recipe, 'evaluation', 4, 2, form), {
      ...parameters,
      'evaluation.inputs': batch['batch.inputs'] as number[],
      'evaluation.targets': batch['batch.targets'] as number[],
      'evaluation.row': [1],
      'evaluation.loss': [100],
    });
    const middle = {
      ...start,
      'batch.inputs': (batch['batch.inputs'] as number[]).slice(2, 6),
      'batch.targets': (batch['batch.targets'] as number[]).slice(2, 6),
    };
    expectNear(after['evaluation.loss'] as number[], [100 + 2 * plainLoss(middle)]);
    expect(after['evaluation.row']).toEqual([3]);
  });
});

describe('a prediction', () => {
  it('is the network applied, without its random parts', () => {
    const noisy = sequential(
      [2],
      [dense({ units: 3, activation: sigmoid() }), dropout(), dense({ units: 2 })],
    );
    const inputs = { ...parameters, ...batch };
    const plain = compute(tracePrediction(recipeOf(), 4, ['float64']), inputs).prediction;
    expect(compute(tracePrediction(recipeOf({ network: noisy }), 4, ['float64']), inputs).prediction).toEqual(
      plain,
    );
  });
});
