// Contract: a regularizer adds a penalty on a parameter to the loss.
import type { Tensor } from '../tensor/tensor.ts';
import { type Definition, define, type Plugin } from './definition.ts';
import type { Resolved, Schema } from './options.ts';

export interface Regularizer extends Plugin<'regularizer'> {
  /** A single number, shape []; it does not depend on the batch. */
  penalty(parameter: Tensor): Tensor;
}

/** Defines a regularizer. */
/* @__NO_SIDE_EFFECTS__ */
export const regularizer = <const Type extends string, const S extends Schema>(
  type: Type,
  schema: S,
  make: (options: Resolved<S>) => (parameter: Tensor) => Tensor,
): Definition<'regularizer', Type, S, Regularizer> =>
  define<'regularizer', Type, S, Regularizer>('regularizer', type, schema, (options) => ({
    penalty: make(options),
  }));
