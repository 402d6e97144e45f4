import { layer, option, uniform } from '@neurite/core';

/**
 * In training, sets each number to 0 with probability `rate` and divides the others by 1 − rate, so that the mean stays;
 * in evaluation y = x. Any shape. `rate`: 0.5. Srivastava et al., 2014, in the inverted form of PyTorch's Dropout.
 */
export const dropout = layer('dropout', { rate: option.fraction(0.5) }, ({ rate }) => ({
  apply: (_, x, { training, random }) =>
    training && rate > 0
      ? uniform(x.shape, random('mask'), x.dtype)
          .greaterEqual(rate)
          .select(x.div(1 - rate), 0)
      : x,
}));
