// How scores of two classes are spread: what the areas under curves are made of.
import { NeuriteError } from '../errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { isSingle, targetClass } from './classesOf.ts';

const bins = 1000;

export type ScoreCount = 'positives' | 'negatives';

/** Examples of class 1 and of class 0 in each of 1,000 equal parts of 0 … 1, by the probability of class 1. */
export function countScores(prediction: Tensor, target: Tensor): Record<ScoreCount, Tensor> {
  const { shape, dtype } = prediction;
  if (shape.length !== 2 || (shape[1] as number) > 2) {
    throw new NeuriteError(
      'shape',
      `rocAuc and prAuc take [batch, 1] or [batch, 2] logits, but got [${shape}]: they are for two classes`,
    );
  }
  const of = (index: number): Tensor => prediction.slice([0, index], [shape[0] as number, index + 1]);
  const logit = isSingle(prediction) ? prediction : of(1).sub(of(0)); // σ of it is the second output's softmax
  const bin = logit
    .sigmoid()
    .mul(bins)
    .floor()
    .minimum(bins - 1)
    .cast('int32')
    .reshape([-1]);
  const rows = bin.oneHot(bins, dtype);
  const positive = targetClass(prediction, target).equal(1).cast(dtype).reshape([-1, 1]);
  return { positives: rows.mul(positive).sum(0), negatives: rows.mul(positive.neg().add(1)).sum(0) };
}
