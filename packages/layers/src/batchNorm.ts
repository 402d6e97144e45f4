import { layer, option, type Tensor } from '@neurite/core';
import { affineParameters, applyAffine } from './affine.ts';
import { axesBeforeLast, featureState, featuresOf } from './features.ts';

/**
 * (x − mean) / √(variance + epsilon) · scale + offset, feature by feature: [batch, …, features] → the same. Mean and
 * variance are the batch's, over every axis but the last; in evaluation the running ones, which the layer keeps.
 * Ioffe and Szegedy, 2015; PyTorch's BatchNorm1d, with features along the last axis.
 *
 * - `momentum`: what part of the running statistics a step replaces by the batch's. 0.1.
 * - `epsilon`: 1e-5.
 * - `affine`: whether there are scale [features], which begins as 1, and offset [features], which begins as 0. Penalties
 *   leave both alone. true.
 *
 * State: mean [features], 0 at first, and variance [features], 1 at first, whose batches are divided by n − 1. A batch
 * with one number for each feature has no variance: there the running statistics are used and stay as they are.
 */
export const batchNorm = layer(
  'batchNorm',
  {
    momentum: option.number(0.1, { minimum: 0, maximum: 1 }),
    epsilon: option.positive(1e-5),
    affine: true,
  },
  ({ momentum, epsilon, affine }) => ({
    parameters: (input) => affineParameters(input, affine),
    state: (input) => ({ mean: featureState(input, 0), variance: featureState(input, 1) }),
    apply: (parameters, x, { training, state }) => {
      const normalized = (mean: Tensor, variance: Tensor): Tensor =>
        applyAffine(x.sub(mean).div(variance.add(epsilon).sqrt()), parameters);
      const count = x.size / featuresOf(x.shape);
      if (!training || count === 1) return normalized(state.mean, state.variance);
      const axes = axesBeforeLast(x.shape);
      const mean = x.mean(axes);
      const variance = x.sub(mean).square().mean(axes);
      const running = (before: Tensor, now: Tensor): Tensor =>
        before.mul(1 - momentum).add(now.mul(momentum));
      return {
        output: normalized(mean, variance),
        state: {
          mean: running(state.mean, mean),
          variance: running(state.variance, variance.mul(count / (count - 1))),
        },
      };
    },
  }),
);
