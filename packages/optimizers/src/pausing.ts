// Optimizers some of whose steps move nothing, and the counting of those that do. Internal.
import { option, type Schedule, schedule, type Tensor } from '@neurite/core';
import type { Remembered } from './nesting.ts';
import { memoryOf } from './schedules/within.ts';

/** Which update a step belongs to, counted from 1 as steps are, and whether it makes it: the last of each `steps`. */
export function updateAt(step: Tensor, steps: number): { update: Tensor; due: Tensor } {
  // Whole numbers decide: in float32, and on a GPU, the quotient alone may be rounded to the wrong side.
  const whole = step.div(steps).floor();
  const update = step.sub(whole.mul(steps)).greater(0).select(whole.add(1), whole);
  return { update, due: update.mul(steps).equal(step) };
}

/** A rate by updates instead of steps. */
export const rateByUpdates = schedule(
  'rateByUpdates',
  { rate: option.requiredPlugin('schedule'), steps: option.count() },
  ({ rate, steps }) => ({
    rate: (step, memory) => rate.rate(Math.floor(step / steps), memory),
    ...memoryOf(rate, (made) => Math.floor(made / steps)),
  }),
);

/** `make`, which gives the same for the same rate: core tells rates apart by what they are. */
export function oncePerRate(make: (rate: Schedule) => Schedule) {
  const known = new Map<Schedule, Schedule>();
  return (rate: number | Schedule): number | Schedule => {
    if (typeof rate === 'number') return rate;
    const made = known.get(rate) ?? make(rate);
    known.set(rate, made);
    return made;
  };
}

/** What was remembered, and at steps that are `due` what is new in its place. */
export const changedWhere = (due: Tensor, before: Remembered, after: Remembered): Remembered => ({
  ...before,
  ...Object.fromEntries(
    Object.entries(after).map(([name, next]) => {
      const last = before[name] as Tensor;
      return [name, next === last ? last : due.select(next, last)];
    }),
  ),
});
