// Two half circles that reach into each other.
import { option } from '@neurite/core';
import { count, pointSet } from './pointSet.ts';

/**
 * Class 0 is the upper half of the unit circle; class 1 is a lower half, moved by (1, 0.5). scikit-learn's `make_moons`.
 * `examples`: 200. `noise`: 0.1. `seed`: 0.
 */
export const moons = pointSet(
  'moons',
  { examples: count(200, 1), noise: option.nonNegative(0.1) },
  2,
  (lower, { index, among }) => {
    const angle = among > 1 ? (Math.PI * index) / (among - 1) : 0;
    const [x, y] = [Math.cos(angle), Math.sin(angle)];
    return lower ? [1 - x, 0.5 - y] : [x, y];
  },
);
