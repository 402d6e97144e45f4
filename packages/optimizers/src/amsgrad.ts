import { optimizer, zerosLike } from '@neurite/core';
import { adamDirection, momentOptions, nextMoments } from './moments.ts';

/**
 * Adam whose steps never grow again: the largest v so far takes the place of v; m and v as in `adam`, u ← max(u, v),
 * w ← w − learningRate · m̂ / (√û + ε) with û = u / (1 − β₂ᵗ). Reddi, Kale and Kumar, 2018; PyTorch's Adam with amsgrad.
 * `learningRate`: 0.001. `beta1`: 0.9. `beta2`: 0.999. `epsilon`: 1e-8.
 */
export const amsgrad = optimizer('amsgrad', 0.001, momentOptions, (options) => ({
  state: (parameter) => ({
    mean: zerosLike(parameter),
    variance: zerosLike(parameter),
    largest: zerosLike(parameter),
  }),
  update: ({ gradient, state, step }) => {
    const { mean, variance } = nextMoments(state, gradient, options);
    const largest = state.largest.maximum(variance);
    const direction = adamDirection({ mean, variance: largest }, step, options);
    return { direction, state: { mean, variance, largest } };
  },
}));
