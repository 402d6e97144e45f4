import { layer, option, uniform } from '@neurite/core';

/** Where selu() ends far below 0: −λ α. */
const lowest = -1.7580993408473766;

/**
 * In training, sets each number to −1.758…, the lowest that selu() gives, with probability `rate`, and then scales and
 * shifts all of them, so that inputs of mean 0 and variance 1 keep both; in evaluation y = x. Any shape; for networks of
 * selu(). `rate`: 0.5. Klambauer et al., 2017: Self-Normalizing Neural Networks; PyTorch's AlphaDropout.
 */
export const alphaDropout = layer('alphaDropout', { rate: option.fraction(0.5) }, ({ rate }) => {
  const scale = 1 / Math.sqrt((1 - rate) * (1 + rate * lowest ** 2));
  const offset = -scale * rate * lowest;
  return {
    apply: (_, x, { training, random }) =>
      training && rate > 0
        ? uniform(x.shape, random('mask'), x.dtype)
            .greaterEqual(rate)
            .select(x.mul(scale).add(offset), lowest * scale + offset)
        : x,
  };
});
