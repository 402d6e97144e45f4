// A disc within a ring.
import { option } from '@neurite/core';
import { count, pointSet } from './pointSet.ts';

/**
 * A disc of radius 0.4 (class 1) within a ring from radius 0.6 to 1 (class 0), with points at random in both: ConvNetJS's
 * set, at a fifth of its size. `examples`: 200. `noise`: 0. `seed`: 0.
 */
export const circle = pointSet(
  'circle',
  { examples: count(200, 1), noise: option.nonNegative(0) },
  2,
  (inner, { uniform }) => {
    const radius = inner ? uniform(0, 0.4) : uniform(0.6, 1);
    const angle = uniform(0, 2 * Math.PI);
    return [radius * Math.sin(angle), radius * Math.cos(angle)];
  },
);
