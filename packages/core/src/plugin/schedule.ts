// Contract: a schedule gives the learning rate of each step. It runs on the host: rates are inputs of the program.
import { type Definition, define, type Plugin } from './definition.ts';
import type { Resolved, Schema } from './options.ts';

/** What a schedule that watches the training gets to see after an epoch. */
export interface ScheduleReport {
  /** Steps that were made so far. */
  readonly steps: number;
  /** The epoch's mean loss, and the validation's where there is one. */
  readonly loss: number;
  readonly validationLoss: number | undefined;
}

/** What a schedule remembers: numbers by name, which a saved training holds too. */
export type ScheduleMemory = Readonly<Record<string, number>>;

/** A schedule: the learning rate of each step. */
export interface Schedule extends Plugin<'schedule'> {
  /**
   * The learning rate of a step; the first step is 0.
   * @param memory what `observe` gave last; `memory` at first. Schedules that remember nothing look at the step alone.
   */
  rate(step: number, memory?: ScheduleMemory): number;
  /** What it remembers at the start, if anything. */
  readonly memory?: ScheduleMemory;
  /** Looks at an epoch and gives what is to be remembered from now on. */
  observe?(memory: ScheduleMemory, report: ScheduleReport): ScheduleMemory;
}

/** Defines a schedule: by its rate, or by that and what it remembers of the training. */
/* @__NO_SIDE_EFFECTS__ */
export const schedule = <const Type extends string, const S extends Schema>(
  type: Type,
  schema: S,
  make: (options: Resolved<S>) => Schedule['rate'] | Pick<Schedule, 'rate' | 'memory' | 'observe'>,
): Definition<'schedule', Type, S, Schedule> =>
  define<'schedule', Type, S, Schedule>('schedule', type, schema, (options) => {
    const made = make(options);
    return typeof made === 'function' ? { rate: made } : made;
  });
