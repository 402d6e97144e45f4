import { option, type ScheduleReport, schedule } from '@neurite/core';

/**
 * `initial`, and times `factor` whenever the loss has not become better for more than `patience` epochs: better than the
 * least so far by `threshold` of it. The loss is that of the validation where there is one, else that of the training.
 * After each cut, `cooldown` epochs are not counted; the rate never falls below `minimum`. PyTorch's ReduceLROnPlateau,
 * whose `mode` is "min" here.
 * `initial`: 0.01. `factor`: 0.1. `patience`: 10 epochs. `threshold`: 1e-4. `cooldown`: 0 epochs. `minimum`: 0.
 *
 * @example
 * sgd({ learningRate: reduceOnPlateau({ initial: 0.1, patience: 5 }) })
 */
export const reduceOnPlateau = schedule(
  'reduceOnPlateau',
  {
    initial: option.positive(0.01),
    factor: option.number(0.1, { above: 0, below: 1 }),
    patience: option.number(10, { minimum: 0, whole: true }),
    threshold: option.nonNegative(1e-4),
    cooldown: option.number(0, { minimum: 0, whole: true }),
    minimum: option.nonNegative(0),
  },
  ({ initial, factor, patience, threshold, cooldown, minimum }) => ({
    // Any loss is better than the first `best`; JSON has no ∞.
    memory: { rate: initial, best: Number.MAX_VALUE, badEpochs: 0, cooling: 0 },
    rate: (_, memory) => memory?.rate ?? initial,
    observe: (memory, report) => {
      const { rate, best, badEpochs, cooling } = memory as Readonly<Record<MemoryKey, number>>;
      const loss = lossOf(report);
      const isBetter = loss < best - threshold * Math.abs(best);
      const bad = isBetter || cooling > 0 ? 0 : badEpochs + 1;
      const rest = { best: isBetter ? loss : best, cooling: Math.max(cooling - 1, 0) };
      if (bad <= patience) return { ...rest, rate, badEpochs: bad };
      return { ...rest, rate: Math.max(rate * factor, minimum), badEpochs: 0, cooling: cooldown };
    },
  }),
);

type MemoryKey = 'rate' | 'best' | 'badEpochs' | 'cooling';

const lossOf = ({ loss, validationLoss }: ScheduleReport): number => validationLoss ?? loss;
