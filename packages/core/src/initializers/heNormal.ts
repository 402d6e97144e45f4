import { initializer } from '../plugin/initializer.ts';
import { normal } from '../tensor/random.ts';

/** Normal with standard deviation √(2 / fanIn): for units that are off half of the time, as rectifiers. He et al., 2015. */
export const heNormal = initializer(
  'heNormal',
  {},
  () =>
    ({ shape, dtype, fanIn, random }) =>
      normal(shape, random, dtype).mul(Math.sqrt(2 / fanIn)),
);
