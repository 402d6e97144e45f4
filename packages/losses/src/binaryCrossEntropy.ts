import { loss, meanPerExample } from '@neurite/core';

/**
 * −t ln σ(x) − (1 − t) ln(1 − σ(x)), from logits x of any shape and targets t in 0 … 1; the mean over an example's outputs.
 * Computed as max(0, x) − x t + ln(1 + e^−|x|), without overflow. PyTorch's BCEWithLogitsLoss.
 */
export const binaryCrossEntropy = loss(
  'binaryCrossEntropy',
  {},
  () => (x, target) => {
    const above = x.greater(0);
    const tail = above.select(x.neg(), x).exp().add(1).log(); // −|x| by select: smooth through 0
    return meanPerExample(above.select(x, 0).sub(x.mul(target)).add(tail));
  },
  { takesLogits: true },
);
