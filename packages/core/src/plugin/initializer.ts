// Contract: an initializer says what a parameter's numbers are before training.
import type { DType } from '../scalar/dtype.ts';
import type { Shape } from '../scalar/shape.ts';
import type { RandomSource } from '../tensor/random.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Definition, define, type Plugin } from './definition.ts';
import type { Resolved, Schema } from './options.ts';

/** The parameter that an initializer gives numbers to. */
export interface InitializerContext {
  readonly shape: Shape;
  readonly dtype: DType;
  /** Numbers that flow into each unit, and out of each. */
  readonly fanIn: number;
  readonly fanOut: number;
  /** A stream of the parameter's own. */
  readonly random: RandomSource;
}

/** Scaling by the data: repeated until the factor is within `tolerance` of 1, or `iterations` times. */
interface Rescaling {
  /** By what the parameter is to be multiplied, [], given what its layer makes of a batch, before the activation. */
  factor(scores: Tensor): Tensor;
  readonly tolerance: number;
  readonly iterations: number;
}

interface InitializerBody {
  /** A tensor of `shape` and `dtype`. */
  apply(context: InitializerContext): Tensor;
  /** How the numbers are scaled by the training data before the first step, if they are. */
  readonly rescale?: Rescaling | undefined;
}

/** An initializer: the numbers that a parameter begins with. */
export interface Initializer extends Plugin<'initializer'>, InitializerBody {}

/** Defines an initializer: by its first numbers, or by those and how data scale them. */
/* @__NO_SIDE_EFFECTS__ */
export const initializer = <const Type extends string, const S extends Schema>(
  type: Type,
  schema: S,
  make: (options: Resolved<S>) => InitializerBody['apply'] | InitializerBody,
): Definition<'initializer', Type, S, Initializer> =>
  define<'initializer', Type, S, Initializer>('initializer', type, schema, (options) => {
    const made = make(options);
    return typeof made === 'function' ? { apply: made } : made;
  });
