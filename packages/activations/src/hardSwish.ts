import { activation, heNormal } from '@neurite/core';

/** x · min(max(0, x + 3), 6) / 6; at −3 and 3 the slope is that of the middle. Howard et al., 2019; PyTorch's Hardswish. */
export const hardSwish = activation(
  'hardSwish',
  (x) => {
    const [below, above] = [x.less(-3), x.greater(3)];
    const middle = below.select(-3, above.select(3, x)); // so that x² has a value everywhere
    return below.select(0, above.select(x, middle.mul(middle.div(6).add(0.5))));
  },
  { initializer: heNormal() },
);
