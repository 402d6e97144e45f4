import { loss, meanPerExample } from '@neurite/core';

/** Mean of (x − target)² over an example's outputs. PyTorch's MSELoss. */
export const meanSquaredError = loss(
  'meanSquaredError',
  {},
  () => (x, target) => meanPerExample(x.sub(target).square()),
);
