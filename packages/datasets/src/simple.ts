// The thirteen points that ConvNetJS begins with.
import { option, resolveOptions } from '@neurite/core';
import type { PointSet } from './pointSet.ts';
import { randomNumbers } from './randomNumbers.ts';

/** x, y and class of each point. */
const points = [
  [-0.4326, 1.1909, 1],
  [3, 4, 1],
  [0.1253, -0.0376, 1],
  [0.2877, 0.3273, 1],
  [-1.1465, 0.1746, 1],
  [1.8133, 1.0139, 0],
  [2.7258, 1.0668, 0],
  [1.4117, 0.5593, 0],
  [4.1832, 0.3044, 0],
  [1.8636, 0.1677, 0],
  [0.5, 3.2, 1],
  [0.8, 3.2, 1],
  [1, -2.2, 1],
] as const;

const schema = { noise: option.nonNegative(0), seed: 0 };

/**
 * ConvNetJS's first set: 13 points, 8 of class 1 and 5 of class 0, in its order and at its size, from −3 to 5.
 * `noise`, the standard deviation of what is added to each coordinate: 0. `seed`: 0.
 */
export function simple(
  given?: Readonly<{ noise?: number | undefined; seed?: number | undefined }>,
): PointSet {
  const { noise, seed } = resolveOptions('simple', schema, given);
  const { normal } = randomNumbers(seed, 'simple');
  return {
    inputs: Float32Array.from(points.flatMap(([x, y]) => [x + noise * normal(), y + noise * normal()])),
    targets: Int32Array.from(points, ([, , label]) => label),
    classes: ['0', '1'],
    shape: [2],
  };
}
