// The loops around a use, and how far they reach.
import type { Affine, Kernel } from '@neurite/core/program';

/** Sizes of the loops whose counters a use's view adds up. */
export function loopsAround(kernel: Kernel, use: number): readonly number[] {
  switch (kernel.kind) {
    case 'reduce':
      return [...kernel.shape, ...kernel.over];
    case 'matmul': {
      const [m, n] = kernel.shape as [number, number];
      return use === kernel.left ? [m, kernel.k] : use === kernel.right ? [kernel.k, n] : kernel.shape;
    }
    default:
      return kernel.shape;
  }
}

/** The lowest value of an index in loops, and the one after the highest. */
export function rangeOf({ offset, strides }: Affine, sizes: readonly number[]): [first: number, end: number] {
  let [low, high] = [offset, offset];
  strides.forEach((stride, axis) => {
    const far = stride * ((sizes[axis] as number) - 1);
    if (far < 0) low += far;
    else high += far;
  });
  return [low, high + 1];
}
