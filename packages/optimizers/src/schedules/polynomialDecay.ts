import { option, schedule } from '@neurite/core';

/**
 * floor + (initial − floor) · (1 − step / steps) ^ power up to `steps`, `floor` afterwards. PyTorch's PolynomialLR,
 * whose floor is 0. `initial`: 0.01. `floor`: 0. `steps`: 1000. `power`: 1, a straight line.
 */
export const polynomialDecay = schedule(
  'polynomialDecay',
  {
    initial: option.positive(0.01),
    floor: option.nonNegative(0),
    steps: option.number(1000, { minimum: 1, whole: true }),
    power: option.positive(1),
  },
  ({ initial, floor, steps, power }) =>
    (step) =>
      floor + (initial - floor) * (1 - Math.min(step, steps) / steps) ** power,
);
