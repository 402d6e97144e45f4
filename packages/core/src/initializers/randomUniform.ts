import { NeuriteError } from '../errors.ts';
import { initializer } from '../plugin/initializer.ts';
import { uniform } from '../tensor/random.ts';

/** Evenly spread over `minimum` ≤ x < `maximum`: 0 and 1 if not given. PyTorch's uniform_. */
export const randomUniform = initializer('randomUniform', { minimum: 0, maximum: 1 }, (range) => {
  const { minimum, maximum } = range;
  if (minimum > maximum) {
    throw new NeuriteError(
      'option',
      `randomUniform: maximum must be a number from minimum, ${minimum}, but got ${maximum}`,
    );
  }
  return ({ shape, dtype, random }) =>
    uniform(shape, random, dtype)
      .mul(maximum - minimum)
      .add(minimum);
});
