import { initializer } from '../plugin/initializer.ts';
import { option } from '../plugin/options.ts';
import { withinTwo } from './withinTwo.ts';

/**
 * Normal numbers around `mean`, 0, of which none is farther off than 2 `standardDeviation`s, 1: that of the whole bell; of
 * what is left of it, it is 0.8796 of that. Keras's TruncatedNormal; PyTorch's trunc_normal_ with its defaults.
 */
export const truncatedNormal = initializer(
  'truncatedNormal',
  { mean: 0, standardDeviation: option.nonNegative(1) },
  ({ mean, standardDeviation }) =>
    ({ shape, dtype, random }) =>
      withinTwo(shape, random, dtype).mul(standardDeviation).add(mean),
);
