// Composite formulas over tensors that several plugins need; each is made of primitives alone.
import { isFloat } from '../scalar/dtype.ts';
import { normalizeAxes } from '../scalar/shape.ts';
import { constant, type Tensor } from './tensor.ts';

/** Zeros of the shape and dtype of `tensor`. */
export const zerosLike = ({ shape, dtype }: Tensor): Tensor => constant(0, { shape, dtype });

/** `tensor` with axes of size 1 where `axes` were taken away from `like`, so that the two broadcast. */
export function keepAxes(tensor: Tensor, like: Tensor, axes: number | readonly number[]): Tensor {
  const gone = normalizeAxes(axes, like.shape.length, 'keepAxes');
  return tensor.reshape(like.shape.map((size, axis) => (gone.includes(axis) ? 1 : size)));
}

/** The largest element along `axes`, as a constant; 0 where it is infinite, so that x − shift has no ∞ − ∞. */
function shiftOf(x: Tensor, axes: number | readonly number[]): Tensor {
  const largest = x.max(axes).stopGradient();
  return largest.abs().less(Number.POSITIVE_INFINITY).select(largest, 0);
}

/** ln Σ exp x over `axes`, without overflow. */
export function logSumExp(x: Tensor, axes: number | readonly number[] = -1): Tensor {
  const shift = shiftOf(x, axes);
  return x
    .sub(keepAxes(shift, x, axes))
    .exp()
    .sum(axes)
    .log()
    .add(shift);
}

/** exp x / Σ exp x along `axis`. */
export function softmax(x: Tensor, axis = -1): Tensor {
  const exponentials = x.sub(keepAxes(shiftOf(x, axis), x, axis)).exp();
  return exponentials.div(keepAxes(exponentials.sum(axis), x, axis));
}

/** x − ln Σ exp x along `axis`. */
export const logSoftmax = (x: Tensor, axis = -1): Tensor => x.sub(keepAxes(logSumExp(x, axis), x, axis));

/** ln(1 + eˣ), without overflow. */
export function logOnePlusExp(x: Tensor): Tensor {
  const above = x.greater(0);
  // −|x| by select: smooth through 0, where |x| has a kink
  return above.select(x, 0).add(above.select(x.neg(), x).exp().add(1).log());
}

/** [batch, …] → [batch]: the mean over all that belongs to an example. */
export const meanPerExample = (x: Tensor): Tensor => x.reshape([x.shape[0] as number, -1]).mean(1);

/** 1 where x is a finite number, 0 where it is NaN or infinite (uint8). */
export const isFiniteNumber = (x: Tensor): Tensor =>
  isFloat(x.dtype) ? x.abs().less(Number.POSITIVE_INFINITY) : x.equal(x);
