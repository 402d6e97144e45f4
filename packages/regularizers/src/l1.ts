import { option, regularizer } from '@neurite/core';
import { softThreshold } from './softThreshold.ts';

/**
 * strength · Σ |w|. Tibshirani, 1996. By its gradient ±strength weights swing around 0; with `proximal` they become 0:
 * after each step w ← sign(w) · max(|w| − learningRate · strength, 0) takes the gradient's place (Daubechies, Defrise and
 * De Mol, 2004: ISTA; Beck and Teboulle, 2009). The loss reports the penalty either way.
 * `strength`: 1e-4. `proximal`: false.
 */
export const l1 = regularizer(
  'l1',
  { strength: option.nonNegative(1e-4), proximal: false },
  ({ strength, proximal }) => ({
    penalty: (w) => w.abs().sum().mul(strength),
    proximal: proximal ? (w, rate) => softThreshold(w, rate.mul(strength)) : undefined,
  }),
);
