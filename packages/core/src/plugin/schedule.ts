// Contract: a schedule gives the learning rate of each step. It runs on the host: rates are inputs of the program.
import { type Definition, define, type Plugin } from './definition.ts';
import type { Resolved, Schema } from './options.ts';

export interface Schedule extends Plugin<'schedule'> {
  /** The learning rate of a step; the first step is 0. */
  rate(step: number): number;
}

/** Defines a schedule. */
/* @__NO_SIDE_EFFECTS__ */
export const schedule = <const Type extends string, const S extends Schema>(
  type: Type,
  schema: S,
  make: (options: Resolved<S>) => (step: number) => number,
): Definition<'schedule', Type, S, Schedule> =>
  define<'schedule', Type, S, Schedule>('schedule', type, schema, (options) => ({ rate: make(options) }));
