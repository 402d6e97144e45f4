import { layer } from '@neurite/core';
import { axesBeforeLast, featureState } from './features.ts';

/**
 * (x − mean) / standardDeviation, feature by feature: [batch, …, features] → the same. Both are those of the training
 * data, over every axis but the last, found before the first step and saved with the network; y = x until then. Features
 * that are constant in the training data become 0. Keras's Normalization; the deviation is divided by n.
 *
 * State: mean [features], 0 at first, and standardDeviation [features], 1 at first and 0 where a feature is constant.
 */
export const standardize = layer('standardize', {}, () => ({
  state: (input) => ({ mean: featureState(input, 0), standardDeviation: featureState(input, 1) }),
  stateFromData: (x) => {
    const axes = axesBeforeLast(x.shape);
    const mean = x.mean(axes);
    // The mean of a constant may be off in its last digit, which must not count as a deviation.
    const isConstant = x.max(axes).equal(x.min(axes));
    const deviation = x.sub(mean).square().mean(axes).sqrt();
    return { mean, standardDeviation: isConstant.select(0, deviation) };
  },
  apply: (_, x, { state: { mean, standardDeviation } }) => {
    const isConstant = standardDeviation.equal(0);
    return isConstant.select(0, x.sub(mean).div(isConstant.select(1, standardDeviation)));
  },
}));
