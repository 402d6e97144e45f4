// What the optimizers around Adam share: running means and the correction of their bias. Internal.
import { option, type Tensor } from '@neurite/core';

/** The options of Adam and its kin, with PyTorch's defaults; marked for bundles that need none of them. */
export const momentOptions = {
  beta1: /* @__PURE__ */ option.fraction(0.9),
  beta2: /* @__PURE__ */ option.fraction(0.999),
  epsilon: /* @__PURE__ */ option.positive(1e-8),
};

/** keep · mean + (1 − keep) · value. */
export const runningMean = (mean: Tensor, value: Tensor, keep: number): Tensor =>
  mean.mul(keep).add(value.mul(1 - keep));

/**
 * 1 − βᵗ, by which a running mean that began at 0 is too small. Written as −tanh(x / 2) · (eˣ + 1) with x = t ln β, which
 * loses no digits where βᵗ is about 1.
 */
export function biasCorrection(beta: number, step: Tensor): Tensor {
  const x = step.mul(Math.log(beta));
  return x.div(2).tanh().neg().mul(x.exp().add(1));
}

interface Moments {
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/** The running means of the gradient and of its square after a step. */
export const nextMoments = (
  { mean, variance }: Moments,
  gradient: Tensor,
  { beta1, beta2 }: { readonly beta1: number; readonly beta2: number },
): Moments => ({
  mean: runningMean(mean, gradient, beta1),
  variance: runningMean(variance, gradient.square(), beta2),
});

/** Adam's direction: m̂ / (√v̂ + ε), the hats being corrections of the bias. */
export const adamDirection = (
  { mean, variance }: Moments,
  step: Tensor,
  { beta1, beta2, epsilon }: { readonly beta1: number; readonly beta2: number; readonly epsilon: number },
): Tensor =>
  mean.div(biasCorrection(beta1, step)).div(variance.div(biasCorrection(beta2, step)).sqrt().add(epsilon));
