// Contract: a constraint brings a parameter back, after each step, to where it may be.
import type { Tensor } from '../tensor/tensor.ts';
import { type Definition, define, type Plugin } from './definition.ts';
import type { Resolved, Schema } from './options.ts';

/** A constraint: where a parameter is put back to after each step. */
export interface Constraint extends Plugin<'constraint'> {
  /** The parameter that is allowed and nearest to this one, of the same shape. */
  project(parameter: Tensor): Tensor;
}

/** Defines a constraint. */
/* @__NO_SIDE_EFFECTS__ */
export const constraint = <const Type extends string, const S extends Schema>(
  type: Type,
  schema: S,
  make: (options: Resolved<S>) => (parameter: Tensor) => Tensor,
): Definition<'constraint', Type, S, Constraint> =>
  define<'constraint', Type, S, Constraint>('constraint', type, schema, (options) => ({
    project: make(options),
  }));
