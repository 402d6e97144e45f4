import { option, schedule } from '@neurite/core';
import { cosine } from './cosine.ts';

/**
 * `cosineDecay` that starts again from `initial` after each period, each `multiplier` times as long as the one before:
 * floor + (initial − floor) (1 + cos(π · t / T)) / 2 at step t of a period of T. SGDR, Loshchilov and Hutter, 2016;
 * PyTorch's CosineAnnealingWarmRestarts. `initial`: 0.01. `floor`: 0. `period`: 1000 steps. `multiplier`: 1.
 */
export const cosineRestarts = schedule(
  'cosineRestarts',
  {
    initial: option.positive(0.01),
    floor: option.nonNegative(0),
    period: option.number(1000, { minimum: 1, whole: true }),
    multiplier: option.number(1, { minimum: 1, whole: true }),
  },
  ({ initial, floor, period, multiplier }) =>
    (step) => {
      if (multiplier === 1) return cosine(initial, floor, (step % period) / period);
      let [begin, length] = [0, period];
      while (step >= begin + length) {
        begin += length;
        length *= multiplier;
      }
      return cosine(initial, floor, (step - begin) / length);
    },
);
