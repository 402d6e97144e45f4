import { define, type Optimizer, option, type Tensor, zerosLike } from '@neurite/core';

const schema = {
  learningRate: option.positive(0.01),
  decrease: option.number(0.5, { above: 0, below: 1 }),
  increase: option.number(1.2, { above: 1 }),
  minimum: option.positive(1e-6),
  maximum: option.positive(50),
};

/**
 * A step size for each number, which only the signs of its gradients change: times `increase` where the sign stays, times
 * `decrease` where it flips (and then without a step), within `minimum` … `maximum`; w ← w − size · sign(g). For full
 * batches. Riedmiller and Braun, 1993; PyTorch's Rprop.
 * `learningRate`: 0.01, the size of the first step; it takes no schedule, since sizes go their own way from there.
 * `decrease`: 0.5. `increase`: 1.2. `minimum`: 1e-6. `maximum`: 50.
 */
export const rprop = define<'optimizer', 'rprop', typeof schema, Optimizer>(
  'optimizer',
  'rprop',
  schema,
  ({ learningRate, decrease, increase, minimum, maximum }) => ({
    learningRate,
    // Sizes are kept in units of the learning rate, with which core multiplies them.
    state: (parameter) => ({ previous: zerosLike(parameter), size: zerosLike(parameter).add(1) }),
    update: ({ gradient, state }) => {
      const { previous, size: before } = state as { readonly previous: Tensor; readonly size: Tensor };
      const turn = gradient.sign().mul(previous.sign()); // of the signs: a product of gradients may underflow
      const size = turn
        .greater(0)
        .select(before.mul(increase), turn.less(0).select(before.mul(decrease), before))
        .maximum(minimum / learningRate)
        .minimum(maximum / learningRate);
      const heeded = turn.less(0).select(0, gradient);
      return { direction: heeded.sign().mul(size), state: { previous: heeded, size } };
    },
  }),
);
