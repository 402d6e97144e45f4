import { optimizer, option, zerosLike } from '@neurite/core';

/**
 * s ← s + g², w ← w − learningRate · g / (√s + ε); the first s is `initialSum`. Duchi, Hazan and Singer, 2011; PyTorch's
 * Adagrad, whose lr_decay is the schedule `inverseTimeDecay` here.
 * `learningRate`: 0.01. `initialSum`: 0. `epsilon`: 1e-10.
 */
export const adagrad = optimizer(
  'adagrad',
  0.01,
  { initialSum: option.nonNegative(0), epsilon: option.positive(1e-10) },
  ({ initialSum, epsilon }) => ({
    state: (parameter) => ({ sum: zerosLike(parameter).add(initialSum) }),
    update: ({ gradient, state }) => {
      const sum = state.sum.add(gradient.square());
      return { direction: gradient.div(sum.sqrt().add(epsilon)), state: { sum } };
    },
  }),
);
