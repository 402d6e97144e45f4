import { option, regularizer } from '@neurite/core';

/** strength / 2 · Σ w², whose gradient is strength · w, as in CS231n. `strength`: 1e-4. */
export const l2 = regularizer(
  'l2',
  { strength: option.nonNegative(1e-4) },
  ({ strength }) =>
    (w) =>
      w
        .square()
        .sum()
        .mul(strength / 2),
);
