// The matrix product. A transposed operand is a view: the backend reads it by its strides and nothing is copied.
import { NeuriteError } from '../../errors.ts';
import { isFloat } from '../../scalar/dtype.ts';
import { printShape } from '../../scalar/shape.ts';
import type { ContractOp } from '../op.ts';
import type { Tensor } from '../tensor.ts';

export const matmul: ContractOp = {
  kind: 'contract',
  key: 'matmul',
  infer: (sources) => {
    const [a, b] = sources as [Tensor, Tensor];
    if (a.shape.length !== 2 || b.shape.length !== 2 || a.shape[1] !== b.shape[0]) {
      throw new NeuriteError(
        'shape',
        `matmul takes [m, k] and [k, n], but got ${printShape(a.shape)} and ${printShape(b.shape)}`,
      );
    }
    if (a.dtype !== b.dtype || !isFloat(a.dtype)) {
      throw new NeuriteError(
        'dtype',
        `matmul takes two tensors of one float dtype, but got ${a.dtype} and ${b.dtype}: use cast()`,
      );
    }
    return { shape: [a.shape[0] as number, b.shape[1] as number], dtype: a.dtype };
  },
  gradient: (g, _, a, b) => [g.matmul(b.transpose()), a.transpose().matmul(g)],
};
