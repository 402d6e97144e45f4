import { option, regularizer } from '@neurite/core';

/** strength · Σ |w|. `strength`: 1e-4. Tibshirani, 1996. */
export const l1 = regularizer(
  'l1',
  { strength: option.nonNegative(1e-4) },
  ({ strength }) =>
    (w) =>
      w.abs().sum().mul(strength),
);
