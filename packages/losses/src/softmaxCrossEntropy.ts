import { classLoss, concat, constant, logSumExp, NeuriteError, option, type Tensor } from '@neurite/core';

/** A number for each class, [classes]. */
function perClass(numbers: readonly number[], { shape, dtype }: Tensor): Tensor {
  if (numbers.length !== shape.at(-1)) {
    throw new NeuriteError(
      'option',
      `softmaxCrossEntropy: classWeights must be a number for each of ${shape.at(-1)} classes, but got ${numbers.length}`,
    );
  }
  return concat(numbers.map((number) => constant(number, { shape: [1], dtype })));
}

/**
 * −Σ target · ln softmax(x) = ln Σ eˣ · Σ target − Σ target · x over the classes, from logits x [batch, classes].
 * Targets: class numbers, or a probability for each class. PyTorch's CrossEntropyLoss.
 *
 * `labelSmoothing`, 0: this share of a target is spread evenly over all classes. Szegedy et al., 2016. `classWeights`: a
 * number for each class, by which the terms of the sum are multiplied; the mean over the batch is a weighted one, divided
 * by the mean of Σ weight · target. (Where targets are probabilities, PyTorch divides by the number of examples instead.)
 */
export const softmaxCrossEntropy = classLoss(
  'softmaxCrossEntropy',
  { labelSmoothing: option.fraction(0), classWeights: option.numbers({ minimum: 0 }) },
  ({ labelSmoothing, classWeights }) =>
    (x, target, total) => {
      const classes = x.shape.at(-1) as number;
      const smooth =
        labelSmoothing === 0
          ? target
          : target.mul(1 - labelSmoothing).add(total.mul(labelSmoothing / classes));
      if (!classWeights) return crossEntropy(x, smooth, total.reshape([-1]));
      const weights = perClass(classWeights, x);
      const weighted = smooth.mul(weights);
      const mean = target.mul(weights).sum(-1).mean();
      return crossEntropy(x, weighted, weighted.sum(-1)).div(mean.equal(0).select(1, mean));
    },
  { takesLogits: true },
);

const crossEntropy = (x: Tensor, target: Tensor, total: Tensor): Tensor =>
  logSumExp(x, -1).mul(total).sub(target.mul(x).sum(-1));
