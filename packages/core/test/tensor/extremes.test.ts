// Finite where the true value is, in value and gradient, however large the inputs; float32 and float64.
import { describe, expect, it } from 'vitest';
import { type DType, grad, logSoftmax, logSumExp, softmax, type Tensor } from '../../src/index.ts';
import { numbersOf } from '../support/numbers.ts';

const gradientOf = (formula: (x: Tensor) => Tensor, values: readonly number[], dtype: DType): number[] =>
  numbersOf((x) => grad(formula(x).sum(), [x])[0] as Tensor, [[values.length], values, dtype]);

const large = [0, 1e-8, -1e-8, 30, -30, 750, -750, 1e30, -1e30];
const rows = [
  [750, -750, 0],
  [1e30, -1e30, 1e30],
  [-1e30, -1e30, -1e30],
  [-750, -750, -751],
];

describe.each(['float32', 'float64'] as const)('in %s', (dtype) => {
  it.each([
    ['sigmoid', (x: Tensor) => x.sigmoid(), 0, 1],
    ['tanh', (x: Tensor) => x.tanh(), -1, 1],
  ] as const)('%s and its gradient are finite', (_, formula, low, high) => {
    const values = numbersOf(formula, [[large.length], large, dtype]);
    const gradients = gradientOf(formula, large, dtype);
    for (const value of values) expect(value >= low && value <= high).toBe(true);
    for (const gradient of gradients) expect(gradient >= 0 && gradient <= 1).toBe(true);
    expect(values.slice(5)).toEqual([high, low, high, low]);
    expect(gradients.slice(5).map(Math.abs)).toEqual([0, 0, 0, 0]);
  });

  it.each([
    ['logSumExp', (x: Tensor) => logSumExp(x)],
    ['softmax', (x: Tensor) => softmax(x)],
    ['logSoftmax', (x: Tensor) => logSoftmax(x)],
  ])('%s and its gradient are finite', (_, formula) => {
    for (const row of rows) {
      const values = numbersOf(formula, [[3], row, dtype]);
      const gradients = gradientOf((x) => formula(x).mul(0.5), row, dtype);
      expect(
        [...values, ...gradients].filter((value) => !Number.isFinite(value)),
        `${row}`,
      ).toEqual([]);
    }
  });

  it('softmax and the gradient of logSumExp are the limits', () => {
    expect(numbersOf((x) => softmax(x), [[3], [1e30, -1e30, 1e30], dtype])).toEqual([0.5, 0, 0.5]);
    expect(gradientOf((x) => logSumExp(x), [750, -750, 0], dtype)).toEqual([1, 0, 0]);
    expect(numbersOf((x) => logSoftmax(x), [[2], [750, -750], dtype])).toEqual([0, -1500]);
  });

  const infinity = Number.POSITIVE_INFINITY;
  it('infinite inputs have the values that they should have', () => {
    const of = (formula: (x: Tensor) => Tensor, ...values: number[]) =>
      numbersOf(formula, [[values.length], values, dtype]);
    expect(of((x) => x.sigmoid(), infinity, -infinity)).toEqual([1, 0]);
    expect(of((x) => x.tanh(), infinity, -infinity)).toEqual([1, -1]);
    expect(of((x) => x.exp(), -infinity)).toEqual([0]);
    expect(of((x) => logSumExp(x), -infinity, 0)).toEqual([0]);
    expect(of((x) => logSumExp(x), -infinity, -infinity)).toEqual([-infinity]);
    expect(of((x) => logSumExp(x), infinity, 0)).toEqual([infinity]);
    expect(of((x) => softmax(x), -infinity, 3)).toEqual([0, 1]);
  });

  it('a class that is masked by −∞ gets no gradient and spoils no other', () => {
    expect(gradientOf((x) => logSumExp(x), [-infinity, 0, 0], dtype)).toEqual([0, 0.5, 0.5]);
  });
});
