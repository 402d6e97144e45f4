// The learning rates of a training: numbers, or what schedules say step by step and remember from epoch to epoch.
import type { Schedule, ScheduleMemory, ScheduleReport } from '../plugin/schedule.ts';
import type { Compiled } from './compiled.ts';
import { type Recipe, ratesOf } from './recipe.ts';

export class Rates {
  readonly #rates: readonly (number | Schedule)[];
  readonly #main: number | Schedule;
  readonly isScheduled: boolean;
  #memories = new Map<Schedule, ScheduleMemory>();

  constructor(recipe: Recipe) {
    this.#rates = ratesOf(recipe);
    this.#main = recipe.optimizer.learningRate;
    this.isScheduled = this.#rates.some((rate) => typeof rate !== 'number');
    for (const rate of [this.#main, ...this.#rates]) {
      if (typeof rate !== 'number' && rate.memory) this.#memories.set(rate, rate.memory);
    }
  }

  /** The optimizer's learning rate at a step, counted from 0. */
  at(step: number): number {
    return this.#of(this.#main, step);
  }

  #of(rate: number | Schedule, step: number): number {
    return typeof rate === 'number' ? rate : rate.rate(step, this.#memories.get(rate));
  }

  /** Tells a new program the rates that never change. */
  prepare(compiled: Compiled): void {
    if (!this.isScheduled)
      compiled.write(
        'learningRate',
        this.#rates.map((rate) => this.#of(rate, 0)),
      );
  }

  /** Brings along the rates of a run of `steps` that begins at `firstStep`, if they are scheduled. */
  write(compiled: Compiled, firstStep: number, steps: number): void {
    if (!this.isScheduled) return;
    compiled.write('firstStep', [firstStep]);
    const rates = Array.from({ length: steps }, (_, i) =>
      this.#rates.map((rate) => this.#of(rate, firstStep + i)),
    );
    compiled.write('learningRates', rates.flat());
  }

  /** Lets the schedules look at an epoch. */
  observe(report: ScheduleReport): void {
    for (const [schedule, memory] of this.#memories)
      this.#memories.set(schedule, schedule.observe?.(memory, report) ?? memory);
  }

  /** What the schedules remember, in a fixed order. */
  get memories(): readonly ScheduleMemory[] {
    return [...this.#memories.values()];
  }

  set memories(all: readonly ScheduleMemory[]) {
    [...this.#memories.keys()].forEach((schedule, i) => {
      const memory = all[i];
      if (memory) this.#memories.set(schedule, memory);
    });
  }
}
