import { optimizer, option, type Tensor, zerosLike } from '@neurite/core';
import { runningMean } from './moments.ts';

/**
 * v ← α v + (1 − α) g², w ← w − learningRate · g / (√v + ε). `centered`: √(v − a²) in place of √v, with
 * a ← α a + (1 − α) g. `momentum` above 0: b ← momentum · b + g / (√v + ε), w ← w − learningRate · b.
 * Tieleman and Hinton, 2012; centered Graves, 2013; PyTorch's RMSprop.
 * `learningRate`: 0.01. `alpha`: 0.99. `epsilon`: 1e-8. `centered`: false. `momentum`: 0.
 */
export const rmsprop = optimizer(
  'rmsprop',
  0.01,
  {
    alpha: option.fraction(0.99),
    epsilon: option.positive(1e-8),
    centered: false,
    momentum: option.fraction(0),
  },
  ({ alpha, epsilon, centered, momentum }) => ({
    state: (parameter): Record<string, Tensor> => ({
      square: zerosLike(parameter),
      ...(centered && { mean: zerosLike(parameter) }),
      ...(momentum > 0 && { velocity: zerosLike(parameter) }),
    }),
    update: ({ gradient, state }) => {
      const square = runningMean(state.square as Tensor, gradient.square(), alpha);
      const mean = state.mean && runningMean(state.mean, gradient, alpha);
      // Never below 0 but for rounding, which would make a NaN of gradients that stay the same.
      const variance = mean ? square.sub(mean.square()).maximum(0) : square;
      const scaled = gradient.div(variance.sqrt().add(epsilon));
      const velocity = state.velocity?.mul(momentum).add(scaled);
      return {
        direction: velocity ?? scaled,
        state: { square, ...(mean && { mean }), ...(velocity && { velocity }) },
      };
    },
  }),
);
