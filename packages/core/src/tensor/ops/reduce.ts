// Reductions, which take axes away.

import type { Shape } from '../../scalar/shape.ts';
import type { ReduceOp, Reduction } from '../op.ts';
import type { Tensor } from '../tensor.ts';

const reduction = (name: Reduction, axes: readonly number[], gradient?: ReduceOp['gradient']): ReduceOp => ({
  kind: 'reduce',
  key: `${name} ${axes}`,
  reduction: name,
  axes,
  chooses: name === 'max',
  infer: ([source]) => {
    const { shape, dtype } = source as Tensor;
    return {
      shape: shape.filter((_, axis) => !axes.includes(axis)),
      dtype: name === 'argmax' ? 'int32' : dtype,
    };
  },
  ...(gradient && { gradient }),
});

/** `reduced` stretched back over the axes that went away. */
const restore = (reduced: Tensor, shape: Shape, axes: readonly number[]): Tensor =>
  reduced.reshape(shape.map((size, axis) => (axes.includes(axis) ? 1 : size))).broadcastTo(shape);

export const sum = (axes: readonly number[]): ReduceOp =>
  reduction('sum', axes, (g, _, source) => [restore(g, source.shape, axes)]);

/** Equal maxima share the gradient evenly, as in PyTorch's amax. */
export const max = (axes: readonly number[]): ReduceOp =>
  reduction('max', axes, (g, y, source) => {
    const isMaximum = source.equal(restore(y, source.shape, axes));
    const share = g.div(isMaximum.cast(g.dtype).sum(axes));
    return [isMaximum.select(restore(share, source.shape, axes), 0)];
  });

/** The first of equal maxima; indices are int32. */
export const argmax = (axis: number): ReduceOp => reduction('argmax', [axis]);
