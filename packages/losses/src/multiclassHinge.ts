import { classLoss, keepAxes, option } from '@neurite/core';

/**
 * Σ max(0, xⱼ − x_y + margin) over the wrong classes j, from scores x [batch, classes]: the SVM loss of CS231n, after
 * Weston and Watkins, 1999. `margin`: 1. `squared`: false; true squares each term of the sum. Targets: class numbers or
 * one-hot rows.
 */
export const multiclassHinge = classLoss(
  'multiclassHinge',
  { margin: option.positive(1), squared: false },
  ({ margin, squared }) =>
    (x, target) => {
      const right = keepAxes(target.mul(x).sum(-1), x, -1);
      const excess = x.sub(right).add(margin);
      const wrong = target.less(0.5);
      const terms = wrong.select(excess.lessEqual(0).select(0, excess), 0);
      return (squared ? terms.square() : terms).sum(-1);
    },
);
