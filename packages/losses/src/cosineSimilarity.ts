import { keepAxes, loss, type Tensor } from '@neurite/core';

/** Rows divided by their largest number: that leaves their direction, and squares can neither overflow nor vanish. */
function scaled(rows: Tensor): Tensor {
  const largest = keepAxes(rows.abs().max(1), rows, 1).stopGradient();
  return rows.div(largest.equal(0).select(1, largest));
}

/**
 * 1 − Σ x t / (‖x‖ ‖t‖) over an example's outputs: 0 for the same direction, 2 for the opposite one, 1 where x or t is zero.
 * PyTorch's CosineEmbeddingLoss for pairs that belong together.
 */
export const cosineSimilarity = loss('cosineSimilarity', {}, () => (x, target) => {
  const [a, b] = [x, target].map((each) => scaled(each.reshape([x.shape[0] as number, -1]))) as [
    Tensor,
    Tensor,
  ];
  const squares = a.square().sum(1).mul(b.square().sum(1));
  const lengths = squares.equal(0).select(1, squares).sqrt();
  return a.mul(b).sum(1).div(lengths).neg().add(1);
});
