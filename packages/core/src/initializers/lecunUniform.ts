import { initializer } from '../plugin/initializer.ts';
import { uniform } from '../tensor/random.ts';

/** Evenly spread over ±√(3 / fanIn), which is a variance of 1 / fanIn. LeCun et al., 1998; Keras's LecunUniform. */
export const lecunUniform = initializer('lecunUniform', {}, () => ({ shape, dtype, fanIn, random }) => {
  const limit = Math.sqrt(3 / fanIn);
  return uniform(shape, random, dtype)
    .mul(2 * limit)
    .sub(limit);
});
