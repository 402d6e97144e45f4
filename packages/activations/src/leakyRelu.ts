import { activation, heNormal } from '@neurite/core';

/** x where x > 0, else slope · x. `slope`: 0.01. Maas et al., 2013; PyTorch's LeakyReLU. */
export const leakyRelu = activation(
  'leakyRelu',
  { slope: 0.01 },
  ({ slope }) =>
    (x) =>
      x.greater(0).select(x, x.mul(slope)),
  { initializer: heNormal() },
);
