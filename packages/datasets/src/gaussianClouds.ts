// Round clouds side by side: the set that even a straight line divides.
import { option } from '@neurite/core';
import { count, pointSet } from './pointSet.ts';

/**
 * A normal distribution for each class, their centres evenly around the unit circle, beginning at (1, 0).
 * `examples`: 200. `classes`: 2. `noise`, the size of the clouds: 0.25. `seed`: 0.
 */
export const gaussianClouds = pointSet(
  'gaussianClouds',
  { examples: count(200, 1), classes: count(2, 2), noise: option.nonNegative(0.25) },
  ({ classes }) => classes,
  (cloud, { options: { classes } }) => {
    const angle = (2 * Math.PI * cloud) / classes;
    return [Math.cos(angle), Math.sin(angle)];
  },
);
