// The numbers that predictions are made with.
import type { Network, NumberArray } from '@neurite/core';
import type { Checkpoint } from './checkpoint.ts';
import { numbersOf } from './snapshotOf.ts';

/**
 * The numbers with which the saved training evaluated and predicted, by name: its parameters, or where its optimizer has
 * something in their place, such as a mean, that. This is what to export.
 *
 * @param network that of the checkpoint: `networkOf` gives it.
 */
export function evaluatedNumbers(
  { parameters, layerState, training }: Checkpoint,
  network: Network,
): { parameters: Record<string, NumberArray>; layerState: Record<string, NumberArray> } {
  const instead = training?.evaluates === undefined ? undefined : training.optimizerState[training.evaluates];
  const tensors = { ...parameters };
  for (const { name, trainable } of network.parameters) {
    const mean = trainable ? instead?.[name] : undefined; // those that training does not move have none
    if (mean) tensors[name] = mean;
  }
  return { parameters: numbersOf(tensors), layerState: numbersOf(layerState) };
}
