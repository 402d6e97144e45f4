// What a trainer was made of, as data.
import { type OutputLoss, type Trainer, toData } from '@neurite/core';
import type { TrainingRecipe } from './checkpoint.ts';

export const dtypeOf = ({ recipe }: Trainer): 'float32' | 'float64' =>
  recipe.dtype === 'float64' ? 'float64' : 'float32';

/** Which of the things that the optimizer remembers stands in for the parameters in evaluation and prediction. */
export const evaluatesOf = ({ recipe }: Trainer): string | undefined => recipe.optimizer.evaluates;

/** What `train()` was given, the network and the backend aside. */
export function recipeOf(trainer: Trainer): TrainingRecipe {
  const { losses, optimizer, regularizer, constraint, metrics, seed } = trainer.recipe;
  const byOutput = <T>(of: (output: number) => T): Record<string, T> =>
    Object.fromEntries(trainer.network.outputs.map(({ name }, i) => [name, of(i)]));
  return {
    losses: byOutput((output) => {
      const { loss, weight } = losses[output] as OutputLoss;
      return { loss: toData(loss), weight };
    }),
    optimizer: toData(optimizer),
    ...(regularizer && { regularizer: toData(regularizer) }),
    ...(constraint && { constraint: toData(constraint) }),
    metrics: byOutput((output) =>
      metrics.filter((each) => each.output === output).map(({ metric }) => toData(metric)),
    ),
    seed,
  };
}
