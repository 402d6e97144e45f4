// Points whose classes have nothing to do with their places: what can only be learnt by heart.
import { option } from '@neurite/core';
import { count, pointSet } from './pointSet.ts';

/**
 * Points anywhere in the square from −1 to 1, each of any class: how many of them a network fits says how much it can
 * remember. ConvNetJS's `random`, at a third of its size. `examples`: 40. `classes`: 2. `noise`: 0. `seed`: 0.
 */
export const randomLabels = pointSet(
  'randomLabels',
  { examples: count(40, 1), classes: count(2, 2), noise: option.nonNegative(0) },
  ({ classes }) => classes,
  (_, { uniform }) => [uniform(-1, 1), uniform(-1, 1)],
);
