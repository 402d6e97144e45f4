import { layer, normal, option } from '@neurite/core';

/**
 * In training, multiplies each number by one of its own, normal with mean 1 and standard deviation √(rate / (1 − rate)):
 * the mean and the variance of what dropout() of that `rate` multiplies by; in evaluation y = x. Any shape. `rate`: 0.5.
 * Srivastava et al., 2014; Keras's GaussianDropout.
 */
export const gaussianDropout = layer('gaussianDropout', { rate: option.fraction(0.5) }, ({ rate }) => ({
  apply: (_, x, { training, random }) =>
    training && rate > 0
      ? x.mul(
          normal(x.shape, random('noise'), x.dtype)
            .mul(Math.sqrt(rate / (1 - rate)))
            .add(1),
        )
      : x,
}));
