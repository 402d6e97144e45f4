import { option, schedule } from '@neurite/core';

/** The same rate at every step: what a plain number is, by name. `rate`: 0.01. */
export const constantRate = schedule(
  'constantRate',
  { rate: option.positive(0.01) },
  ({ rate }) =>
    () =>
      rate,
);
