// What the published types say to somebody who uses the packages. Every `@ts-expect-error` must find an error.
import * as activations from '@neurite/activations';
import { relu } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import {
  accuracy,
  activation,
  type EpochReport,
  type Network,
  type NumberArray,
  optimizer,
  registry,
  sequential,
  type Trainer,
  train,
  zerosLike,
} from '@neurite/core';
import * as layers from '@neurite/layers';
import { dense, dropout, flatten } from '@neurite/layers';
import * as losses from '@neurite/losses';
import { meanSquaredError, softmaxCrossEntropy } from '@neurite/losses';
import * as optimizers from '@neurite/optimizers';
import { adam, exponentialDecay, sgd } from '@neurite/optimizers';
import * as regularizers from '@neurite/regularizers';
import { l2 } from '@neurite/regularizers';

// By value
export const network: Network = sequential(
  [28, 28],
  [flatten(), dense({ units: 128, activation: relu(), regularizer: l2() }), dropout(), dense({ units: 10 })],
);
export const trainer: Trainer = await train(network, {
  loss: softmaxCrossEntropy(),
  optimizer: adam({ learningRate: exponentialDecay({ initial: 0.01 }) }),
  backend: cpu(),
  metrics: [accuracy()],
});
const result = await trainer.fit(
  { inputs: new Uint8Array(784), targets: [3] },
  {
    epochs: 2,
    batchSize: 1,
    callbacks: [{ onEpoch: (report: EpochReport) => (report.loss < 0.1 ? 'good' : undefined) }],
  },
);
export const last: number | undefined = result.epochs.at(-1)?.scores.accuracy;
export const outputs: NumberArray = await trainer.predict([new Float32Array(784)]);

// @ts-expect-error units must be given
dense();
// @ts-expect-error units is a number
dense({ units: '128' });
// @ts-expect-error there is no option of this name
dense({ units: 128, activations: relu() });
// @ts-expect-error a loss is no activation
dense({ units: 128, activation: meanSquaredError() });
// @ts-expect-error a definition is no plugin: call it
dense({ units: 128, activation: relu });
// @ts-expect-error relu has no options
relu({ slope: 0.1 });
// @ts-expect-error the backend is missing
train(network, { loss: softmaxCrossEntropy(), optimizer: sgd() });
// @ts-expect-error a layer is missing its call
sequential([2], [flatten]);
// @ts-expect-error there is no such option
trainer.fit({ inputs: [1], targets: [1] }, { batches: 3 });

// By name
const neurite = registry().use(cpu, activations, layers, losses, optimizers, regularizers);
export const named: Promise<Trainer> = neurite.train({
  input: [784],
  layers: [
    { type: 'dense', units: 128, activation: 'relu', regularizer: { type: 'l2', strength: 1e-4 } },
    { type: 'dense', units: 10, activation: { type: 'leakyRelu', slope: 0.1 } },
  ],
  loss: 'softmaxCrossEntropy',
  optimizer: { type: 'adam', learningRate: { type: 'exponentialDecay', every: 100 } },
  backend: 'cpu',
});
// @ts-expect-error there is no activation of this name
neurite.network({ input: [2], layers: [{ type: 'dense', units: 2, activation: 'rleu' }] });
// @ts-expect-error there is no layer of this name
neurite.network({ input: [2], layers: [{ type: 'conv', units: 2 }] });
// @ts-expect-error there is no option of this name
neurite.network({ input: [2], layers: [{ type: 'dense', units: 2, size: 3 }] });
// @ts-expect-error units must be given
neurite.network({ input: [2], layers: ['dense'] });
// @ts-expect-error the slope is a number
neurite.make('activation', { type: 'leakyRelu', slope: 'steep' });
const layersAlone = registry().use(layers);
// @ts-expect-error no activation was registered
layersAlone.network({ input: [2], layers: [{ type: 'dense', units: 2, activation: 'relu' }] });

// Plugins of one’s own
export const cube = activation(
  'cube',
  { scale: 1 },
  ({ scale }) =>
    (x) =>
      x.mul(x.square()).mul(scale),
);
cube({ scale: 2 });
// @ts-expect-error scale is a number
cube({ scale: true });
export const slow = optimizer('slow', 0.1, { memory: 0.5 }, ({ memory }) => ({
  state: (parameter) => ({ mean: zerosLike(parameter) }),
  update: ({ gradient, state }) => {
    const mean = state.mean.mul(memory).add(gradient.mul(1 - memory));
    // @ts-expect-error the state has no such tensor
    state.velocity;
    return { direction: mean, state: { mean } };
  },
}));
registry().use(slow, cube).make('optimizer', { type: 'slow', memory: 0.9, learningRate: 0.2 });
// @ts-expect-error the option is called memory
registry().use(slow).make('optimizer', { type: 'slow', momentum: 0.9 });
