// Tensors over given numbers, and the oracle's answer as plain lists.
import { expect } from 'vitest';
import { type DType, evaluate, placeholder, type Shape, sizeOf, type Tensor } from '../../src/index.ts';

/** What `formula` makes of `inputs`, each a list of numbers with a shape; float64 unless said otherwise. */
export function numbersOf(
  formula: (...inputs: Tensor[]) => Tensor,
  ...inputs: readonly (readonly [shape: Shape, values: readonly number[], dtype?: DType])[]
): number[] {
  const tensors = inputs.map(([shape, , dtype = 'float64'], i) => placeholder(`${i}`, shape, { dtype }));
  const values = Object.fromEntries(inputs.map(([, numbers], i) => [`${i}`, numbers]));
  const [result] = evaluate([formula(...tensors)], values);
  return Array.from(result ?? []);
}

/** 1, 2, 3 … */
export const counting = (shape: Shape): number[] => Array.from({ length: sizeOf(shape) }, (_, i) => i + 1);

/** Elements of `values` in `shape` for which `formula` is asked by its coordinates. */
export const byIndex = (shape: Shape, formula: (...index: number[]) => number): number[] =>
  Array.from({ length: sizeOf(shape) }, (_, position) => {
    let rest = position;
    const index = [...shape].reverse().map((size) => {
      const coordinate = rest % size;
      rest = Math.floor(rest / size);
      return coordinate;
    });
    return formula(...index.reverse());
  });

/** Expects equal lengths, and each number within `digits` significant digits of what it should be. */
export function expectNear(actual: ArrayLike<number>, expected: ArrayLike<number>, digits = 13): void {
  expect(actual.length).toBe(expected.length);
  for (const [i, wanted] of Array.from(expected).entries()) {
    const got = actual[i] as number;
    if (got === wanted || (Number.isNaN(got) && Number.isNaN(wanted))) continue;
    const error = Math.abs(got - wanted) / Math.max(1, Math.abs(wanted));
    expect(error, `element ${i} is ${got}, not ${wanted}`).toBeLessThan(10 ** -digits);
  }
}
