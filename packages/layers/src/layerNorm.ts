import { keepAxes, layer, option } from '@neurite/core';
import { affineParameters, applyAffine } from './affine.ts';

/**
 * (x − mean) / √(variance + epsilon) · scale + offset: [batch, …, features] → the same. Mean and variance are those of
 * each row of features, in training and in evaluation. Ba, Kiros and Hinton, 2016; PyTorch's LayerNorm over the last axis.
 *
 * - `epsilon`: 1e-5.
 * - `affine`: whether there are scale [features], which begins as 1, and offset [features], which begins as 0. Penalties
 *   leave both alone. true.
 */
export const layerNorm = layer(
  'layerNorm',
  { epsilon: option.positive(1e-5), affine: true },
  ({ epsilon, affine }) => ({
    parameters: (input) => affineParameters(input, affine),
    apply: (parameters, x) => {
      const centred = x.sub(keepAxes(x.mean(-1), x, -1));
      const deviation = centred.square().mean(-1).add(epsilon).sqrt();
      return applyAffine(centred.div(keepAxes(deviation, x, -1)), parameters);
    },
  }),
);
