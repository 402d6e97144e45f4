import { classLoss, keepAxes, option } from '@neurite/core';

/**
 * max(0, max xⱼ − x_y + margin) over the wrong classes j, from scores x [batch, classes]: only the strongest rival counts.
 * `margin`: 1. Targets: class numbers or one-hot rows. Crammer and Singer, 2001; Keras's CategoricalHinge, which also
 * takes a rival for at least 0.
 */
export const categoricalHinge = classLoss(
  'categoricalHinge',
  { margin: option.positive(1) },
  ({ margin }) =>
    (x, target) => {
      const right = keepAxes(target.mul(x).sum(-1), x, -1);
      const excess = x.sub(right).add(margin);
      const wrong = target.less(0.5);
      return wrong.select(excess.lessEqual(0).select(0, excess), 0).max(-1);
    },
);
