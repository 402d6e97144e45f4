import { activation, glorotUniform } from '@neurite/core';

/**
 * 1 where x > 0, else 0: the threshold unit of McCulloch and Pitts, 1943. Its slope is 0 everywhere, so nothing in front
 * of it learns. PyTorch's heaviside, with 0 at 0.
 */
export const step = activation('step', (x) => x.greater(0).select(1, x.lessEqual(0).select(0, x)), {
  initializer: glorotUniform(),
});
