import { option, schedule } from '@neurite/core';

/**
 * initial · factor ^ ⌊step / every⌋: the rate falls by `factor` every so many steps, at once. PyTorch's StepLR.
 * `initial`: 0.01. `factor`: 0.1. `every`: 1000 steps.
 */
export const stepDecay = schedule(
  'stepDecay',
  {
    initial: option.positive(0.01),
    factor: option.number(0.1, { above: 0, maximum: 1 }),
    every: option.number(1000, { minimum: 1, whole: true }),
  },
  ({ initial, factor, every }) =>
    (step) =>
      initial * factor ** Math.floor(step / every),
);
