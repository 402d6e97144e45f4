// Gradients against central differences, in float64 on the oracle: as PyTorch's gradcheck.
import {
  type DType,
  evaluate,
  grad,
  NeuriteError,
  type NumberArray,
  placeholder,
  printShape,
  type Shape,
  sizeOf,
  type Tensor,
} from '@neurite/core';
import { AssertionError } from './assertionError.ts';
import { sampleNumbers } from './sampleNumbers.ts';

/** An argument of the function whose gradient is checked. */
export interface GradientInput {
  readonly shape: Shape;
  /** Row-major; random numbers within `range` if not given. */
  readonly values?: ArrayLike<number>;
  /** −1 ≤ x < 1. */
  readonly range?: readonly [low: number, high: number];
  /** Integers, such as labels, are handed over and not differentiated; they need `values`. float64. */
  readonly dtype?: Exclude<DType, 'float32'>;
}

/** How gradients are compared with differences. Each has a default. */
export interface GradientOptions {
  /** Of what is drawn at random: values that are not given, and the weights of the results. 0. */
  readonly seed?: number;
  /** Half the distance of a central difference at |x| ≤ 1; in proportion to |x| above. 1e-5. */
  readonly step?: number;
  /** The relative error that is still right. 1e-6. */
  readonly tolerance?: number;
  /** Gradients smaller than this are compared by their absolute error, as if they were this large. 0.01. */
  readonly floor?: number;
}

/**
 * Throws unless `grad` agrees with central differences for every element of every float input of `fn`.
 *
 * `fn` may give a tensor of any shape: its elements are added up with random weights, so that no two errors cancel.
 * Keep inputs away from kinks by more than `step`; there, a difference has no meaning.
 *
 * @returns the largest relative error.
 * @example
 * checkGradient((x, y) => x.mul(y.tanh()), [{ shape: [3, 4] }, { shape: [4] }]);
 */
export function checkGradient(
  fn: (...inputs: Tensor[]) => Tensor,
  inputs: readonly GradientInput[],
  { seed = 0, step = 1e-5, tolerance = 1e-6, floor = 0.01 }: GradientOptions = {},
): number {
  const names = inputs.map((_, i) => `input ${i}`);
  const tensors = inputs.map(({ shape, dtype = 'float64' }, i) =>
    placeholder(names[i] as string, shape, { dtype }),
  );
  const values = Object.fromEntries(inputs.map((input, i) => [names[i] as string, valuesOf(input, i, seed)]));

  const result = fn(...tensors);
  if (result.dtype !== 'float64') {
    throw new NeuriteError(
      'dtype',
      `checkGradient: the function must stay in float64, but gave ${result.dtype}: do not cast inside it`,
    );
  }
  const weights = sampleNumbers(result.size, { seed: seed + 1, low: 0.5, high: 1.5 });
  const loss = result.mul(placeholder('weights', result.shape, { dtype: 'float64' })).sum();

  const checked = [...tensors.keys()].filter((i) => tensors[i]?.dtype === 'float64');
  const gradients = evaluate(
    grad(
      loss,
      checked.map((i) => tensors[i] as Tensor),
    ),
    { ...values, weights },
  );
  const results = (given: Record<string, number[]>): NumberArray =>
    evaluate([result], given)[0] as NumberArray;

  let worst = 0;
  for (const [order, i] of checked.entries()) {
    const [name, shape] = [names[i] as string, tensors[i]?.shape as Shape];
    const numbers = values[name] as number[];
    for (const [element, x] of numbers.entries()) {
      const half = step * Math.max(1, Math.abs(x));
      const [above, below] = [x + half, x - half];
      const high = results({ ...values, [name]: numbers.with(element, above) });
      const low = results({ ...values, [name]: numbers.with(element, below) });
      // Differences first: results that do not depend on this element add no rounding.
      const rise = weights.reduce(
        (sum, weight, r) => sum + weight * ((high[r] as number) - (low[r] as number)),
        0,
      );
      const expected = rise / (above - below);
      const actual = gradients[order]?.[element] as number;
      const error = Math.abs(actual - expected) / Math.max(Math.abs(actual), Math.abs(expected), floor);
      if (!(error <= tolerance)) {
        throw new AssertionError(
          `the gradient is wrong for input ${i} ${printShape(shape)} at ${printShape(coordinates(element, shape))}, where it is ${x}: ` +
            `grad says ${actual}, central differences say ${expected}, relative error ${error.toPrecision(2)} > ${tolerance}`,
          { actual, expected },
        );
      }
      worst = Math.max(worst, error);
    }
  }
  return worst;
}

function valuesOf({ shape, values, range, dtype }: GradientInput, i: number, seed: number): number[] {
  const size = sizeOf(shape);
  if (!values) {
    if (dtype && dtype !== 'float64') {
      throw new NeuriteError('option', `checkGradient: input ${i} is ${dtype}: give its values`);
    }
    const [low, high] = range ?? [-1, 1];
    return sampleNumbers(size, { seed: seed + 2 + i, low, high });
  }
  if (values.length !== size) {
    throw new NeuriteError(
      'shape',
      `checkGradient: input ${i} ${printShape(shape)} takes ${size} values, but got ${values.length}`,
    );
  }
  return Array.from(values);
}

/** The index along each axis of the element at `position` in row-major order. */
function coordinates(position: number, shape: Shape): number[] {
  let rest = position;
  return shape
    .toReversed()
    .map((size) => {
      const index = rest % size;
      rest = (rest - index) / size;
      return index;
    })
    .reverse();
}
