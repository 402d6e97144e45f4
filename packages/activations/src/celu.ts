import { activation, lecunNormal, option } from '@neurite/core';

/** x where x > 0, else α (e^(x/α) − 1): smooth at 0 for every α. `alpha`: 1. Barron, 2017; PyTorch's CELU. */
export const celu = activation(
  'celu',
  { alpha: option.positive(1) },
  ({ alpha }) =>
    (x) => {
      const above = x.greater(0);
      return above.select(x, above.select(0, x).div(alpha).exp().sub(1).mul(alpha));
    },
  { initializer: lecunNormal() },
);
