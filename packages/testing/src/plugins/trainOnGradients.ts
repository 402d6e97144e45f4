// A real training whose gradients are given: what it makes of an optimizer can be held against a walk on the oracle.
import {
  type Backend,
  concat,
  constant,
  initializer,
  layer,
  loss,
  type NumberArray,
  type Optimizer,
  option,
  sequential,
  sizeOf,
  train,
} from '@neurite/core';
import type { WalkedParameter } from './optimizerWalk.ts';

/** These numbers, row-major. */
const given = initializer(
  'given',
  { numbers: option.numbers() },
  ({ numbers = [] }) =>
    ({ shape, dtype }) =>
      concat(numbers.map((number) => constant(number, { shape: [1], dtype }))).reshape(shape),
);

/** The sum of its input times its parameters: for an input x, the gradient is x. */
const weighted = (parameters: readonly WalkedParameter[]) =>
  layer('weighted', {}, () => ({
    parameters: () =>
      Object.fromEntries(
        parameters.map(({ name, role, shape, start }) => [
          name,
          { shape, role, initializer: given({ numbers: start }), fanIn: 1, fanOut: 1 },
        ]),
      ),
    apply: (tensors, x) => {
      let start = 0;
      const terms = parameters.map(({ name, shape }) => {
        const end = start + sizeOf(shape);
        const own = x.slice([0, start], [1, end]).reshape(shape);
        start = end;
        return own.mul(tensors[name]!).sum();
      });
      return terms.reduce((sum, term) => sum.add(term)).reshape([1, 1]);
    },
  }));
const sum = loss('sum', {}, () => (y) => y.sum(-1));

/** The parameters after each step. */
export async function trainOnGradients(
  optimizer: Optimizer,
  parameters: readonly WalkedParameter[],
  steps: number,
  gradientsAt: (at: readonly ArrayLike<number>[], step: number) => readonly ArrayLike<number>[],
  backend: Backend,
  dtype: 'float32' | 'float64',
): Promise<NumberArray[][]> {
  const count = parameters.reduce((total, { start }) => total + start.length, 0);
  const network = sequential([count], [weighted(parameters)({ name: 'free' })]);
  const trainer = await train(network, { loss: sum(), optimizer, backend, dtype });
  const path: NumberArray[][] = [];
  try {
    let at: readonly ArrayLike<number>[] = parameters.map(({ start }) => start);
    for (let step = 1; step <= steps; step++) {
      const inputs = gradientsAt(at, step).flatMap((gradient) => Array.from(gradient));
      await trainer.step({ inputs: [inputs], targets: [[0]] });
      const read = await trainer.readParameters();
      at = parameters.map(({ name }) => read[`free.${name}`] as NumberArray);
      path.push(at as NumberArray[]);
    }
  } finally {
    trainer.release();
  }
  return path;
}
