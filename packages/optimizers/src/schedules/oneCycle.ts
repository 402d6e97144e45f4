import { option, schedule } from '@neurite/core';
import { cosine } from './cosine.ts';

const shapes = {
  cosine,
  linear: (start: number, end: number, part: number): number => start + (end - start) * part,
};

/**
 * Up from peak / `startDivisor` to `peak` at step rise · steps − 1, down to peak / (startDivisor · endDivisor) at step
 * steps − 1, the same afterwards. Smith and Topin, 2017; PyTorch's OneCycleLR without its cycle of momentum.
 * `peak`: 0.01. `steps`: 1000, all of them. `rise`: 0.3 of them. `startDivisor`: 25. `endDivisor`: 10,000.
 * `shape`: `cosine` or `linear`.
 */
export const oneCycle = schedule(
  'oneCycle',
  {
    peak: option.positive(0.01),
    steps: option.number(1000, { minimum: 1, whole: true }),
    rise: option.fraction(0.3),
    startDivisor: option.positive(25),
    endDivisor: option.positive(10_000),
    shape: option.choice('cosine', ['cosine', 'linear']),
  },
  ({ peak, steps, rise, startDivisor, endDivisor, shape }) => {
    const between = shapes[shape];
    const initial = peak / startDivisor;
    const [top, last] = [rise * steps - 1, steps - 1];
    return (step) =>
      step < top
        ? between(initial, peak, step / top)
        : between(peak, initial / endDivisor, (Math.min(step, last) - top) / (last - top));
  },
);
