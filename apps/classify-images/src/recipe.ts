// What is trained, and how.
import {
  accuracy,
  type Backend,
  type Constraint,
  type Layer,
  type Optimizer,
  type Regularizer,
  sequential,
  sizeOf,
  type Trainer,
  train,
} from '@neurite/core';
import type { ImageSet } from '@neurite/datasets/mnist';
import { dense } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';

export interface Recipe {
  /** In a few words, for the line above the training. */
  readonly summary: string;
  /** Between the pixels of a picture and the layer that gives a number for each class. */
  readonly layers: readonly Layer[];
  /** `steps`: how many the whole training has, for rates that fall until its end. */
  readonly optimizer: (steps: number) => Optimizer;
  /** A penalty on every weight. */
  readonly regularizer?: Regularizer;
  /** Where every weight is kept. */
  readonly constraint?: Constraint;
}

/** The trainer of a recipe, for pictures of the shape of `data` and as many classes. */
export function cook(
  { layers, optimizer, regularizer, constraint }: Recipe,
  { shape, classes }: Pick<ImageSet, 'shape' | 'classes'>,
  { steps, seed, backend }: { steps: number; seed: number; backend: Backend },
): Promise<Trainer> {
  const network = sequential([sizeOf(shape)], [...layers, dense({ units: classes.length })]);
  return train(network, {
    loss: softmaxCrossEntropy(),
    optimizer: optimizer(steps),
    regularizer,
    constraint,
    metrics: [accuracy()],
    backend,
    seed,
  });
}
