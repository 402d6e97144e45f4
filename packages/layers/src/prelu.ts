import { filled, layer } from '@neurite/core';
import { featureParameter } from './features.ts';

/**
 * x where x > 0, else slope · x, with a slope for each feature that is learned: [batch, …, features] → the same. The
 * slopes [features] begin as `slope`: 0.25. Penalties leave them alone. He et al., 2015; PyTorch's PReLU with
 * num_parameters of the features, which are the last axis here.
 */
export const prelu = layer('prelu', { slope: 0.25 }, ({ slope: initial }) => ({
  parameters: (input) => ({ slope: featureParameter(input, filled({ value: initial })) }),
  apply: ({ slope }, x) => x.greater(0).select(x, x.mul(slope)),
}));
