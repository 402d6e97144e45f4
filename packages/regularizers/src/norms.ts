// Lengths of the vectors that a weight is made of. Internal.
import { keepAxes, type Tensor } from '@neurite/core';

/** The norm of each unit's incoming weights — all axes but the last —, with axes of size 1 in their place. */
export function unitNorms(weight: Tensor): Tensor {
  const incoming = weight.shape.slice(0, -1).map((_, axis) => axis);
  return keepAxes(weight.square().sum(incoming).sqrt(), weight, incoming);
}
