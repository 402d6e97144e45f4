import { optimizer, option, zerosLike } from '@neurite/core';

/**
 * v ← momentum · v + (1 − dampening) · g, w ← w − learningRate · v; the first v is g. PyTorch's SGD with momentum.
 * `learningRate`: 0.01. `momentum`: 0.9. `dampening`: 0. Polyak, 1964.
 */
export const momentum = optimizer(
  'momentum',
  0.01,
  { momentum: option.fraction(0.9), dampening: option.fraction(0) },
  ({ momentum, dampening }) => ({
    state: (parameter) => ({ velocity: zerosLike(parameter) }),
    update: ({ gradient, state, step }) => {
      const push = dampening === 0 ? gradient : step.greater(1).select(gradient.mul(1 - dampening), gradient);
      const velocity = state.velocity.mul(momentum).add(push);
      return { direction: velocity, state: { velocity } };
    },
  }),
);
