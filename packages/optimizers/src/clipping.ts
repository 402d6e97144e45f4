// How the wrappers that clip gradients are defined. Internal.
import { optimizerWrapper, type Resolved, type Schema, type Tensor } from '@neurite/core';

/** Σ g² over all `gradients`, []. */
export const sumOfSquares = (gradients: readonly Tensor[]): Tensor =>
  gradients.map((gradient) => gradient.square().sum()).reduce((total, sum) => total.add(sum));

/** By what gradients of the norm √sum are multiplied: 1 up to `limit`, as in PyTorch's clip_grad_norm_. */
export const shrinkage = (sum: Tensor, limit: number): Tensor =>
  sum.sqrt().add(1e-6).reciprocal().mul(limit).minimum(1);

/** Defines an optimizer that gives another one clipped gradients: outer wrappers clip first. */
/* @__NO_SIDE_EFFECTS__ */
export const clipping = <const Type extends string, const S extends Schema>(
  type: Type,
  schema: S,
  make: (options: Resolved<S>) => (gradients: readonly Tensor[]) => readonly Tensor[],
) =>
  optimizerWrapper(type, schema, (inner, options) => {
    const clip = make(options);
    return {
      prepare: (gradients, context) => {
        const clipped = clip(gradients);
        return inner.prepare?.(clipped, context) ?? clipped;
      },
    };
  });
