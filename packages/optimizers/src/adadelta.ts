import { optimizer, option, zerosLike } from '@neurite/core';
import { runningMean } from './moments.ts';

/**
 * v ← ρ v + (1 − ρ) g², Δ = g √(u + ε) / √(v + ε), u ← ρ u + (1 − ρ) Δ², w ← w − learningRate · Δ: steps in the
 * parameter's own unit. Zeiler, 2012; PyTorch's Adadelta.
 * `learningRate`: 1. `rho`: 0.9. `epsilon`: 1e-6.
 */
export const adadelta = optimizer(
  'adadelta',
  1,
  { rho: option.fraction(0.9), epsilon: option.positive(1e-6) },
  ({ rho, epsilon }) => ({
    state: (parameter) => ({ gradients: zerosLike(parameter), steps: zerosLike(parameter) }),
    update: ({ gradient, state }) => {
      const gradients = runningMean(state.gradients, gradient.square(), rho);
      const direction = state.steps.add(epsilon).sqrt().div(gradients.add(epsilon).sqrt()).mul(gradient);
      return { direction, state: { gradients, steps: runningMean(state.steps, direction.square(), rho) } };
    },
  }),
);
