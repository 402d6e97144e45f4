import { option, schedule } from '@neurite/core';
import { memoryOf, rateAt } from './within.ts';

/**
 * A straight line up to the rate that follows, from `start` times it: rate₀ · (start + (1 − start) · step / steps); from
 * step `steps` on `before`, which begins with its own step 0 and whose first rate is rate₀. Goyal and others, 2017;
 * PyTorch's LinearLR, then another in SequentialLR. A schedule that watches the training sees what comes after the warm-up.
 * `steps`: 1000. `start`: 1/3. `before`: 0.01, a rate or a schedule.
 *
 * @example
 * adam({ learningRate: warmup({ steps: 500, before: cosineDecay({ initial: 0.001, steps: 10_000 }) }) })
 */
export const warmup = schedule(
  'warmup',
  {
    steps: option.number(1000, { minimum: 1, whole: true }),
    start: option.number(1 / 3, { above: 0, maximum: 1 }),
    before: option.rate(0.01),
  },
  ({ steps, start, before }) => ({
    rate: (step, memory) =>
      step < steps
        ? rateAt(before, 0, memory) * (start + ((1 - start) * step) / steps)
        : rateAt(before, step - steps, memory),
    ...memoryOf(before, (made) => made - steps),
  }),
);
