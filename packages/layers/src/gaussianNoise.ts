import { layer, normal, option } from '@neurite/core';

/**
 * In training, adds to each number noise of its own, normal with mean 0 and `standardDeviation`; in evaluation y = x.
 * Any shape. `standardDeviation`: 0.1, which suits inputs of variance 1. Keras's GaussianNoise, which has no default.
 */
export const gaussianNoise = layer(
  'gaussianNoise',
  { standardDeviation: option.nonNegative(0.1) },
  ({ standardDeviation }) => ({
    apply: (_, x, { training, random }) =>
      training && standardDeviation > 0
        ? x.add(normal(x.shape, random('noise'), x.dtype).mul(standardDeviation))
        : x,
  }),
);
