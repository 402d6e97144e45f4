import { NeuriteError } from '../errors.ts';
import { initializer } from '../plugin/initializer.ts';
import { normal } from '../tensor/random.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** x (a + b xᵀx + c (xᵀx)²): lifts small singular values 3.4-fold, and keeps those near 1 within 0.68 … 1.14. Jordan, 2024. */
const lift = [3.4445, -4.775, 2.0315] as const;
/** Newton's and Schulz's own step, which squares the distance from 1: from 0.32 to below 10⁻⁹. */
const polish = [1.5, -0.5, 0] as const;
const polishings = 6;

function improve(x: Tensor, [a, b, c]: readonly [number, number, number]): Tensor {
  const square = x.transpose().matmul(x);
  const even = c === 0 ? square.mul(b) : square.mul(b).add(square.matmul(square).mul(c));
  return x.mul(a).add(x.matmul(even));
}

/** So many steps that the smallest singular value of nearly every normal matrix is lifted from where it is to near 1. */
function liftings(rows: number, columns: number): number {
  const smallest = Math.max(Math.sqrt(rows) - Math.sqrt(columns), 1e-4 / Math.sqrt(columns)) / 2;
  return Math.ceil(Math.log(Math.sqrt(rows * columns) / smallest) / Math.log(lift[0]));
}

/**
 * `gain` times a random matrix with orthonormal columns, or rows where those are fewer: lengths and angles pass unchanged.
 * `gain`: 1. The nearest such matrix to a normal one, by Newton and Schulz's iteration, to within 10⁻⁴. Saxe et al., 2014;
 * PyTorch's orthogonal_.
 */
export const orthogonal = initializer('orthogonal', { gain: 1 }, ({ gain }) => ({ shape, dtype, random }) => {
  if (shape.length < 2) {
    throw new NeuriteError('shape', `orthogonal takes a matrix, but got [${shape}]: it is not for biases`);
  }
  const flat = normal(shape, random, dtype).reshape([shape[0] as number, -1]);
  const [rows, columns] = flat.shape as [number, number];
  let x = rows < columns ? flat.transpose() : flat;
  x = x.div(x.square().sum().sqrt()); // no singular value above 1
  const steps = liftings(Math.max(rows, columns), Math.min(rows, columns));
  for (let step = 0; step < steps; step++) x = improve(x, lift);
  for (let step = 0; step < polishings; step++) x = improve(x, polish);
  return (rows < columns ? x.transpose() : x).mul(gain).reshape(shape);
});
