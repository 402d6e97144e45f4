// A line search that makes one trial at each step, by bisection as in Lewis and Overton, 2013: Nonsmooth Optimization via
// Quasi-Newton Methods, algorithm 4.6. Internal.
import type { Tensor } from '@neurite/core';

/** By how much of what the slope promises the loss must fall, and how much of the slope may be left; as in PyTorch. */
const [fall, steepness] = [1e-4, 0.9];

/** Where it is: the length of the trial under way, the longest that was too short and the shortest that was too long. */
export interface Search {
  readonly length: Tensor;
  readonly low: Tensor;
  /** 0 where none was too long yet. */
  readonly high: Tensor;
  /** Trials on this line so far, the one under way among them. */
  readonly trials: Tensor;
}

/** Both uint8 conditions hold; either does. */
export const both = (a: Tensor, b: Tensor): Tensor => a.select(b, 0);
export const either = (a: Tensor, b: Tensor): Tensor => a.select(1, b);

/** The loss at a point, and its slope there times the length of the way from the base to the trial. */
export interface Height {
  readonly loss: Tensor;
  readonly slope: Tensor;
}

/**
 * The two conditions of Wolfe, 1969: the trial is low enough, and no longer steep. Near the least, where falls are lost in
 * rounding, a slope that has turned is proof enough of one: Hager and Zhang, 2005, the approximate condition.
 */
export function judge(base: Height, trial: Height): { isLow: Tensor; isShallow: Tensor } {
  const rounding = base.loss.abs().mul(trial.loss.dtype === 'float64' ? 1e-14 : 1e-6);
  const falls = trial.loss.lessEqual(base.loss.add(base.slope.mul(fall)));
  const seemsToFall = both(
    trial.loss.lessEqual(base.loss.add(rounding)),
    trial.slope.lessEqual(base.slope.mul(2 * fall - 1)),
  );
  return {
    isLow: both(base.slope.lessEqual(0), either(falls, seemsToFall)),
    isShallow: trial.slope.greaterEqual(base.slope.mul(steepness)),
  };
}

/** The search after a trial that was not accepted: half way between too short and too long, or twice as far. */
export function nextTrial({ length, low, high, trials }: Search, isLow: Tensor): Search {
  const [newLow, newHigh] = [isLow.select(length, low), isLow.select(high, length)];
  return {
    length: newHigh.greater(0).select(newLow.add(newHigh).div(2), length.mul(2)),
    low: newLow,
    high: newHigh,
    trials: trials.add(1),
  };
}

/** The search on a new line. */
export const firstTrial = (length: Tensor): Search => ({
  length,
  low: length.mul(0),
  high: length.mul(0),
  trials: length.mul(0).add(1),
});
