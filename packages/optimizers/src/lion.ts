import { optimizer, option, zerosLike } from '@neurite/core';
import { runningMean } from './moments.ts';

/**
 * The sign of a mean: w ← w − learningRate · (sign(β₁ m + (1 − β₁) g) + weightDecay · w), then m ← β₂ m + (1 − β₂) g.
 * Every number moves by the learning rate, so it is smaller than Adam's. Chen and others, 2023: Symbolic Discovery of
 * Optimization Algorithms.
 * `learningRate`: 1e-4. `beta1`: 0.9. `beta2`: 0.99. `weightDecay`: 0.
 */
export const lion = optimizer(
  'lion',
  1e-4,
  { beta1: option.fraction(0.9), beta2: option.fraction(0.99), weightDecay: option.nonNegative(0) },
  ({ beta1, beta2, weightDecay }) => ({
    state: (parameter) => ({ mean: zerosLike(parameter) }),
    update: ({ gradient, parameter, state }) => {
      const sign = runningMean(state.mean, gradient, beta1).sign();
      return {
        direction: weightDecay === 0 ? sign : sign.add(parameter.mul(weightDecay)),
        state: { mean: runningMean(state.mean, gradient, beta2) },
      };
    },
  }),
);
