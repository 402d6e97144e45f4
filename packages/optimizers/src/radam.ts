import { optimizer, zerosLike } from '@neurite/core';
import { biasCorrection, momentOptions, nextMoments } from './moments.ts';

/**
 * Adam that trusts v only once enough gradients are in it. With m and v as in `adam`, ρ∞ = 2 / (1 − β₂) − 1 and
 * ρₜ = ρ∞ − 2 t β₂ᵗ / (1 − β₂ᵗ): as long as ρₜ ≤ 5, w ← w − learningRate · m̂; afterwards
 * w ← w − learningRate · r m̂ √(1 − β₂ᵗ) / (√v + ε) with r = √((ρₜ − 4)(ρₜ − 2) ρ∞ / ((ρ∞ − 4)(ρ∞ − 2) ρₜ)).
 * Liu and others, 2019; PyTorch's RAdam.
 * `learningRate`: 0.001. `beta1`: 0.9. `beta2`: 0.999. `epsilon`: 1e-8.
 */
export const radam = optimizer('radam', 0.001, momentOptions, ({ beta1, beta2, epsilon }) => ({
  state: (parameter) => ({ mean: zerosLike(parameter), variance: zerosLike(parameter) }),
  update: ({ gradient, state, step }) => {
    const { mean, variance } = nextMoments(state, gradient, { beta1, beta2 });
    const corrected = mean.div(biasCorrection(beta1, step));
    const first = firstRectified(beta2);
    if (first === Number.POSITIVE_INFINITY) return { direction: corrected, state: { mean, variance } };
    const correction = biasCorrection(beta2, step);
    const limit = 2 / (1 - beta2) - 1;
    const length = step.mul(2).mul(correction.neg().add(1)).div(correction).neg().add(limit);
    const rectified = length
      .sub(4)
      .mul(length.sub(2))
      .div(length)
      .mul(limit / ((limit - 4) * (limit - 2)))
      .mul(correction)
      .sqrt();
    const adaptive = corrected.mul(rectified).div(variance.sqrt().add(epsilon));
    return { direction: step.greaterEqual(first).select(adaptive, corrected), state: { mean, variance } };
  },
}));

/** The first step at which ρₜ > 5, found in float64: in float32 the difference of large numbers would decide by chance. */
function firstRectified(beta2: number): number {
  const limit = 2 / (1 - beta2) - 1;
  if (limit <= 5) return Number.POSITIVE_INFINITY; // ρₜ grows towards it
  let step = 1;
  while (limit - (2 * step * beta2 ** step) / (1 - beta2 ** step) <= 5) step++;
  return step;
}
