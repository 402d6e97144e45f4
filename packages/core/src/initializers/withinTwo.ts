// Normal numbers cut off at ±2: for the initializers that draw them.
import type { DType } from '../scalar/dtype.ts';
import type { Shape } from '../scalar/shape.ts';
import { type RandomSource, uniform } from '../tensor/random.ts';
import { constant, type Tensor } from '../tensor/tensor.ts';

/** Φ(2) − Φ(−2). */
const share = 0.9544997361036416;
/** Of the inverse of Φ in the middle, with q = p − 1/2: q · numerator(q²) / denominator(q²). Acklam, 2003. */
const numerator = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
  2.506628277459239,
];
const denominator = [
  -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1,
];
const polynomial = (coefficients: readonly number[], x: Tensor): Tensor =>
  coefficients.reduce(
    (sum, coefficient) => sum.mul(x).add(coefficient),
    constant(0, { shape: x.shape, dtype: x.dtype }),
  );

/** The standard deviation of what `withinTwo` gives: √(1 − 4 φ(2) / share). */
export const spreadWithinTwo = 0.8796256610342398;

/** Numbers of a normal distribution, given that they lie within ±2. */
export function withinTwo(shape: Shape, random: RandomSource, dtype: DType): Tensor {
  const q = uniform(shape, random, dtype).sub(0.5).mul(share);
  const square = q.square();
  const z = q.mul(polynomial(numerator, square)).div(polynomial(denominator, square));
  return z.maximum(-2).minimum(2);
}
