// Contract: an initializer says what a parameter's numbers are before training.
import type { DType } from '../scalar/dtype.ts';
import type { RandomSource } from '../tensor/random.ts';
import type { Shape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Definition, define, type Plugin } from './definition.ts';
import type { Resolved, Schema } from './options.ts';

export interface InitializerContext {
  readonly shape: Shape;
  readonly dtype: DType;
  /** Numbers that flow into each unit, and out of each. */
  readonly fanIn: number;
  readonly fanOut: number;
  /** A stream of the parameter's own. */
  readonly random: RandomSource;
}

export interface Initializer extends Plugin<'initializer'> {
  /** A tensor of `shape` and `dtype`. */
  apply(context: InitializerContext): Tensor;
}

/** Defines an initializer. */
/* @__NO_SIDE_EFFECTS__ */
export const initializer = <const Type extends string, const S extends Schema>(
  type: Type,
  schema: S,
  make: (options: Resolved<S>) => (context: InitializerContext) => Tensor,
): Definition<'initializer', Type, S, Initializer> =>
  define<'initializer', Type, S, Initializer>('initializer', type, schema, (options) => ({
    apply: make(options),
  }));
