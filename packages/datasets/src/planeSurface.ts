// A slope over the plane: the set that even a straight line fits.
import { regressionSet } from './regressionSet.ts';

/**
 * z = (x + y) / 2, over the square from −1 to 1. TensorFlow Playground's `plane`. `examples`: 100. `noise`, of z: 0.
 * `seed`: 0.
 */
export const planeSurface = regressionSet<[x: number, y: number]>(
  'planeSurface',
  2,
  0,
  (x, y) => (x + y) / 2,
);
