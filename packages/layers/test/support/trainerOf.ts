// Layers in training.
import { cpu } from '@neurite/backend-cpu';
import { type Layer, sequential, type Trainer, type TrainOptions, train } from '@neurite/core';
import { descent, sum } from './plugins.ts';

/** A trainer of these layers alone on the CPU backend, whose loss is the sum of what they make. */
export const trainerOf = (
  input: readonly number[],
  chain: readonly Layer[],
  options: Partial<TrainOptions> = {},
): Promise<Trainer> =>
  train(sequential(input, chain), {
    loss: sum(),
    optimizer: descent({ learningRate: 0.1 }),
    backend: cpu(),
    ...options,
  });
