import { activation, lecunNormal } from '@neurite/core';

/** x where x > 0, else α (eˣ − 1). `alpha`: 1. Clevert et al., 2015; PyTorch's ELU. */
export const elu = activation(
  'elu',
  { alpha: 1 },
  ({ alpha }) =>
    (x) => {
      const above = x.greater(0);
      return above.select(x, above.select(0, x).exp().sub(1).mul(alpha));
    },
  { initializer: lecunNormal() },
);
