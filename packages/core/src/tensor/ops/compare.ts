// Comparisons, which give uint8 truth values (1 or 0) and pass no gradient, and the choice between two tensors.
import { NeuriteError } from '../../errors.ts';
import type { ScalarOperation } from '../../scalar/operations.ts';
import type { MapOp } from '../op.ts';
import type { Tensor } from '../tensor.ts';
import { requireSameShapes } from './arithmetic.ts';

const comparison = (operation: ScalarOperation): MapOp => ({
  kind: 'map',
  key: operation,
  operation,
  costly: false,
  infer: (sources) => {
    const [a, b] = sources as [Tensor, Tensor];
    requireSameShapes(operation, sources);
    if (a.dtype !== b.dtype) {
      throw new NeuriteError(
        'dtype',
        `${operation} takes one dtype, but got ${a.dtype} and ${b.dtype}: use cast()`,
      );
    }
    return { shape: a.shape, dtype: 'uint8' };
  },
});

export const equal = comparison('equal');
export const notEqual = comparison('notEqual');
export const less = comparison('less');
export const lessEqual = comparison('lessEqual');
export const greater = comparison('greater');
export const greaterEqual = comparison('greaterEqual');

/** condition ? a : b. Only the chosen side gets a gradient. */
export const select: MapOp = {
  kind: 'map',
  key: 'select',
  operation: 'select',
  costly: false,
  infer: (sources) => {
    const [condition, a, b] = sources as [Tensor, Tensor, Tensor];
    requireSameShapes('select', sources);
    if (condition.dtype !== 'uint8') {
      throw new NeuriteError(
        'dtype',
        `select takes a uint8 condition, but got ${condition.dtype}: compare it first`,
      );
    }
    if (a.dtype !== b.dtype) {
      throw new NeuriteError(
        'dtype',
        `select takes one dtype, but got ${a.dtype} and ${b.dtype}: use cast()`,
      );
    }
    return { shape: a.shape, dtype: a.dtype };
  },
  gradient: (g, _, condition) => [undefined, condition.select(g, 0), condition.select(0, g)],
};
