// Penalties on what layers make: the formula by hand, and a gradient that does not depend on the size of the batch.
import { cpu } from '@neurite/backend-cpu';
import { type Regularizer, sequential, train } from '@neurite/core';
import { describe, expect, test } from 'vitest';
import { elasticNet, l1, l2 } from '../src/index.ts';
import { descent, linear, squares } from './linear.ts';

const inputs = [
  [0.5, -1, 2],
  [1, 0.25, -0.5],
];
const targets = [
  [0, 1],
  [1, -1],
];
const start = { 'l.weight': [0.3, -0.2, 0.7, 0.1, -0.4, 0.6], 'l.bias': [0.05, -0.1] };

/** A step of rate 1 on `copies` of the two examples: the loss before it, and how far it went. */
async function stepped(activityRegularizer: Regularizer | undefined, copies = 1) {
  const layer = linear({ units: 2, name: 'l', ...(activityRegularizer && { activityRegularizer }) });
  const trainer = await train(sequential([3], [layer]), {
    loss: squares(),
    optimizer: descent({ learningRate: 1 }),
    backend: cpu(),
    dtype: 'float64',
  });
  trainer.writeParameters(start);
  const repeated = <T>(rows: readonly T[]): T[] => Array.from({ length: copies }, () => rows).flat();
  const data = { inputs: repeated(inputs), targets: repeated(targets) };
  const { loss: data0 } = await trainer.evaluate(data);
  const loss = await trainer.step(data);
  const after = await trainer.readParameters();
  trainer.release();
  const moved = Object.entries(start).flatMap(([name, values]) => values.map((w, i) => w - after[name]![i]!));
  return { loss, data: data0, moved };
}

/** What the layer makes of the examples. */
const outputs = inputs.map((row) =>
  [0, 1].map((unit) =>
    row.reduce((sum, x, i) => sum + x * start['l.weight'][2 * i + unit]!, start['l.bias'][unit]!),
  ),
);

/** Each with its value and slope at one output, by hand: the batch's sum is divided by the number of examples. */
const penalties: { regularizer: Regularizer; value(y: number): number; slope(y: number): number }[] = [
  {
    regularizer: l1({ strength: 0.3 }),
    value: (y) => 0.3 * Math.abs(y),
    slope: (y) => 0.3 * Math.sign(y),
  },
  { regularizer: l2({ strength: 0.3 }), value: (y) => 0.15 * y * y, slope: (y) => 0.3 * y },
  {
    regularizer: elasticNet({ l1: 0.2, l2: 0.4 }),
    value: (y) => 0.2 * Math.abs(y) + 0.2 * y * y,
    slope: (y) => 0.2 * Math.sign(y) + 0.4 * y,
  },
];

describe.each(penalties)('$regularizer.type on a layer’s output', ({ regularizer, value, slope }) => {
  test('adds its mean over the examples to the loss, and the gradient of that', async () => {
    const [without, with_] = [await stepped(undefined), await stepped(regularizer)];
    const penalty = outputs.flat().reduce((sum, y) => sum + value(y), 0) / 2;
    expect(with_.loss - without.loss).toBeCloseTo(penalty, 14);
    expect(with_.data).toBe(without.data); // evaluations are without penalties
    const weight = [0, 1, 2].flatMap((i) =>
      [0, 1].map((unit) => inputs.reduce((sum, row, n) => sum + row[i]! * slope(outputs[n]![unit]!), 0) / 2),
    );
    const bias = [0, 1].map((unit) => outputs.reduce((sum, row) => sum + slope(row[unit]!), 0) / 2);
    [...weight, ...bias].forEach((gradient, i) => {
      expect(with_.moved[i]! - without.moved[i]!).toBeCloseTo(gradient, 14);
    });
  });

  test('pulls as hard whatever the size of the batch', async () => {
    const [one, many] = [await stepped(regularizer), await stepped(regularizer, 25)];
    expect(many.loss).toBeCloseTo(one.loss, 13);
    many.moved.forEach((gradient, i) => void expect(gradient).toBeCloseTo(one.moved[i]!, 13));
  });
});

test('a proximal penalty is one on weights: on outputs its gradient counts', async () => {
  const [plain, proximal] = [l1({ strength: 0.3 }), l1({ strength: 0.3, proximal: true })];
  expect(await stepped(proximal)).toEqual(await stepped(plain));
});
