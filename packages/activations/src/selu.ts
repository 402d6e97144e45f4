import { activation, lecunNormal } from '@neurite/core';

/** With these two, mean 0 and variance 1 are what units return to, layer by layer. */
const scale = 1.0507009873554805;
const alpha = 1.6732632423543772;

/** scale · x where x > 0, else scale · α (eˣ − 1). Klambauer et al., 2017; PyTorch's SELU. Wants `lecunNormal` weights. */
export const selu = activation(
  'selu',
  (x) => {
    const above = x.greater(0);
    return above.select(x, above.select(0, x).exp().sub(1).mul(alpha)).mul(scale);
  },
  { initializer: lecunNormal() },
);
