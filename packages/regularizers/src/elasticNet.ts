import { option, regularizer } from '@neurite/core';
import { softThreshold } from './softThreshold.ts';

/**
 * l1 · Σ |w| + l2 / 2 · Σ w²: what `l1` and `l2` are together, each with its own strength. Zou and Hastie, 2005. With
 * `proximal`, weights become 0 as those of a proximal `l1` do: after each step
 * w ← sign(w) · max(|w| − learningRate · l1, 0) / (1 + learningRate · l2) takes the place of the whole gradient (Parikh and
 * Boyd, 2014: Proximal Algorithms, section 6.5.3).
 * `l1`: 1e-4. `l2`: 1e-4. `proximal`: false.
 */
export const elasticNet = regularizer(
  'elasticNet',
  { l1: option.nonNegative(1e-4), l2: option.nonNegative(1e-4), proximal: false },
  ({ l1, l2, proximal }) => ({
    penalty: (w) =>
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
    proximal: proximal ? (w, rate) => softThreshold(w, rate.mul(l1)).div(rate.mul(l2).add(1)) : undefined,
  }),
);
