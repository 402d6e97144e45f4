import { optimizer, option, zerosLike } from '@neurite/core';

/**
 * Momentum that looks one step ahead: v ← momentum · v + g, w ← w − learningRate · (g + momentum · v). Nesterov, 1983,
 * in the form of Sutskever and others, 2013; PyTorch's SGD with nesterov.
 * `learningRate`: 0.01. `momentum`: 0.9.
 */
export const nesterov = optimizer('nesterov', 0.01, { momentum: option.fraction(0.9) }, ({ momentum }) => ({
  state: (parameter) => ({ velocity: zerosLike(parameter) }),
  update: ({ gradient, state }) => {
    const velocity = state.velocity.mul(momentum).add(gradient);
    return { direction: gradient.add(velocity.mul(momentum)), state: { velocity } };
  },
}));
