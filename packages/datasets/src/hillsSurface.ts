// Hills and hollows in two rows.
import { regressionSet } from './regressionSet.ts';

/** Where the top of each is, and whether it goes up or down. */
const hills = [
  [-2 / 3, 5 / 12, 1],
  [0, 5 / 12, -1],
  [2 / 3, 5 / 12, 1],
  [-2 / 3, -5 / 12, -1],
  [0, -5 / 12, 1],
  [2 / 3, -5 / 12, -1],
] as const;
/** How far each reaches. */
const reach = 1 / 3;

/**
 * Three cones of height 1 and three of depth 1, which take turns, on a plain of 0, over the square from −1 to 1.
 * TensorFlow Playground's `multi gaussian`, at a sixth of its size. `examples`: 100. `noise`, of z: 0. `seed`: 0.
 */
export const hillsSurface = regressionSet<[x: number, y: number]>('hillsSurface', 2, 0, (x, y) => {
  const heights = hills.map(
    ([top, side, sign]) => sign * Math.max(0, 1 - Math.hypot(x - top, y - side) / reach),
  );
  return heights.reduce((high, height) => (Math.abs(height) > Math.abs(high) ? height : high), 0);
});
