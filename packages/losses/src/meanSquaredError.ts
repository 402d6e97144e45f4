import { loss } from '@neurite/core';

/** Mean of (x − target)² over an example's outputs. PyTorch's MSELoss. */
export const meanSquaredError = loss(
  'meanSquaredError',
  {},
  () => (x, target) =>
    x
      .sub(target)
      .square()
      .reshape([x.shape[0] as number, -1])
      .mean(1),
);
