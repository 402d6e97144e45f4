import { loss, meanPerExample } from '@neurite/core';

/** Mean of |x − target| over an example's outputs; flat where they are equal. PyTorch's L1Loss. */
export const meanAbsoluteError = loss(
  'meanAbsoluteError',
  {},
  () => (x, target) => meanPerExample(x.sub(target).abs()),
);
