// The exclusive or: the smallest set that no straight line divides.
import { option } from '@neurite/core';
import { count, pointSet } from './pointSet.ts';

/**
 * The corners of the unit square, of class 1 where exactly one coordinate is 1. By default the truth table,
 * (0, 0) → 0, (1, 0) → 1, (1, 1) → 0, (0, 1) → 1; with more examples and noise, clouds around the corners.
 * `examples`: 4. `noise`: 0. `seed`: 0.
 */
export const xor = pointSet(
  'xor',
  { examples: count(4, 1), noise: option.nonNegative(0) },
  2,
  (differs, { index }) => {
    const opposite = index % 2;
    return differs ? [1 - opposite, opposite] : [opposite, opposite];
  },
);
