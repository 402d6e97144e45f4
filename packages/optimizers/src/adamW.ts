import { optimizer, option, zerosLike } from '@neurite/core';
import { adamDirection, momentOptions, nextMoments } from './moments.ts';

/**
 * Adam with a decay of its own: w ← w − learningRate · (m̂ / (√v̂ + ε) + weightDecay · w), so that the decay is not
 * divided by √v̂ as a penalty's gradient would be. Every parameter decays, biases too, as in PyTorch. Loshchilov and
 * Hutter, 2017; PyTorch's AdamW.
 * `learningRate`: 0.001. `beta1`: 0.9. `beta2`: 0.999. `epsilon`: 1e-8. `weightDecay`: 0.01.
 */
export const adamW = optimizer(
  'adamW',
  0.001,
  { ...momentOptions, weightDecay: option.nonNegative(0.01) },
  (options) => ({
    state: (parameter) => ({ mean: zerosLike(parameter), variance: zerosLike(parameter) }),
    update: ({ gradient, parameter, state, step }) => {
      const moments = nextMoments(state, gradient, options);
      const direction = adamDirection(moments, step, options).add(parameter.mul(options.weightDecay));
      return { direction, state: moments };
    },
  }),
);
