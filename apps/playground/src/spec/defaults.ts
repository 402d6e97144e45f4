// The run that the page begins with.
import type { DataSpec, RunSpec } from './spec.ts';

export const defaultData: DataSpec = {
  set: 'spiral',
  examples: 200,
  noise: 0.02,
  seed: 1,
  testShare: 0.3,
  points: [],
  removed: [],
};

export const defaultSpec: RunSpec = {
  data: defaultData,
  layers: [
    { type: 'dense', units: 8, activation: { type: 'tanh' } },
    { type: 'dense', units: 8, activation: { type: 'tanh' } },
  ],
  output: {},
  loss: { type: 'softmaxCrossEntropy' },
  optimizer: { type: 'adam', learningRate: 0.01 },
  regularizer: null,
  batchSize: 20,
  seed: 1,
  backend: { type: 'wasm' },
};
