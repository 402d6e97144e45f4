// The numbers that a model predicts with.
import type { Checkpoint } from '@neurite/checkpoint';
import type { Network, NumberArray } from '@neurite/core';

/** Parameters and layer state by name; where the optimizer evaluates a mean of the parameters, that. */
export function predictingNumbers(
  { parameters, layerState, training }: Checkpoint,
  network: Network,
): Record<string, NumberArray> {
  const instead = training?.evaluates === undefined ? undefined : training.optimizerState[training.evaluates];
  const tensors = { ...parameters, ...layerState };
  for (const { name, trainable } of network.parameters) {
    const mean = trainable ? instead?.[name] : undefined;
    if (mean) tensors[name] = mean;
  }
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tensor.numbers()]));
}
