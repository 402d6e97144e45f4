// What the toy sets for regression have in common: points of a line or a plane, each with a number that depends on them.
import { type Given, option, resolveOptions } from '@neurite/core';
import { count } from './pointSet.ts';
import { randomNumbers } from './randomNumbers.ts';

/** Examples that `fit` takes as they are. */
export interface RegressionSet {
  /** Points between −1 and 1: [examples, axes], row-major. */
  readonly inputs: Float32Array;
  /** The number of each point, noise included: [examples, 1]. */
  readonly targets: Float32Array;
  /** Shape of one input: [axes]. */
  readonly shape: readonly number[];
}

const schema = { examples: count(100, 1), noise: option.nonNegative(0), seed: 0 };

/**
 * Makes a set: points at random, and `value` at each of them. What it makes takes `examples` (100), `noise`, the standard
 * deviation of what is added to each target (`noise` here), and `seed` (0).
 */
/* @__NO_SIDE_EFFECTS__ */
export function regressionSet<const Point extends readonly number[]>(
  name: string,
  axes: Point['length'],
  noise: number,
  value: (...point: Point) => number,
): (options?: Given<typeof schema>) => RegressionSet {
  return (given) => {
    const options = resolveOptions(name, { ...schema, noise: option.nonNegative(noise) }, given);
    const { uniform, normal } = randomNumbers(options.seed, name);
    const inputs = new Float32Array(options.examples * axes).map(() => uniform(-1, 1));
    const targets = new Float32Array(options.examples).map((_, i) => {
      const point = [...inputs.subarray(i * axes, (i + 1) * axes)] as readonly number[] as Point;
      return value(...point) + options.noise * normal();
    });
    return { inputs, targets, shape: [axes] };
  };
}
