// Gradients where none is defined: PyTorch's conventions, worked out by hand.
import { describe, expect, it } from 'vitest';
import { grad, type Tensor } from '../../src/index.ts';
import { numbersOf } from '../support/numbers.ts';

const gradientOf = (formula: (x: Tensor) => Tensor, values: readonly number[]): number[] =>
  numbersOf((x) => grad(formula(x).sum(), [x])[0] as Tensor, [[values.length], values]).map((g) => g + 0);
const gradientsOf = (formula: (x: Tensor, y: Tensor) => Tensor, x: readonly number[], y: readonly number[]) =>
  [0, 1].map((i) =>
    numbersOf((a, b) => grad(formula(a, b).sum(), [a, b])[i] as Tensor, [[x.length], x], [[y.length], y]),
  );

describe('at kinks', () => {
  it('what select does not choose has no gradient: relu′(0) = 0', () => {
    expect(gradientOf((x) => x.greater(0).select(x, 0), [-1, 0, 2])).toEqual([0, 0, 1]);
    expect(gradientOf((x) => x.greater(0).select(x, x.mul(0.1)), [0])).toEqual([0.1]);
  });

  it('|x|′(0) = 0', () => {
    expect(gradientOf((x) => x.abs(), [-2, 0, 3])).toEqual([-1, 0, 1]);
  });

  it('equal operands of maximum and minimum share evenly', () => {
    expect(gradientsOf((x, y) => x.maximum(y), [1, 2, 3], [3, 2, 1])).toEqual([
      [0, 0.5, 1],
      [1, 0.5, 0],
    ]);
    expect(gradientsOf((x, y) => x.minimum(y), [1, 2, 3], [3, 2, 1])).toEqual([
      [1, 0.5, 0],
      [0, 0.5, 1],
    ]);
    expect(gradientOf((x) => x.maximum(0), [0])).toEqual([0.5]);
  });

  it('equal maxima share evenly', () => {
    expect(gradientOf((x) => x.max(), [1, 4, 4, 0])).toEqual([0, 0.5, 0.5, 0]);
    expect(gradientOf((x) => x.max(), [3, 3, 3, 3])).toEqual([0.25, 0.25, 0.25, 0.25]);
    expect(gradientOf((x) => x.min(), [1, 4, 1, 9])).toEqual([0.5, 0, 0.5, 0]);
  });

  it('powers of 0 have the gradient that their limit has', () => {
    const of = (exponent: number) => gradientOf((x) => x.pow(exponent), [0]);
    expect([of(0), of(1), of(2), of(3)]).toEqual([[0], [1], [0], [0]]);
    expect(gradientOf((x) => x.pow(2), [-3])).toEqual([-6]);
    const [base, exponent] = gradientsOf((x, y) => x.pow(y), [0, 0], [2, 1]);
    expect(base).toEqual([0, 1]);
    expect(exponent).toEqual([0, 0]);
  });

  it('floor and sign are flat', () => {
    expect(gradientOf((x) => x.floor(), [0, 1.5])).toEqual([0, 0]);
    expect(gradientOf((x) => x.sign(), [0, 1.5])).toEqual([0, 0]);
  });
});
