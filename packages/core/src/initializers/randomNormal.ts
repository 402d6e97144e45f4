import { initializer } from '../plugin/initializer.ts';
import { option } from '../plugin/options.ts';
import { normal } from '../tensor/random.ts';

/** Normal with a `mean` of 0 and a `standardDeviation` of 1, if not given. PyTorch's normal_. */
export const randomNormal = initializer(
  'randomNormal',
  { mean: 0, standardDeviation: option.nonNegative(1) },
  ({ mean, standardDeviation }) =>
    ({ shape, dtype, random }) =>
      normal(shape, random, dtype).mul(standardDeviation).add(mean),
);
