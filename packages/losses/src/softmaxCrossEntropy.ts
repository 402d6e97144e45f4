import { classLoss, logSumExp } from '@neurite/core';

/**
 * −Σ target · ln softmax(x) = ln Σ eˣ · Σ target − Σ target · x over the classes, from logits x [batch, classes].
 * Targets: class numbers, or a probability for each class. PyTorch's CrossEntropyLoss.
 */
export const softmaxCrossEntropy = classLoss(
  'softmaxCrossEntropy',
  {},
  () => (x, target, total) =>
    logSumExp(x, -1)
      .mul(total.reshape([-1]))
      .sub(target.mul(x).sum(-1)),
);
