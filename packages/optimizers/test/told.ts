// A training that is told which loss and gradient it finds at each step: it leads an optimizer wherever a test wants it.
import { cpu } from '@neurite/backend-cpu';
import {
  concat,
  layer,
  loss,
  type Optimizer,
  option,
  sequential,
  type Tensor,
  type Trainer,
  train,
  zeros,
} from '@neurite/core';

/** What is found at a place. */
export interface Found {
  readonly loss: number;
  readonly gradient: readonly number[];
  /** Whether it is divided by 0, so that nothing is a finite number. */
  readonly isLost?: boolean;
}

const fans = { fanIn: 1, fanOut: 1 };

/** All numbers of the parameters, of which the last is a bias; an input is what is found: gradient, loss, a divisor. */
const told = layer('told', { size: option.count() }, ({ size }) => ({
  parameters: (_) => ({
    matrix: { shape: [size - 1, 1], initializer: zeros(), role: 'weight' as const, ...fans },
    bias: { shape: [1], initializer: zeros(), role: 'bias' as const, ...fans },
  }),
  apply: ({ matrix, bias }, x) => {
    const row = x.reshape([-1]);
    const [gradient, height, divisor] = [0, size, size + 1].map((start, i) =>
      row.slice([start], [i === 0 ? size : start + 1]),
    ) as [Tensor, Tensor, Tensor];
    const w = concat([matrix.reshape([-1]), bias]);
    const zero = w.sub(w.stopGradient()).mul(gradient); // has the value 0, and the slope that is told
    return concat([zero, height])
      .div(divisor)
      .reshape([1, size + 1]);
  },
}));
const sum = loss('sum', {}, () => (y) => y.sum(-1));

/** A trainer of `size` parameters, 2 or more, all 0. */
export const toldTrainer = (
  size: number,
  optimizer: Optimizer,
  { dtype = 'float64', trainable = true }: { dtype?: 'float32' | 'float64'; trainable?: boolean } = {},
): Promise<Trainer> =>
  train(sequential([size + 2], [told({ size, name: 'told', trainable })]), {
    loss: sum(),
    optimizer,
    backend: cpu(),
    dtype,
  });

/** Makes the step. What is lost is noticed by the trainer, after the step. */
export async function tell(trainer: Trainer, { loss, gradient, isLost = false }: Found): Promise<void> {
  const inputs = [[...gradient, loss, isLost ? 0 : 1]];
  const step = trainer.step({ inputs, targets: [Array(gradient.length + 1).fill(0)] });
  await (isLost ? step.catch(() => undefined) : step);
}
