import { optimizer, option, zerosLike } from '@neurite/core';

/**
 * m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g²; w ← w − learningRate · m̂ / (√v̂ + ε) with m̂ = m / (1 − β₁ᵗ) and
 * v̂ = v / (1 − β₂ᵗ) at step t. Kingma and Ba, 2014; PyTorch's Adam.
 * `learningRate`: 0.001. `beta1`: 0.9. `beta2`: 0.999. `epsilon`: 1e-8.
 */
export const adam = optimizer(
  'adam',
  0.001,
  { beta1: option.fraction(0.9), beta2: option.fraction(0.999), epsilon: option.positive(1e-8) },
  ({ beta1, beta2, epsilon }) => ({
    state: (parameter) => ({ mean: zerosLike(parameter), variance: zerosLike(parameter) }),
    update: ({ gradient, state, step }) => {
      const mean = state.mean.mul(beta1).add(gradient.mul(1 - beta1));
      const variance = state.variance.mul(beta2).add(gradient.square().mul(1 - beta2));
      const correct1 = step.mul(Math.log(beta1)).exp().neg().add(1);
      const correct2 = step.mul(Math.log(beta2)).exp().neg().add(1);
      const direction = mean.div(correct1).div(variance.div(correct2).sqrt().add(epsilon));
      return { direction, state: { mean, variance } };
    },
  }),
);
