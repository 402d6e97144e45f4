import { keepAxes, layer, option } from '@neurite/core';
import { affineParameters, applyAffine } from './affine.ts';

/**
 * x / √(mean of x² + epsilon) · scale: [batch, …, features] → the same. The mean is that of each row of features, in
 * training and in evaluation. Zhang and Sennrich, 2019: Root Mean Square Layer Normalization; PyTorch's RMSNorm.
 *
 * - `epsilon`: by default the distance from 1 to the next number, as in PyTorch: 2⁻²³ in float32, 2⁻⁵² in float64.
 * - `affine`: whether there is scale [features], which begins as 1. Penalties leave it alone. true.
 */
export const rmsNorm = layer(
  'rmsNorm',
  { epsilon: option.optional(option.positive(2 ** -23)), affine: true },
  ({ epsilon, affine }) => ({
    parameters: (input) => ({ scale: affineParameters(input, affine).scale }),
    apply: ({ scale }, x) => {
      const least = epsilon ?? (x.dtype === 'float64' ? 2 ** -52 : 2 ** -23);
      const size = x.square().mean(-1).add(least).sqrt();
      return applyAffine(x.div(keepAxes(size, x, -1)), { scale, offset: undefined });
    },
  }),
);
