import { initializer } from '../plugin/initializer.ts';
import { option } from '../plugin/options.ts';
import { orthogonal } from './orthogonal.ts';

/**
 * Numbers of another initializer, scaled by the training data so that what the layer makes of the first 1,024 examples,
 * before its activation, has a variance of 1: layer by layer, before the first step of `fit` (or by `trainer.adapt`).
 * Mishkin and Matas, 2016: All You Need Is a Good Init (layer-sequential unit variance).
 * `initializer`: orthogonal. `tolerance`: 0.01 of the deviation. `iterations`: 10, at most.
 */
export const lsuv = initializer(
  'lsuv',
  {
    initializer: option.plugin('initializer'),
    tolerance: option.positive(0.01),
    iterations: option.number(10, { minimum: 1, whole: true }),
  },
  ({ initializer: inner = orthogonal(), tolerance, iterations }) => ({
    apply: inner.apply,
    rescale: {
      tolerance,
      iterations,
      factor: (scores) => {
        const variance = scores.sub(scores.mean()).square().mean();
        return variance.equal(0).select(1, variance.sqrt().reciprocal()); // what is 0 everywhere has no scale
      },
    },
  }),
);
