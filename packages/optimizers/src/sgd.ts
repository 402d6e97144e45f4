import { optimizer, option } from '@neurite/core';

/**
 * Along the gradient: w ← w − learningRate · (g + weightDecay · w). PyTorch's SGD.
 * `learningRate`: 0.01. `weightDecay`: 0.
 */
export const sgd = optimizer('sgd', 0.01, { weightDecay: option.nonNegative(0) }, ({ weightDecay }) => ({
  state: () => ({}),
  update: ({ gradient, parameter }) => ({
    direction: weightDecay === 0 ? gradient : gradient.add(parameter.mul(weightDecay)),
    state: {},
  }),
}));
