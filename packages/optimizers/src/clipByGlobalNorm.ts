import { option } from '@neurite/core';
import { clipping, shrinkage, sumOfSquares } from './clipping.ts';

/**
 * `optimizer` with all gradients together shortened to a norm of `limit`, which keeps their direction:
 * g · min(1, limit / (N + 1e-6)), N = √Σ‖g‖² over all parameters. Pascanu, Mikolov and Bengio, 2013;
 * PyTorch's clip_grad_norm_. `limit`: 1.
 *
 * @example
 * clipByGlobalNorm({ optimizer: adam(), limit: 5 })
 */
export const clipByGlobalNorm = clipping(
  'clipByGlobalNorm',
  { limit: option.positive(1) },
  ({ limit }) =>
    (gradients) => {
      if (gradients.length === 0) return gradients;
      const factor = shrinkage(sumOfSquares(gradients), limit);
      return gradients.map((gradient) => gradient.mul(factor));
    },
);
