import { logSoftmax, loss } from '@neurite/core';

/**
 * Σ t (ln t − ln softmax(x)) over the classes, from logits x [batch, …, classes] and probabilities t, with 0 ln 0 = 0; the
 * sum over an example's outputs. Kullback and Leibler, 1951; PyTorch's KLDivLoss with 'batchmean', after a LogSoftmax.
 */
export const klDivergence = loss(
  'klDivergence',
  {},
  () => (x, target) => {
    const logarithm = target.equal(0).select(1, target).log();
    return logarithm
      .sub(logSoftmax(x, -1))
      .mul(target)
      .reshape([x.shape[0] as number, -1])
      .sum(1);
  },
  { takesLogits: true },
);
