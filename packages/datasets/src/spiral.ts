// Arms that wind around each other.
import { option } from '@neurite/core';
import { count, pointSet } from './pointSet.ts';

/**
 * Spirals that start at the centre and end on the unit circle, one for each class. The classic that a network without a
 * hidden layer cannot learn, and one with few neurons hardly.
 *
 * Point i of n on arm c: r = (i + 1) / n at the angle 2π (turns · r + c / classes).
 *
 * - `examples`: 200. `classes`, the arms: 2. `noise`: 0.02. `seed`: 0.
 * - `turns`: how far an arm winds around the centre. 1.25, as in ConvNetJS.
 *
 * @example
 * await trainer.fit(spiral({ examples: 300, classes: 3 }), { epochs: 100 });
 */
export const spiral = pointSet(
  'spiral',
  {
    examples: count(200, 1),
    classes: count(2, 2),
    turns: option.positive(1.25),
    noise: option.nonNegative(0.02),
  },
  ({ classes }) => classes,
  (arm, { options: { turns, classes }, index, among }) => {
    const radius = (index + 1) / among;
    const angle = 2 * Math.PI * (turns * radius + arm / classes);
    return [radius * Math.sin(angle), radius * Math.cos(angle)];
  },
);
