// Contract: a loss compares predictions with targets, example by example. Core takes the mean over the batch.
import { keepAxes } from '../tensor/functions.ts';
import { constant, type Tensor } from '../tensor/tensor.ts';
import { type Definition, define, type Plugin } from './definition.ts';
import type { Resolved, Schema } from './options.ts';

/** [batch, …outputs] and the targets → [batch]. */
export type LossFormula = (prediction: Tensor, target: Tensor) => Tensor;

/** A loss: a number for each example, which training makes small in the mean. */
export interface Loss extends Plugin<'loss'> {
  /**
   * The loss of each example, [batch].
   * @param target what `targets` says: int32 class numbers [batch], or numbers of the prediction's shape.
   */
  compute: LossFormula;
  /** Whether a target may be a class number, one for each example. */
  readonly targets: 'values' | 'classes or values';
  /** Whether the predictions are logits, of which it makes probabilities itself. */
  readonly takesLogits: boolean;
}

interface Traits {
  readonly takesLogits?: boolean;
}

/** Defines a loss whose targets have the shape of the prediction. */
/* @__NO_SIDE_EFFECTS__ */
export const loss = <const Type extends string, const S extends Schema>(
  type: Type,
  schema: S,
  make: (options: Resolved<S>) => LossFormula,
  { takesLogits = false }: Traits = {},
): Definition<'loss', Type, S, Loss> =>
  define<'loss', Type, S, Loss>('loss', type, schema, (options) => ({
    compute: make(options),
    targets: 'values',
    takesLogits,
  }));

/** x [batch, classes], a number for each class [batch, classes], and their sum [batch, 1] → [batch]. */
export type ClassLossFormula = (prediction: Tensor, target: Tensor, total: Tensor) => Tensor;

/**
 * Defines a loss over classes. Class numbers reach the formula as ones and zeros, whose `total` is a plain 1; targets that
 * are values reach it as they are.
 */
/* @__NO_SIDE_EFFECTS__ */
export const classLoss = <const Type extends string, const S extends Schema>(
  type: Type,
  schema: S,
  make: (options: Resolved<S>) => ClassLossFormula,
  { takesLogits = false }: Traits = {},
): Definition<'loss', Type, S, Loss> =>
  define<'loss', Type, S, Loss>('loss', type, schema, (options) => {
    const formula = make(options);
    return {
      targets: 'classes or values',
      takesLogits,
      compute: (prediction, target) => {
        if (target.dtype !== 'int32')
          return formula(prediction, target, keepAxes(target.sum(-1), target, -1));
        const { shape, dtype } = prediction;
        const one = constant(1, { shape: [shape[0] as number, 1], dtype });
        return formula(prediction, target.oneHot(shape.at(-1) as number, dtype), one);
      },
    };
  });
