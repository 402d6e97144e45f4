// Sets some of the examples aside, to be tested on.
import { NeuriteError, type NumberArray, option, resolveOptions, sizeOf } from '@neurite/core';
import { randomNumbers } from './randomNumbers.ts';

/** What can be split: rows of typed arrays. Whatever else is there is the same for both parts. */
interface Splittable {
  readonly inputs: NumberArray;
  readonly targets: NumberArray;
  readonly shape: readonly number[];
}

/** How `split` is to part a data set. */
export interface SplitOptions {
  /** Part of the examples that becomes `test`, rounded to whole examples: from 0, below 1. 0.2. */
  readonly testFraction?: number | undefined;
  /** The same seed gives the same split. 0. */
  readonly seed?: number | undefined;
}

const schema = { testFraction: option.fraction(0.2), seed: 0 };

/**
 * The examples in an order at random, as two sets of the same form. Nothing is shared with `data`.
 *
 * @throws NeuriteError `data` where inputs or targets are no whole number of rows.
 * @example
 * const { training, test } = split(iris(), { testFraction: 0.2, seed: 1 });
 */
export function split<Set extends Splittable>(
  data: Set,
  given?: SplitOptions,
): { readonly training: Set; readonly test: Set } {
  const { testFraction, seed } = resolveOptions('split', schema, given);
  const { inputs, targets, shape } = data;
  const width = sizeOf(shape);
  const rows = inputs.length / width;
  const targetWidth = targets.length / rows;
  if (!Number.isInteger(rows) || !Number.isInteger(targetWidth)) {
    throw new NeuriteError(
      'data',
      `split: inputs of shape [${shape.join(', ')}] and their targets must come out even, but got ${inputs.length} and ${targets.length} numbers`,
    );
  }
  const order = shuffled(rows, seed);
  const tested = Math.round(rows * testFraction);
  const part = (rows: Int32Array): Set => ({
    ...data,
    inputs: gather(inputs, width, rows),
    targets: gather(targets, targetWidth, rows),
  });
  return { training: part(order.subarray(tested)), test: part(order.subarray(0, tested)) };
}

/** 0 … count − 1 in an order at random. Fisher and Yates. */
function shuffled(count: number, seed: number): Int32Array {
  const { uniform } = randomNumbers(seed, 'split');
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(uniform(0, i + 1));
    const [at, other] = [order[i] as number, order[j] as number];
    order[i] = other;
    order[j] = at;
  }
  return order;
}

function gather(numbers: NumberArray, width: number, rows: Int32Array): NumberArray {
  const gathered = numbers.slice(0, rows.length * width);
  rows.forEach((row, i) => {
    gathered.set(numbers.subarray(row * width, (row + 1) * width), i * width);
  });
  return gathered;
}
