// Graphs of layers with real plugins on real backends: several inputs and outputs, weights, shared statistics.

import * as activations from '@neurite/activations';
import { relu, tanh } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { wasm } from '@neurite/backend-wasm';
import {
  absoluteError,
  accuracy,
  type Backend,
  concat,
  constant,
  type Data,
  graph,
  type Network,
  registry,
  sequential,
  type Trainer,
  type TrainOptions,
  topK,
  train,
} from '@neurite/core';
import * as layers from '@neurite/layers';
import { batchNorm, dense, dropout } from '@neurite/layers';
import { meanSquaredError, softmaxCrossEntropy } from '@neurite/losses';
import { adam, sgd } from '@neurite/optimizers';
import * as regularizers from '@neurite/regularizers';
import { sampleNumbers } from '@neurite/testing';
import { describe, expect, test } from 'vitest';

const neurite = registry().use(activations, layers, regularizers);
const again = (network: Network): Network => neurite.network(JSON.parse(JSON.stringify(network)));

/** Two inputs, a residual block with shared statistics, a gate, and two outputs. */
const network = (): Network =>
  graph({ image: [4], age: [1] }, ({ image, age }, use) => {
    const norm = batchNorm();
    const first = use(norm, use(dense({ units: 6, activation: tanh() }), concat([image, age], 1)));
    const second = use(dropout({ rate: 0.25 }), use(norm, use(dense({ units: 6 }), first)).add(first));
    const gate = use(dense({ units: 6, activation: tanh() }), age);
    const mixed = second.mul(gate).add(constant(1).sub(gate).mul(first));
    return { digit: use(dense({ units: 3 }), mixed), height: use(dense({ units: 1 }), mixed) };
  });
const dataOf = (rows: number): Data & { inputs: { image: number[]; age: number[] } } => {
  const image = sampleNumbers(rows * 4, { seed: 1 });
  const age = sampleNumbers(rows, { seed: 2 });
  const digit = age.map(
    (_, i) => Number((image[4 * i] as number) > 0) + Number((image[4 * i + 1] as number) > 0),
  );
  return {
    inputs: { image, age },
    targets: { digit, height: age.map((x, i) => x * (image[4 * i + 2] as number)) },
  };
};
const trained = (chosen: Network, options: Partial<TrainOptions> = {}): Promise<Trainer> =>
  train(chosen, {
    loss: { digit: softmaxCrossEntropy(), height: { loss: meanSquaredError(), weight: 0.5 } },
    optimizer: adam({ learningRate: 0.02 }),
    backend: cpu(),
    dtype: 'float64',
    metrics: { digit: [accuracy(), topK({ k: 2 })], height: [absoluteError()] },
    ...options,
  });
const numbers = async (trainer: Trainer): Promise<number[]> => {
  const all = { ...(await trainer.readParameters()), ...(await trainer.readLayerState()) };
  return Object.values(all).flatMap((values) => [...values]);
};
const expectClose = (actual: readonly number[], expected: readonly number[], tolerance: number): void => {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => {
    expect(Math.abs(value - (expected[i] as number))).toBeLessThan(
      tolerance * (1 + Math.abs(expected[i] as number)),
    );
  });
};

describe('a graph with several inputs and outputs', () => {
  test('learns all of them', async () => {
    const data = dataOf(60);
    const residual = graph({ image: [4], age: [1] }, ({ image, age }, use) => {
      const first = use(dense({ units: 8, activation: tanh() }), concat([image, age], 1));
      const second = use(dense({ units: 8, activation: tanh() }), first).add(first);
      return { digit: use(dense({ units: 3 }), second), height: use(dense({ units: 1 }), second) };
    });
    const trainer = await trained(residual, { optimizer: adam({ learningRate: 0.05 }) });
    const before = await trainer.evaluate(data);
    await trainer.fit(data, { epochs: 40, batchSize: 20 });
    const after = await trainer.evaluate(data);
    expect(Object.keys(after)).toEqual(['loss', 'digit.accuracy', 'digit.topK', 'height.absoluteError']);
    expect(after.loss).toBeLessThan((before.loss as number) / 2);
    expect(after['digit.accuracy']).toBeGreaterThan(0.8);
    expect(after['height.absoluteError']).toBeLessThan(before['height.absoluteError'] as number);
    expect(await trainer.measure(accuracy(), data, 'digit')).toBe(after['digit.accuracy']);
  });

  test('trains to the same numbers, bit for bit, when it comes from its data', async () => {
    const run = async (chosen: Network) => {
      const trainer = await trained(chosen);
      await trainer.fit(dataOf(20), { epochs: 3, batchSize: 8 });
      return numbers(trainer);
    };
    expect(await run(again(network()))).toEqual(await run(network()));
  });

  test('trains to the same numbers on every backend, in float32', async () => {
    const run = async (backend: Backend, dtype: 'float32' | 'float64') => {
      const trainer = await trained(network(), { backend, dtype, optimizer: sgd({ learningRate: 0.1 }) });
      await trainer.fit(dataOf(20), { epochs: 3, batchSize: 8 });
      const values = await numbers(trainer);
      const predicted = await trainer.predictAll(dataOf(5).inputs);
      trainer.release();
      return [...values, ...Object.values(predicted).flatMap((all) => [...all])];
    };
    const exact = await run(cpu(), 'float64');
    expectClose(await run(cpu(), 'float32'), exact, 1e-4);
    expectClose(await run(wasm(), 'float32'), exact, 1e-4);
  });

  test('may have outputs that are called as its data are', async () => {
    const autoencoder = graph({ inputs: [2] }, ({ inputs }, use) => ({
      inputs: use(dense({ units: 2, name: 'decoder' }), inputs),
      targets: use(dense({ units: 2, name: 'classes' }), inputs),
    }));
    const trainer = await trained(autoencoder, {
      loss: { inputs: meanSquaredError(), targets: softmaxCrossEntropy() },
      metrics: { inputs: [absoluteError()], targets: [accuracy()] },
    });
    const inputs = sampleNumbers(10);
    const data = { inputs, targets: { inputs, targets: [0, 1, 1, 0, 1] } };
    const predicted = await trainer.predictAll(inputs);
    const errors = inputs.map((x, i) => Math.abs(x - (predicted.inputs?.[i] as number)));
    const scores = await trainer.evaluate(data);
    expectClose([scores['inputs.absoluteError'] as number], [errors.reduce((a, b) => a + b) / 10], 1e-12);
    expect(scores).toEqual(await trainer.evaluate(data));
  });

  test('predicts any number of rows, each as if alone', async () => {
    const trainer = await trained(network());
    const { inputs } = dataOf(300);
    const all = await trainer.predictAll(inputs);
    expect([all.digit?.length, all.height?.length]).toEqual([900, 300]);
    for (const row of [0, 255, 256, 299]) {
      const one = await trainer.predictAll({
        age: inputs.age.slice(row, row + 1),
        image: inputs.image.slice(4 * row, 4 * row + 4),
      });
      expectClose([...(one.digit ?? [])], [...(all.digit ?? [])].slice(3 * row, 3 * row + 3), 1e-12);
      expectClose([...(one.height ?? [])], [...(all.height ?? [])].slice(row, row + 1), 1e-12);
    }
  });
});

describe('a graph that is a chain', () => {
  test('trains as the chain does, bit for bit', async () => {
    const make = () => [dense({ units: 5, activation: relu() }), batchNorm(), dropout(), dense({ units: 3 })];
    const data = { inputs: sampleNumbers(40, { seed: 3 }), targets: [0, 1, 2, 0, 1, 2, 0, 1, 2, 0] };
    const run = async (chosen: Network) => {
      const options = { loss: softmaxCrossEntropy(), metrics: [accuracy()] };
      const trainer = await trained(chosen, options);
      const { epochs } = await trainer.fit(data, { epochs: 4, batchSize: 3 });
      return [epochs.map(({ loss, scores }) => [loss, scores]), await numbers(trainer)];
    };
    const chain = await run(sequential([4], make()));
    expect(await run(graph([4], (x, use) => make().reduce((h, each) => use(each, h), x)))).toEqual(chain);
  });
});

describe('weights of examples', () => {
  const options = { loss: meanSquaredError(), metrics: [], optimizer: sgd({ learningRate: 0.1 }) };
  const chosen = () => sequential([2], [dense({ units: 3, activation: tanh() }), dense({ units: 1 })]);
  const rows = 300; // more than an evaluation takes at once
  const data = { inputs: sampleNumbers(2 * rows, { seed: 5 }), targets: sampleNumbers(rows, { seed: 6 }) };
  const weights = sampleNumbers(rows, { seed: 7, low: 0, high: 3 }).map((w, i) => (i % 5 === 0 ? 0 : w));

  test('make an evaluation Σ weight · loss / Σ weight over all batches', async () => {
    const trainer = await trained(chosen(), options);
    const predicted = await trainer.predict(data.inputs);
    const sum = weights.reduce((a, b) => a + b);
    const wanted = weights.reduce(
      (all, w, i) => all + w * ((predicted[i] as number) - (data.targets[i] as number)) ** 2,
      0,
    );
    const { loss } = await trainer.evaluate({ ...data, weights });
    expectClose([loss as number], [wanted / sum], 1e-12);
    expect((await trainer.evaluate({ ...data, weights: weights.map(() => 0) })).loss).toBe(0);
    const plain = (await trainer.evaluate(data)).loss as number;
    expectClose(
      [(await trainer.evaluate({ ...data, weights: weights.map(() => 2) })).loss as number],
      [plain],
      1e-12,
    );
  });

  test('make an epoch’s loss likewise, and a fit as if rows were repeated', async () => {
    const counts = [2, 0, 1, 3];
    const some = { inputs: data.inputs.slice(0, 8), targets: data.targets.slice(0, 4) };
    const repeated = counts.flatMap((count, i) => new Array<number>(count).fill(i));
    const many = {
      inputs: repeated.flatMap((i) => some.inputs.slice(2 * i, 2 * i + 2)),
      targets: repeated.map((i) => some.targets[i] as number),
    };
    const run = async (given: Data, batchSize: number) => {
      const trainer = await trained(chosen(), options);
      const { epochs } = await trainer.fit(given, {
        epochs: 3,
        batchSize,
        shuffle: false,
        validation: given,
      });
      return [
        ...epochs.flatMap(({ loss, validation }) => [loss, validation?.loss as number]),
        ...(await numbers(trainer)),
      ];
    };
    expectClose(await run({ ...some, weights: counts }, 4), await run(many, 6), 1e-11);
  });
});

describe('layers that are not trainable', () => {
  test('keep parameters and statistics, and the rest learns on', async () => {
    const trainer = await trained(
      sequential(
        [2],
        [dense({ units: 4, trainable: false }), batchNorm({ trainable: false }), dense({ units: 1 })],
      ),
      { loss: meanSquaredError(), metrics: [], backend: wasm(), dtype: 'float32' },
    );
    const before = { ...(await trainer.readParameters()), ...(await trainer.readLayerState()) };
    await trainer.fit(
      { inputs: sampleNumbers(20), targets: sampleNumbers(10, { seed: 1 }) },
      { batchSize: 5 },
    );
    const after = { ...(await trainer.readParameters()), ...(await trainer.readLayerState()) };
    for (const [name, values] of Object.entries(before)) {
      if (name.startsWith('output')) expect(after[name]).not.toEqual(values);
      else expect(after[name]).toEqual(values);
    }
    trainer.release();
  });

  test('may be all of them: a training then only measures', async () => {
    const trainer = await trained(sequential([2], [dense({ units: 1, trainable: false })]), {
      loss: meanSquaredError(),
      metrics: [],
    });
    const data = { inputs: sampleNumbers(20), targets: sampleNumbers(10, { seed: 1 }) };
    const { loss } = await trainer.evaluate(data);
    const { epochs } = await trainer.fit(data, { epochs: 2, batchSize: 10 });
    expectClose(
      epochs.map((epoch) => epoch.loss),
      [loss as number, loss as number],
      1e-12,
    );
  });
});

describe('a node that nobody uses', () => {
  test('does not disturb a training, and stays as it is', async () => {
    const idle = neurite.network({
      inputs: { x: [2] },
      nodes: {
        idle: { type: 'dense', units: 3, from: 'x' },
        y: { type: 'dense', units: 1, from: 'x' },
      },
      outputs: { y: 'y' },
    });
    const trainer = await trained(idle, { loss: meanSquaredError(), metrics: [] });
    const before = await trainer.readParameters();
    await trainer.fit(
      { inputs: sampleNumbers(20), targets: sampleNumbers(10, { seed: 1 }) },
      { batchSize: 5 },
    );
    const after = await trainer.readParameters();
    expect(after['idle.weight']).toEqual(before['idle.weight']);
    expect(after['y.weight']).not.toEqual(before['y.weight']);
  });
});
