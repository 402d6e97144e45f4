import { iota, NeuriteError, option, printShape, regularizer } from '@neurite/core';

/**
 * strength · ‖WᵀW − I‖², all elements squared and added up, for a matrix W [inputs, units]; ‖WWᵀ − I‖² where there are
 * more units than inputs, which has the same gradient and can reach 0. It keeps the smaller side's vectors at length 1
 * and at right angles. Bansal, Chen and Wang, 2018: Can We Gain More from Orthogonality Regularizations, there named SO.
 * `strength`: 1e-4.
 */
export const orthogonal = regularizer(
  'orthogonal',
  { strength: option.nonNegative(1e-4) },
  ({ strength }) =>
    (w) => {
      const [inputs, units, ...rest] = w.shape;
      if (inputs === undefined || units === undefined || rest.length > 0) {
        throw new NeuriteError(
          'shape',
          `orthogonal takes a matrix, but got ${printShape(w.shape)}: give this layer another regularizer`,
        );
      }
      const products = units > inputs ? w.matmul(w.transpose()) : w.transpose().matmul(w);
      const size = products.shape;
      const identity = iota(size, 0).equal(iota(size, 1)).cast(w.dtype);
      return products.sub(identity).square().sum().mul(strength);
    },
);
