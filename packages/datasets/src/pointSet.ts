// What all toy sets have in common: points of the plane, each with the number of its class. A set is its options and the
// place of one point; counting, noise and randomness are here.
import { type Given, type Option, option, type Resolved, resolveOptions, type Schema } from '@neurite/core';
import { type RandomNumbers, randomNumbers } from './randomNumbers.ts';

/** Examples that `fit` takes as they are. Classes take turns, so that the first half of a set is a set as well. */
export interface PointSet {
  /** x and y of each point: [examples, 2], row-major. */
  readonly inputs: Float32Array;
  /** The class of each point: [examples]. */
  readonly targets: Int32Array;
  /** Names of the classes. */
  readonly classes: readonly string[];
  /** Shape of one input. */
  readonly shape: readonly number[];
}

/** What every set can be asked for. */
type CommonSchema = {
  /** How many points. */
  readonly examples: Option<number>;
  /** Standard deviation of what is added to each coordinate. */
  readonly noise: Option<number>;
};
const seedSchema = { seed: 0 };

/** For schemas: a number of points or classes. */
export const count = (initial: number, minimum: number): Option<number> =>
  option.number(initial, { minimum, whole: true });

interface PointContext<S> extends RandomNumbers {
  readonly options: Resolved<S>;
  /** Number of the point within its class, and how many that class has. */
  readonly index: number;
  readonly among: number;
}

/**
 * Makes a set.
 *
 * @param classes how many there are, given the options.
 * @param place where the point of a class is, before the noise. Whatever is random there comes from the context.
 */
/* @__NO_SIDE_EFFECTS__ */
export function pointSet<const S extends Schema & CommonSchema>(
  name: string,
  schema: S,
  classes: number | ((options: Resolved<S>) => number),
  place: (label: number, context: PointContext<S>) => readonly [x: number, y: number],
): (options?: Given<S & { seed: number }>) => PointSet {
  return (given) => {
    const options = resolveOptions<Schema>(name, { ...schema, ...seedSchema }, given) as Resolved<S> & {
      readonly examples: number;
      readonly noise: number;
      readonly seed: number;
    };
    const { examples, noise, seed } = options;
    const labels = typeof classes === 'number' ? classes : classes(options);
    const random = randomNumbers(seed, name);
    const inputs = new Float32Array(examples * 2);
    const targets = Int32Array.from({ length: examples }, (_, i) => i % labels);
    targets.forEach((label, i) => {
      const index = Math.floor(i / labels);
      const among = Math.ceil((examples - label) / labels);
      const [x, y] = place(label, { ...random, options, index, among });
      inputs[2 * i] = x + noise * random.normal();
      inputs[2 * i + 1] = y + noise * random.normal();
    });
    return {
      inputs,
      targets,
      classes: Array.from({ length: labels }, (_, label) => String(label)),
      shape: [2],
    };
  };
}
