import { optimizer, zerosLike } from '@neurite/core';
import { biasCorrection, momentOptions, runningMean } from './moments.ts';

/**
 * Adam with the largest gradient in place of the root mean square: m ← β₁ m + (1 − β₁) g, u ← max(β₂ u, |g| + ε),
 * w ← w − learningRate · m / ((1 − β₁ᵗ) u). Kingma and Ba, 2014, section 7.1; PyTorch's Adamax.
 * `learningRate`: 0.002. `beta1`: 0.9. `beta2`: 0.999. `epsilon`: 1e-8.
 */
export const adamax = optimizer('adamax', 0.002, momentOptions, ({ beta1, beta2, epsilon }) => ({
  state: (parameter) => ({ mean: zerosLike(parameter), largest: zerosLike(parameter) }),
  update: ({ gradient, state, step }) => {
    const mean = runningMean(state.mean, gradient, beta1);
    const largest = state.largest.mul(beta2).maximum(gradient.abs().add(epsilon));
    return { direction: mean.div(biasCorrection(beta1, step)).div(largest), state: { mean, largest } };
  },
}));
