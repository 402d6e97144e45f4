// Trainings that are saved, and go on in another process.
import * as activations from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { wasm } from '@neurite/backend-wasm';
import { accuracy, type Backend, registry, sequential, type Trainer, train } from '@neurite/core';
import { spiral } from '@neurite/datasets';
import * as layers from '@neurite/layers';
import * as losses from '@neurite/losses';
import * as optimizers from '@neurite/optimizers';
import * as regularizers from '@neurite/regularizers';

export const plugins = registry().use(activations, layers, losses, optimizers, regularizers, accuracy);
const { relu } = activations;
const { batchNorm, dense, dropout, standardize } = layers;
const { adam, averaged, momentum, reduceOnPlateau, stepDecay } = optimizers;

/** 300 points in batches of 64: the last batch has 44. */
export const data = spiral({ examples: 300, classes: 3 });
export const fitting = {
  epochs: 3,
  batchSize: 64,
  validation: spiral({ examples: 90, classes: 3, seed: 1 }),
};

const backends: Readonly<Record<string, () => Backend>> = { cpu, wasm: () => wasm({ threads: 2 }) };
export const backendOf = ({ backend }: { readonly backend: string }): Backend =>
  (backends[backend] as () => Backend)();

const choices = {
  adam: () => adam({ learningRate: reduceOnPlateau({ initial: 0.05, patience: 0 }) }),
  momentum: () =>
    averaged({ optimizer: momentum({ learningRate: stepDecay({ initial: 0.05, every: 3 }) }), decay: 0.8 }),
};
export const trainings = Object.keys(backends).flatMap((backend) =>
  Object.entries(choices).map(([name, optimizer]) => ({ name: `${name} on ${backend}`, backend, optimizer })),
);

/** Layer state, dropout, shuffled examples, an optimizer that remembers, a schedule, a penalty, a metric. */
export const begin = (training: (typeof trainings)[number]): Promise<Trainer> =>
  train(
    sequential(
      [2],
      [
        standardize(),
        dense({ units: 64, activation: relu() }),
        batchNorm(),
        dropout({ rate: 0.2 }),
        dense({ units: 96, activation: relu() }), // enough for two threads
        dense({ units: 3 }),
      ],
    ),
    {
      loss: losses.softmaxCrossEntropy({ labelSmoothing: 0.1 }),
      optimizer: training.optimizer(),
      regularizer: regularizers.l2(),
      metrics: [accuracy()],
      seed: 11,
      backend: backendOf(training),
    },
  );
