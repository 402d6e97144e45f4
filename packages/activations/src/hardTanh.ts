import { activation, glorotUniform } from '@neurite/core';

/** min(max(−1, x), 1), with f′(±1) = 0. Collobert, 2004; PyTorch's Hardtanh. */
export const hardTanh = activation(
  'hardTanh',
  (x) => x.lessEqual(-1).select(-1, x.greaterEqual(1).select(1, x)),
  { initializer: glorotUniform() },
);
