import { layer } from '@neurite/core';

/** [batch, …sizes] → [batch, product of the sizes]: images to rows, for dense layers. */
export const flatten = layer('flatten', {}, () => ({
  apply: (_, x) => x.reshape([x.shape[0] as number, -1]),
}));
