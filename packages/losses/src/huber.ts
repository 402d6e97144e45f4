import { loss, meanPerExample, option } from '@neurite/core';

/**
 * ½ d² where |d| ≤ δ, else δ (|d| − ½ δ), with d = x − target; the mean over an example's outputs. `delta`: 1. Huber, 1964;
 * PyTorch's HuberLoss.
 */
export const huber = loss('huber', { delta: option.positive(1) }, ({ delta }) => (x, target) => {
  const difference = x.sub(target);
  const distance = difference.abs();
  const far = distance.greater(delta);
  const near = far.select(0, difference); // so that its square has a value everywhere
  return meanPerExample(far.select(distance.sub(delta / 2).mul(delta), near.square().mul(0.5)));
});
