import { initializer } from '../plugin/initializer.ts';
import { uniform } from '../tensor/random.ts';

/** Evenly spread over ±√(6 / fanIn): for rectifiers. He et al., 2015; PyTorch's kaiming_uniform_. */
export const heUniform = initializer('heUniform', {}, () => ({ shape, dtype, fanIn, random }) => {
  const limit = Math.sqrt(6 / fanIn);
  return uniform(shape, random, dtype)
    .mul(2 * limit)
    .sub(limit);
});
