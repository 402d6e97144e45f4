import { optimizer, zerosLike } from '@neurite/core';
import { adamDirection, momentOptions, nextMoments } from './moments.ts';

/**
 * m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g²; w ← w − learningRate · m̂ / (√v̂ + ε) with m̂ = m / (1 − β₁ᵗ) and
 * v̂ = v / (1 − β₂ᵗ) at step t. Kingma and Ba, 2014; PyTorch's Adam.
 * `learningRate`: 0.001. `beta1`: 0.9. `beta2`: 0.999. `epsilon`: 1e-8.
 */
export const adam = optimizer('adam', 0.001, momentOptions, (options) => ({
  state: (parameter) => ({ mean: zerosLike(parameter), variance: zerosLike(parameter) }),
  update: ({ gradient, state, step }) => {
    const moments = nextMoments(state, gradient, options);
    return { direction: adamDirection(moments, step, options), state: moments };
  },
}));
