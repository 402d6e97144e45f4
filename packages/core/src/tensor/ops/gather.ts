// Rows chosen by index: how a batch is taken from a data set that stays where it is.
import { NeuriteError } from '../../errors.ts';
import { isFloat } from '../../scalar/dtype.ts';
import { printShape, sizeOf } from '../../scalar/shape.ts';
import type { GatherOp } from '../op.ts';
import type { Tensor } from '../tensor.ts';

/** [n, …rest] and int32 indices [b] → [b, …rest]. Indices must lie in 0 … n − 1; whoever fills them checks that. */
export const gather: GatherOp = {
  kind: 'gather',
  key: 'gather',
  infer: (sources) => {
    const [source, indices] = sources as [Tensor, Tensor];
    if (source.shape.length === 0 || indices.shape.length !== 1 || indices.dtype !== 'int32') {
      throw new NeuriteError(
        'shape',
        `gather takes [rows, …] and int32 indices [count], but got ${printShape(source.shape)} and ${indices.dtype} ${printShape(indices.shape)}`,
      );
    }
    return { shape: [indices.shape[0] as number, ...source.shape.slice(1)], dtype: source.dtype };
  },
  // Rows that were chosen twice add up: a product with the indicator matrix, which needs no kernel of its own.
  gradient: (g, _, source, indices) => {
    if (!isFloat(source.dtype)) return [undefined, undefined];
    const [rows, count] = [source.shape[0] as number, indices.shape[0] as number];
    const flat = g.reshape([count, sizeOf(source.shape.slice(1))]);
    return [indices.oneHot(rows, g.dtype).transpose().matmul(flat).reshape(source.shape), undefined];
  },
};
