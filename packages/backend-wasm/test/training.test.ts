// Trainings: the same as on the CPU backend, but for rounding.
import { leakyRelu, relu, sigmoid, tanh } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import {
  accuracy,
  type Backend,
  type Data,
  type FitOptions,
  type Network,
  type NumberArray,
  sequential,
  type TrainOptions,
  train,
} from '@neurite/core';
import { dense, dropout } from '@neurite/layers';
import { meanSquaredError, multiclassHinge, softmaxCrossEntropy } from '@neurite/losses';
import { adam, exponentialDecay, momentum, sgd } from '@neurite/optimizers';
import { requireClose, sampleNumbers } from '@neurite/testing';
import { describe, expect, it } from 'vitest';
import { wasm } from '../src/index.ts';
import { knownLosses, trainKnown } from './knownTraining.ts';
import { sharingBackend } from './sharingBackend.ts';

const classes = (rows: number, count: number): Int32Array =>
  Int32Array.from(sampleNumbers(rows, { seed: 1, low: 0, high: count }), Math.floor);
const rows = (count: number, width: number): Float32Array =>
  Float32Array.from(sampleNumbers(count * width, { seed: 2 }));
const pixels = (count: number, width: number): Uint8Array =>
  Uint8Array.from(sampleNumbers(count * width, { seed: 3, low: 0, high: 256 }), Math.floor);

interface Training {
  readonly network: Network;
  readonly options: Omit<TrainOptions, 'backend'>;
  readonly data: Data;
  /** 100 steps. */
  readonly fit: FitOptions;
}

const trainings: Readonly<Record<string, Training>> = {
  '2-20-20-2, tanh, momentum': {
    network: sequential(
      [2],
      [
        dense({ units: 20, activation: tanh() }),
        dense({ units: 20, activation: tanh() }),
        dense({ units: 2 }),
      ],
    ),
    options: { loss: softmaxCrossEntropy(), optimizer: momentum({ learningRate: 0.05 }) },
    data: { inputs: rows(100, 2), targets: classes(100, 2) },
    fit: { batchSize: 10, epochs: 10 },
  },
  '31-40-10, leaky ReLU, dropout, Adam, a rest in each epoch': {
    network: sequential(
      [31],
      [dense({ units: 40, activation: leakyRelu() }), dropout({ rate: 0.3 }), dense({ units: 10 })],
    ),
    options: { loss: softmaxCrossEntropy(), optimizer: adam(), metrics: [accuracy()], seed: 9 },
    data: { inputs: rows(95, 31), targets: classes(95, 10) },
    fit: { batchSize: 10, epochs: 10 },
  },
  '144-70-33-10, ReLU, bytes, hinge, SGD': {
    network: sequential(
      [144],
      [
        dense({ units: 70, activation: relu() }),
        dense({ units: 33, activation: relu() }),
        dense({ units: 10 }),
      ],
    ),
    options: { loss: multiclassHinge(), optimizer: sgd({ learningRate: 0.01 }), seed: 4 },
    data: { inputs: pixels(200, 144), targets: classes(200, 10) },
    fit: { batchSize: 20, epochs: 10 },
  },
  '5-64-3, sigmoid, squares, a schedule': {
    network: sequential([5], [dense({ units: 64, activation: sigmoid() }), dense({ units: 3 })]),
    options: {
      loss: meanSquaredError(),
      optimizer: momentum({ learningRate: exponentialDecay({ initial: 0.1, every: 10 }) }),
      seed: 5,
    },
    data: { inputs: rows(64, 5), targets: rows(64, 3) },
    fit: { batchSize: 16, epochs: 25 },
  },
};

interface Outcome {
  readonly losses: readonly number[];
  readonly parameters: Record<string, NumberArray>;
  readonly prediction: NumberArray;
}

async function run({ network, options, data, fit }: Training, backend: Backend): Promise<Outcome> {
  const trainer = await train(network, { ...options, backend });
  try {
    const { epochs, steps } = await trainer.fit(data, fit);
    expect(steps).toBe(100);
    const losses = epochs.map(({ loss }) => loss);
    return {
      losses,
      parameters: await trainer.readParameters(),
      prediction: await trainer.predict(data.inputs),
    };
  } finally {
    trainer.release();
  }
}

describe.each(Object.entries(trainings))('%s', (_, training) => {
  const expected = run(training, cpu());
  it.each<[string, Backend]>([
    ['as it comes', wasm()],
    ['deterministic', wasm({ threads: 1, deterministic: true })],
    ['with every kernel shared by three threads', sharingBackend(3)],
  ])('agrees with the CPU backend to 1e-5 after 100 steps: %s', async (_name, backend) => {
    const [actual, wanted] = [await run(training, backend), await expected];
    const tolerance = 1e-5;
    requireClose(Float64Array.from(actual.losses), Float64Array.from(wanted.losses), tolerance, 'losses');
    requireClose(actual.prediction, wanted.prediction, tolerance, 'predictions');
    for (const [name, numbers] of Object.entries(wanted.parameters)) {
      requireClose(actual.parameters[name] as NumberArray, numbers, tolerance, name);
    }
  });
});

it.each([1, 2])('gives the losses that pages and workers are held to, on %i threads', async (threads) => {
  const { losses } = await trainKnown(threads);
  requireClose(Float64Array.from(losses), Float64Array.from(knownLosses), 1e-5, 'losses');
});
