import { option, schedule } from '@neurite/core';
import { cosine } from './cosine.ts';

/**
 * floor + (initial − floor) (1 + cos(π · step / steps)) / 2 up to `steps`, `floor` afterwards. Loshchilov and Hutter,
 * 2016; PyTorch's CosineAnnealingLR. `initial`: 0.01. `floor`: 0. `steps`: 1000.
 */
export const cosineDecay = schedule(
  'cosineDecay',
  {
    initial: option.positive(0.01),
    floor: option.nonNegative(0),
    steps: option.number(1000, { minimum: 1, whole: true }),
  },
  ({ initial, floor, steps }) =>
    (step) =>
      cosine(initial, floor, Math.min(step, steps) / steps),
);
