// Lets an optimizer move a matrix and a vector along gradients that are given beforehand, in a real training.
import { cpu } from '@neurite/backend-cpu';
import {
  concat,
  constant,
  initializer,
  layer,
  loss,
  type Optimizer,
  option,
  type Regularizer,
  sequential,
  type Trainer,
  train,
} from '@neurite/core';
import { sampleNumbers } from '@neurite/testing';

/** Six numbers of `free.matrix`, then three of `free.bias`. */
const count = 9;
export const isBias = (i: number): boolean => i >= 6;
export const start = [...sampleNumbers(count, { seed: 1, low: -1, high: 1 })];
export const gradientAt = (step: number): number[] => [
  ...sampleNumbers(count, { seed: 10 + step, low: -2, high: 2 }),
];

/** The number of a list that each element is, row by row. */
const given = initializer(
  'given',
  { numbers: option.numbers() },
  ({ numbers = [] }) =>
    ({ shape, dtype }) =>
      concat(numbers.map((number) => constant(number, { shape: [1], dtype }))).reshape(shape),
);

const fans = { fanIn: 1, fanOut: 1 };

/** All parameters times x: with the sum as the loss, the gradient is x, and the prediction for ones is the parameters. */
const free = layer('free', {}, () => ({
  parameters: () => ({
    matrix: {
      shape: [2, 3],
      initializer: given({ numbers: start.slice(0, 6) }),
      role: 'weight' as const,
      ...fans,
    },
    bias: { shape: [3], initializer: given({ numbers: start.slice(6) }), role: 'bias' as const, ...fans },
  }),
  apply: ({ matrix, bias }, x) => x.mul(concat([matrix.reshape([6]), bias])),
}));
const sum = loss('sum', {}, () => (y) => y.sum(-1));

/** A trainer whose batches are the gradients; the parameters begin as `start`. */
export const freeTrainer = (
  optimizer: Optimizer,
  { regularizer, dtype = 'float64' }: { regularizer?: Regularizer; dtype?: 'float32' | 'float64' } = {},
): Promise<Trainer> =>
  train(sequential([count], [free({ name: 'free' })]), {
    loss: sum(),
    optimizer,
    regularizer,
    backend: cpu(),
    dtype,
  });

export interface Place {
  /** Where the parameters are. */
  readonly parameters: number[];
  /** What evaluations and predictions compute with. */
  readonly evaluated: number[];
}

export async function placeOf(trainer: Trainer): Promise<Place> {
  const { 'free.matrix': matrix, 'free.bias': bias } = await trainer.readParameters();
  return {
    parameters: [...matrix!, ...bias!],
    evaluated: [...(await trainer.predict([Array(count).fill(1)]))],
  };
}

/** Where an optimizer is after each step. */
export async function walkFreely(
  optimizer: Optimizer,
  steps: number,
  regularizer?: Regularizer,
): Promise<Place[]> {
  const trainer = await freeTrainer(optimizer, regularizer && { regularizer });
  const path: Place[] = [];
  for (let step = 1; step <= steps; step++) {
    await trainer.step({ inputs: [gradientAt(step)], targets: [Array(count).fill(0)] });
    path.push(await placeOf(trainer));
  }
  trainer.release();
  return path;
}

/** The largest difference between two paths. */
export const distance = (a: readonly Place[], b: readonly Place[]): number =>
  Math.max(
    ...a.flatMap(({ parameters, evaluated }, step) => [
      ...parameters.map((w, i) => Math.abs(w - b[step]!.parameters[i]!)),
      ...evaluated.map((w, i) => Math.abs(w - b[step]!.evaluated[i]!)),
    ]),
  );
