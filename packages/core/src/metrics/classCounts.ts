// How often each class is named, rightly named and meant: what precision, recall and F are made of.
import type { NumberArray } from '../scalar/dtype.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { isSingle, predictedClass, targetClass } from './classesOf.ts';

export type Count = 'hits' | 'predicted' | 'actual';

/** For each class, [classes]; for a single output of the class 1 alone, [1]. */
export function countClasses(prediction: Tensor, target: Tensor): Record<Count, Tensor> {
  const { shape, dtype } = prediction;
  const ones = (numbers: Tensor): Tensor =>
    isSingle(prediction)
      ? numbers.equal(1).cast(dtype).reshape([-1, 1])
      : numbers.oneHot(shape.at(-1) as number, dtype);
  const [read, truth] = [ones(predictedClass(prediction)), ones(targetClass(prediction, target))];
  return { hits: read.mul(truth).sum(0), predicted: read.sum(0), actual: truth.sum(0) };
}

/** The mean of `score` over the classes that were predicted or meant at all; 0 if there is none. */
export function meanOverClasses(
  { hits, predicted, actual }: Readonly<Record<Count, NumberArray>>,
  score: (hits: number, predicted: number, actual: number) => number,
): number {
  const scores = Array.from(hits, (hit, i) => [hit, predicted[i] as number, actual[i] as number] as const)
    .filter(([, guesses, cases]) => guesses + cases > 0)
    .map((counts) => score(...counts));
  return scores.reduce((sum, each) => sum + each, 0) / Math.max(scores.length, 1);
}
