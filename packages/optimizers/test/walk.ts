// Lets an optimizer walk along gradients that are given beforehand, in a real training.
import { cpu } from '@neurite/backend-cpu';
import {
  concat,
  constant,
  initializer,
  layer,
  loss,
  type Optimizer,
  option,
  sequential,
  train,
} from '@neurite/core';

/** These numbers, row-major. */
export const given = initializer(
  'given',
  { numbers: option.numbers() },
  ({ numbers = [] }) =>
    ({ shape, dtype }) =>
      concat(numbers.map((number) => constant(number, { shape: [1], dtype }))).reshape(shape),
);

/** y = x w: with the sum as the loss, dLoss/dw is x, so that each batch says what the gradient is. */
const free = layer('free', { start: option.numbers() }, ({ start = [] }) => ({
  parameters: (_) => ({
    w: {
      shape: [start.length],
      initializer: given({ numbers: start }),
      fanIn: 1,
      fanOut: 1,
      role: 'weight' as const,
    },
  }),
  apply: ({ w }, x) => x.mul(w),
}));
const sum = loss('sum', {}, () => (y) => y.sum(-1));

/** Half the squared distance, whose gradient is the distance. */
const bowl = loss('bowl', {}, () => (y, target) => y.sub(target).square().sum(-1).div(2));

/** Where `steps` steps on a bowl with its bottom at `bottom` lead, from 0. */
export async function descend(
  optimizer: Optimizer,
  bottom: readonly number[],
  steps: number,
): Promise<number[]> {
  const count = bottom.length;
  const options = { loss: bowl(), optimizer, backend: cpu(), dtype: 'float64' } as const;
  const trainer = await train(
    sequential([count], [free({ start: bottom.map(() => 0), name: 'free' })]),
    options,
  );
  // Scaled by 1, 2, 3 …: the bowl is that much steeper in this direction, and as much narrower.
  const scales = bottom.map((_, i) => Math.sqrt(i + 1));
  const batch = { inputs: [scales], targets: [bottom.map((b, i) => b * scales[i]!)] };
  for (let step = 0; step < steps; step++) await trainer.step(batch);
  return [...(await trainer.readParameters())['free.w']!];
}

/** Where the parameters are after each step from `start`. */
export async function walk(
  optimizer: Optimizer,
  start: readonly number[],
  gradients: readonly (readonly number[])[],
  dtype: 'float32' | 'float64' = 'float64',
): Promise<number[][]> {
  const count = start.length;
  const trainer = await train(sequential([count], [free({ start, name: 'free' })]), {
    loss: sum(),
    optimizer,
    backend: cpu(),
    dtype,
  });
  const path: number[][] = [];
  for (const gradient of gradients) {
    await trainer.step({ inputs: [gradient], targets: [new Float32Array(count)] });
    path.push([...(await trainer.readParameters())['free.w']!]);
  }
  trainer.release();
  return path;
}
