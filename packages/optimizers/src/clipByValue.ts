import { option } from '@neurite/core';
import { clipping } from './clipping.ts';

/**
 * `optimizer` with each number of each gradient brought within −limit … limit. PyTorch's clip_grad_value_.
 * `limit`: 1.
 *
 * @example
 * clipByValue({ optimizer: sgd({ learningRate: 0.1 }), limit: 0.5 })
 */
export const clipByValue = clipping(
  'clipByValue',
  { limit: option.positive(1) },
  ({ limit }) =>
    (gradients) =>
      gradients.map((gradient) => gradient.maximum(-limit).minimum(limit)),
);
