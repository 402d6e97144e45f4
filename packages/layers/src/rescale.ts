import { layer } from '@neurite/core';

/** y = x · scale + offset, on any shape. `scale`: 1. `offset`: 0. Keras's Rescaling. */
export const rescale = layer('rescale', { scale: 1, offset: 0 }, ({ scale, offset }) => ({
  apply: (_, x) => x.mul(scale).add(offset),
}));
