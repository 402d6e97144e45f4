// Contract: a regularizer adds a penalty on a parameter to the loss.
import type { Tensor } from '../tensor/tensor.ts';
import { type Definition, define, type Plugin } from './definition.ts';
import type { Resolved, Schema } from './options.ts';

type Penalty = (parameter: Tensor) => Tensor;

interface RegularizerBody {
  /** A single number, shape []; it does not depend on the batch. */
  penalty: Penalty;
  /**
   * In place of the penalty's gradient: where the parameter goes after a step whose learning rate was `rate` [], being
   * the least of rate · penalty(w) + ½ ‖w − parameter‖². The proximal operator, for penalties with a kink.
   */
  proximal?: ((parameter: Tensor, rate: Tensor) => Tensor) | undefined;
}

/** A regularizer: a penalty on a parameter that is added to the loss. */
export interface Regularizer extends Plugin<'regularizer'>, RegularizerBody {}

/** Defines a regularizer: by its penalty, or by that and its proximal operator. */
/* @__NO_SIDE_EFFECTS__ */
export const regularizer = <const Type extends string, const S extends Schema>(
  type: Type,
  schema: S,
  make: (options: Resolved<S>) => Penalty | RegularizerBody,
): Definition<'regularizer', Type, S, Regularizer> =>
  define<'regularizer', Type, S, Regularizer>('regularizer', type, schema, (options) => {
    const made = make(options);
    return typeof made === 'function' ? { penalty: made } : made;
  });
