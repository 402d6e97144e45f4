// A rate within a schedule or an optimizer that counts steps in its own way. Internal.
import type { Schedule, ScheduleMemory } from '@neurite/core';

/** What `rate` is at a step, counted from 0. */
export const rateAt = (rate: number | Schedule, step: number, memory?: ScheduleMemory): number =>
  typeof rate === 'number' ? rate : rate.rate(step, memory);

/**
 * What `rate` remembers, if anything, as the memory of the schedule around it.
 * @param counted so many steps of its own were made, given those of the training; it sees no report before the first.
 */
export function memoryOf(
  rate: number | Schedule,
  counted: (steps: number) => number,
): Pick<Schedule, 'memory' | 'observe'> {
  if (typeof rate === 'number' || !rate.memory) return {};
  return {
    memory: rate.memory,
    observe: (memory, report) => {
      const steps = counted(report.steps);
      return steps > 0 ? (rate.observe?.(memory, { ...report, steps }) ?? memory) : memory;
    },
  };
}
