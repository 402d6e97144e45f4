import { option } from '@neurite/core';
import { clipping, shrinkage, sumOfSquares } from './clipping.ts';

/**
 * `optimizer` with the gradient of each parameter on its own shortened to a norm of `limit`: g · min(1, limit / (‖g‖ +
 * 1e-6)). PyTorch's clip_grad_norm_, called for each parameter. `limit`: 1.
 *
 * @example
 * clipByNorm({ optimizer: adam(), limit: 0.5 })
 */
export const clipByNorm = clipping(
  'clipByNorm',
  { limit: option.positive(1) },
  ({ limit }) =>
    (gradients) =>
      gradients.map((gradient) => gradient.mul(shrinkage(sumOfSquares([gradient]), limit))),
);
