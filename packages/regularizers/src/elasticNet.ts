import { option, regularizer } from '@neurite/core';

/**
 * l1 · Σ |w| + l2 / 2 · Σ w²: what `l1` and `l2` are together, each with its own strength. Zou and Hastie, 2005.
 * `l1`: 1e-4. `l2`: 1e-4.
 */
export const elasticNet = regularizer(
  'elasticNet',
  { l1: option.nonNegative(1e-4), l2: option.nonNegative(1e-4) },
  ({ l1, l2 }) =>
    (w) =>
      w
        .abs()
        .sum()
        .mul(l1)
        .add(
          w
            .square()
            .sum()
            .mul(l2 / 2),
        ),
);
