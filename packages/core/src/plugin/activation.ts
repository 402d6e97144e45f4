// Contract: an activation is an expression over tensors, element by element or along the last axis.
import type { Tensor } from '../tensor/tensor.ts';
import { type Definition, define, type Plugin } from './definition.ts';
import type { Initializer } from './initializer.ts';
import type { Resolved, Schema } from './options.ts';

/** An activation: a function of each number of a tensor, or of a row. */
export interface Activation extends Plugin<'activation'> {
  /** [batch, …] → [batch, …]. */
  apply(x: Tensor): Tensor;
  /** What weights in front of it should begin as. */
  readonly initializer: Initializer | undefined;
  /** Whether it gives probabilities, which losses that take logits must not get. */
  readonly givesProbabilities: boolean;
}

interface Traits {
  readonly initializer?: Initializer;
  readonly givesProbabilities?: boolean;
}
type Formula = (x: Tensor) => Tensor;

/**
 * Defines an activation.
 *
 * @example
 * const relu = activation('relu', (x) => x.lessEqual(0).select(0, x));
 * const leakyRelu = activation('leakyRelu', { slope: 0.01 }, ({ slope }) => (x) => x.greater(0).select(x, x.mul(slope)));
 */
/* @__NO_SIDE_EFFECTS__ */
export function activation<const Type extends string>(
  type: Type,
  formula: Formula,
  traits?: Traits,
): Definition<'activation', Type, Record<never, never>, Activation>;
export function activation<const Type extends string, const S extends Schema>(
  type: Type,
  schema: S,
  make: (options: Resolved<S>) => Formula,
  traits?: Traits,
): Definition<'activation', Type, S, Activation>;
export function activation(
  type: string,
  first: Formula | Schema,
  second?: Traits | ((options: never) => Formula),
  third?: Traits,
): Definition<'activation', string, Schema, Activation> {
  const [schema, make, traits] =
    typeof first === 'function'
      ? ([{}, () => first, second as Traits | undefined] as const)
      : ([first, second as (options: unknown) => Formula, third] as const);
  return define('activation', type, schema, (options) => ({
    apply: make(options),
    initializer: traits?.initializer,
    givesProbabilities: traits?.givesProbabilities ?? false,
  }));
}
