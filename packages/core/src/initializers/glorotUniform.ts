import { initializer } from '../plugin/initializer.ts';
import { uniform } from '../tensor/random.ts';

/** Evenly spread over ±√(6 / (fanIn + fanOut)): for sigmoid, tanh and linear units. Glorot and Bengio, 2010. */
export const glorotUniform = initializer(
  'glorotUniform',
  {},
  () =>
    ({ shape, dtype, fanIn, fanOut, random }) => {
      const limit = Math.sqrt(6 / (fanIn + fanOut));
      return uniform(shape, random, dtype)
        .mul(2 * limit)
        .sub(limit);
    },
);
