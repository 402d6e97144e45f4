import { optimizer, option, zerosLike } from '@neurite/core';
import { biasCorrection, momentOptions, nextMoments } from './moments.ts';

/**
 * Adam that looks one step ahead, as Nesterov's momentum does. With μₜ = β₁ (1 − ½ · 0.96^(t · momentumDecay)), Πₜ the
 * product of all μ up to t, m and v as in `adam`: w ← w − learningRate · ((1 − μₜ) g / (1 − Πₜ) + μₜ₊₁ m / (1 − Πₜ₊₁)) /
 * (√v̂ + ε). Dozat, 2016; PyTorch's NAdam since 2.0; before, it counted μₜ twice in Πₜ₊₁.
 * `learningRate`: 0.002. `beta1`: 0.9. `beta2`: 0.999. `epsilon`: 1e-8. `momentumDecay`: 0.004.
 */
export const nadam = optimizer(
  'nadam',
  0.002,
  { ...momentOptions, momentumDecay: option.nonNegative(0.004) },
  ({ beta1, beta2, epsilon, momentumDecay }) => ({
    state: (parameter) => ({
      mean: zerosLike(parameter),
      variance: zerosLike(parameter),
      product: zerosLike(parameter).add(1), // Πₜ has no closed form; state is as large as its parameter
    }),
    update: ({ gradient, state, step }) => {
      const { mean, variance } = nextMoments(state, gradient, { beta1, beta2 });
      const [now, next] = [step, step.add(1)].map((t) =>
        t
          .mul(momentumDecay * Math.log(0.96))
          .exp()
          .mul(-0.5)
          .add(1)
          .mul(beta1),
      ) as [typeof step, typeof step];
      const product = state.product.mul(now);
      const ahead = gradient
        .mul(now.neg().add(1))
        .div(product.neg().add(1))
        .add(mean.mul(next).div(product.mul(next).neg().add(1)));
      const direction = ahead.div(variance.div(biasCorrection(beta2, step)).sqrt().add(epsilon));
      return { direction, state: { mean, variance, product } };
    },
  }),
);
