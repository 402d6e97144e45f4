import { activation, NeuriteError, Tensor } from '@neurite/core';
import { describe, expect, it } from 'vitest';
import { AssertionError, checkGradient } from '../src/index.ts';

/** x², whose gradient rule `rule` says what it likes. */
function squareWith(rule: (upstream: Tensor, x: Tensor) => Tensor): (x: Tensor) => Tensor {
  return (x) => {
    const { op } = x.square();
    return new Tensor({ ...op, key: 'mySquare', gradient: (g: Tensor) => [rule(g, x)] } as typeof op, [x]);
  };
}
const errorOf = (run: () => unknown): Error => {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
};

describe('checkGradient', () => {
  it('passes what is right, with a small error', () => {
    expect(checkGradient((x, y) => x.mul(y.tanh()), [{ shape: [3, 4] }, { shape: [4] }])).toBeLessThan(1e-7);
    expect(
      checkGradient(
        squareWith((g, x) => g.mul(x).mul(2)),
        [{ shape: [5] }],
      ),
    ).toBeLessThan(1e-7);
  });

  it('takes plugins', () => {
    const swish = activation('swish', (x) => x.mul(x.sigmoid()));
    expect(() => checkGradient((x) => swish().apply(x), [{ shape: [2, 3], range: [-5, 5] }])).not.toThrow();
  });

  it.each([
    ['a factor that is missing', squareWith((g, x) => g.mul(x))],
    ['a sign that is wrong', squareWith((g, x) => g.mul(x).mul(-2))],
    ['a factor that is a little off', squareWith((g, x) => g.mul(x).mul(2.00001))],
    ['a constant that is added', squareWith((g, x) => g.mul(x).mul(2).add(1e-6))],
    ['an upstream that is left out', squareWith((_, x) => x.mul(2))],
    ['a gradient that is NaN', squareWith((g) => g.mul(Number.NaN))],
    ['no gradient at all', squareWith((g) => g.mul(0))],
  ])('finds %s', (_, formula) => {
    expect(errorOf(() => checkGradient(formula, [{ shape: [3] }]))).toBeInstanceOf(AssertionError);
  });

  it('finds one wrong element among many, and errors that cancel in the sum', () => {
    const twisted = squareWith((g, x) => g.mul(x).mul(2).transpose());
    expect(errorOf(() => checkGradient(twisted, [{ shape: [2, 2] }]))).toBeInstanceOf(AssertionError);
  });

  it('names the input, the element and both values', () => {
    const wrong = squareWith((g, x) => g.mul(x));
    const error = errorOf(() =>
      checkGradient((_, y) => wrong(y), [{ shape: [2] }, { shape: [2, 2], values: [0, 0, 0, 3] }]),
    );
    expect(error).toMatchObject({ name: 'AssertionError' });
    expect(error.message).toMatch(
      /^the gradient is wrong for input 1 \[2, 2\] at \[1, 1\], where it is 3: grad says [\d.]+, central differences say [\d.]+, relative error 0\.50 > 0\.000001$/,
    );
    const { actual, expected } = error as AssertionError;
    expect((expected as number) / (actual as number)).toBeCloseTo(2, 6);
  });

  it('hands over integers and does not differentiate them', () => {
    const labels = { shape: [2], values: [2, 0], dtype: 'int32' } as const;
    expect(() =>
      checkGradient((x, i) => x.mul(i.oneHot(3, 'float64')).sum(1), [{ shape: [2, 3] }, labels]),
    ).not.toThrow();
  });

  it('takes its own values, range and seed', () => {
    const seen: number[] = [];
    const log = (x: Tensor): Tensor => {
      seen.push(x.size);
      return x.log();
    };
    expect(() => checkGradient(log, [{ shape: [4], range: [0.5, 2] }], { seed: 7 })).not.toThrow();
    expect(() =>
      checkGradient((x) => x.log(), [{ shape: [2], values: Float64Array.of(1, 2) }]),
    ).not.toThrow();
    expect(seen).toEqual([4]);
  });

  it('can be stricter or more lenient', () => {
    const off = squareWith((g, x) => g.mul(x).mul(2.0001));
    const input = [{ shape: [2], values: [1, 2] }];
    expect(() => checkGradient(off, input, { tolerance: 1e-3 })).not.toThrow();
    expect(() => checkGradient(off, input, { tolerance: 1e-5 })).toThrow(AssertionError);
  });

  it.each([
    [
      'values of another size',
      () => checkGradient((x) => x, [{ shape: [3], values: [1] }]),
      'shape',
      'checkGradient: input 0 [3] takes 3 values, but got 1',
    ],
    [
      'integers without values',
      () => checkGradient((x) => x.cast('float64'), [{ shape: [3], dtype: 'int32' }]),
      'option',
      'checkGradient: input 0 is int32: give its values',
    ],
    [
      'a function that leaves float64',
      () => checkGradient((x) => x.cast('float32'), [{ shape: [3] }]),
      'dtype',
      'checkGradient: the function must stay in float64, but gave float32: do not cast inside it',
    ],
  ])('refuses %s', (_, run, code, message) => {
    const error = errorOf(run);
    expect(error).toBeInstanceOf(NeuriteError);
    expect(error).toMatchObject({ code, message });
  });
});
