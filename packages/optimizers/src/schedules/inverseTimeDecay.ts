import { option, schedule } from '@neurite/core';

/**
 * initial / (1 + decay · step / every), which falls ever more slowly. Keras' InverseTimeDecay; PyTorch's lr_decay of
 * Adagrad is `decay` with `every` 1. Robbins and Monro, 1951. `initial`: 0.01. `decay`: 1. `every`: 1000 steps.
 */
export const inverseTimeDecay = schedule(
  'inverseTimeDecay',
  {
    initial: option.positive(0.01),
    decay: option.nonNegative(1),
    every: option.number(1000, { minimum: 1, whole: true }),
  },
  ({ initial, decay, every }) =>
    (step) =>
      initial / (1 + (decay * step) / every),
);
