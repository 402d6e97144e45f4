import { describe, it } from 'vitest';
import { evaluate, grad, placeholder, type Tensor } from '../../src/index.ts';
import { expectNear, numbersOf } from '../support/numbers.ts';
import { checkGradient, sampleNumbers } from '../support/testing.ts';

const derivative = (y: Tensor, x: Tensor): Tensor => grad(y.sum(), [x])[0] as Tensor;
const second = (formula: (x: Tensor) => Tensor, values: number[]): number[] =>
  numbersOf((x) => derivative(derivative(formula(x), x), x), [[values.length], values]);

describe('second derivatives', () => {
  const values = [-1.5, -0.3, 0.4, 2];
  it('of x³ are 6x, and the third ones 6', () => {
    expectNear(
      second((x) => x.mul(x).mul(x), values),
      values.map((x) => 6 * x),
    );
    expectNear(
      second((x) => x.pow(3), values),
      values.map((x) => 6 * x),
    );
    const third = numbersOf((x) => derivative(derivative(derivative(x.pow(3), x), x), x), [[4], values]);
    expectNear(third, [6, 6, 6, 6]);
  });

  it('of tanh are −2 tanh (1 − tanh²)', () => {
    expectNear(
      second((x) => x.tanh(), values),
      values.map((x) => -2 * Math.tanh(x) * (1 - Math.tanh(x) ** 2)),
    );
  });

  it('of sigmoid, exp, log, sin, reciprocal and sqrt agree with differences of the first', () => {
    const formulas: ((x: Tensor) => Tensor)[] = [
      (x) => x.sigmoid(),
      (x) => x.exp(),
      (x) => x.log(),
      (x) => x.sin(),
      (x) => x.reciprocal(),
      (x) => x.sqrt(),
    ];
    for (const formula of formulas) {
      checkGradient((x) => derivative(formula(x), x), [{ shape: [4], range: [0.3, 2] }]);
    }
  });

  it('of a product in both operands', () => {
    checkGradient(
      (a, b) => derivative(a.matmul(b).tanh(), a).matmul(b),
      [{ shape: [2, 3] }, { shape: [3, 2] }],
    );
  });

  it('give the Hessian of a small network times a vector', () => {
    const sizes = { w1: [3, 4], b1: [4], w2: [4, 1] };
    const inputs = Object.values(sizes).map((shape) => ({ shape }));
    const data = sampleNumbers(15, { seed: 9 });
    const loss = (w1: Tensor, b1: Tensor, w2: Tensor, x: Tensor): Tensor =>
      x.matmul(w1).add(b1).tanh().matmul(w2).square().mean();
    // Differences of the gradient are what the Hessian's columns are.
    for (const which of [0, 1, 2]) {
      checkGradient(
        (w1, b1, w2, x) =>
          grad(loss(w1 as Tensor, b1 as Tensor, w2 as Tensor, x as Tensor), [w1, b1, w2] as Tensor[])[
            which
          ] as Tensor,
        [...inputs, { shape: [5, 3], values: data }],
      );
    }
    // H v is the gradient of ⟨gradient, v⟩: the same along a direction.
    const v = placeholder('v', [3, 4], { dtype: 'float64' });
    const [w1, b1, w2, x] = [...Object.values(sizes), [5, 3]].map((shape, i) =>
      placeholder(`${i}`, shape, { dtype: 'float64' }),
    ) as [Tensor, Tensor, Tensor, Tensor];
    const gradient = grad(loss(w1, b1, w2, x), [w1])[0] as Tensor;
    const product = grad(gradient.mul(v).sum(), [w1])[0] as Tensor;
    const values = {
      0: sampleNumbers(12, { seed: 1 }),
      1: sampleNumbers(4, { seed: 2 }),
      2: sampleNumbers(4, { seed: 3 }),
      3: data,
      v: sampleNumbers(12, { seed: 4 }),
    };
    const at = (step: number): number[] =>
      Array.from(
        evaluate([gradient], {
          ...values,
          0: values[0].map((w, i) => w + step * (values.v[i] as number)),
        })[0] ?? [],
      );
    const [ahead, behind] = [at(1e-5), at(-1e-5)];
    const expected = ahead.map((g, i) => (g - (behind[i] as number)) / 2e-5);
    expectNear(evaluate([product], values)[0] as Float64Array, expected, 8);
  });
});
