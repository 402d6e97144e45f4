// What L-BFGS knows of the curvature: the last steps and how the gradient changed along them. Internal.
import { concat, type Tensor } from '@neurite/core';

/** Steps and changes of the gradient, [history, n] each, the newest last; rows of zeros where there were none yet. */
export interface Curvature {
  readonly steps: Tensor;
  readonly changes: Tensor;
}

/**
 * Whether the gradient's change along a step tells of a valley, []: of the product of their lengths, steps · changes must
 * be more than a rounding error. Without this, H would not go downhill.
 */
export const bends = (step: Tensor, change: Tensor): Tensor => {
  const [length, steepness] = [step, change].map((x) => x.square().sum().sqrt()) as [Tensor, Tensor];
  return step.mul(change).sum().greater(length.mul(steepness).mul(1e-10).maximum(1e-30));
};

/** `rows` without the oldest, and with `row` [n] as the newest. */
export function withNewest(rows: Tensor, row: Tensor): Tensor {
  const [count, width] = rows.shape as [number, number];
  const newest = row.reshape([1, width]);
  return count === 1 ? newest : concat([rows.slice([1], [count]), newest]);
}

/**
 * −H g, H being the inverse of the Hessian as far as it is known, and whether anything is known of it: the recursion of two
 * loops, Nocedal, 1980; Nocedal and Wright, 2006, algorithm 7.4. −g where nothing is.
 */
export function quasiNewton(
  gradient: Tensor,
  { steps, changes }: Curvature,
): { direction: Tensor; isKnown: Tensor } {
  const [count, width] = steps.shape as [number, number];
  const rows = Array.from({ length: count }, (_, i) => {
    const [step, change] = [steps, changes].map((all) => all.slice([i], [i + 1]).reshape([width])) as [
      Tensor,
      Tensor,
    ];
    const product = dot(step, change);
    const known = product.greater(0);
    return { step, change, product, known, factor: known.select(known.select(product, 1).reciprocal(), 0) };
  });
  const newest = rows[count - 1] as (typeof rows)[number];
  let direction = gradient;
  const shares = rows.toReversed().map(({ step, change, factor }) => {
    const share = dot(step, direction).mul(factor);
    direction = direction.sub(change.mul(share));
    return share;
  });
  const scale = newest.product.div(newest.known.select(dot(newest.change, newest.change), 1));
  direction = newest.known.select(direction.mul(scale), direction);
  for (const { step, change, factor } of rows) {
    const share = shares.pop() as Tensor;
    direction = direction.add(step.mul(share.sub(dot(change, direction).mul(factor))));
  }
  return { direction: direction.neg(), isKnown: newest.known };
}

/** As a product of matrices: what those are made of is computed once, where a sum would take it in. */
function dot(a: Tensor, b: Tensor): Tensor {
  return a
    .reshape([1, -1])
    .matmul(b.reshape([-1, 1]))
    .reshape([]);
}
