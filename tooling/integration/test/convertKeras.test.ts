// Models and weights of Keras. fixtures/convert/makeKeras.py made the files, and what Keras predicts.
import { readFileSync } from 'node:fs';
import * as activations from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { fromKeras, fromKerasWeights, type KerasModel, type NestedNumbers } from '@neurite/convert/keras';
import { type Network, NeuriteError, predictor, registry, sequential } from '@neurite/core';
import * as layers from '@neurite/layers';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';

interface Predicted {
  readonly inputs: readonly (readonly number[])[];
  readonly outputs: readonly (readonly number[])[];
}
interface Fixtures {
  readonly chain: Predicted & { readonly weights: readonly NestedNumbers[] };
  readonly functional: Predicted;
  readonly words: Predicted;
  readonly normalized: Predicted;
  readonly activations: Predicted & { readonly config: string; readonly names: readonly string[] };
}

const read = (name: string): Uint8Array => readFileSync(new URL(`fixtures/convert/${name}`, import.meta.url));
const fixtures: Fixtures = JSON.parse(Buffer.from(read('keras.json')).toString());
const registered = registry().use(activations, layers);
const networkOf = (model: KerasModel): Network => registered.network(model.network as never);

async function compare(model: KerasModel, { inputs, outputs }: Predicted, network = networkOf(model)) {
  const { parameters, layerState } = model;
  const { predictAll } = await predictor(network, { parameters, layerState, backend: cpu() });
  const named = Object.fromEntries(network.inputs.map(({ name }, i) => [name, inputs[i]!]));
  const predicted = Object.values(await predictAll(inputs.length === 1 ? inputs[0]! : named));
  expect(predicted.map(({ length }) => length)).toEqual(outputs.map(({ length }) => length));
  predicted.forEach((found, i) => {
    found.forEach((value, j) => {
      expect(Math.abs(value - outputs[i]![j]!), `output ${i}, number ${j}`).toBeLessThan(1e-5);
    });
  });
}

describe('a .keras file predicts as in Keras', () => {
  it('with every layer in a chain', async () => {
    const model = fromKeras(read('chain.keras'));
    await compare(model, fixtures.chain);
    expect(networkOf(model).layers.map(({ layer }) => layer.type)).toEqual(
      'rescale flatten dense batchNorm dense batchNorm activation dropout dense layerNorm prelu gaussianNoise reshape layerNorm rmsNorm flatten dense activation'.split(
        ' ',
      ),
    );
    expect((model.network as { layers: readonly object[] }).layers.slice(2, 4)).toEqual([
      { type: 'dense', units: 8, activation: { type: 'relu' }, name: 'first' },
      { type: 'batchNorm', momentum: 0.01, epsilon: 0.001, affine: true, name: 'batch_normalization' },
    ]);
  });

  it('with several inputs and outputs, a layer used twice, and everything that joins', async () => {
    const model = fromKeras(read('functional.keras'));
    await compare(model, fixtures.functional);
    const { inputs, outputs } = networkOf(model);
    expect(inputs.map(({ name }) => name)).toEqual(['left', 'right']);
    expect(outputs.map(({ name }) => name)).toEqual(['digit', 'parity']);
  });

  it('with embeddings, and with standardized inputs', async () => {
    await compare(fromKeras(read('words.keras')), fixtures.words);
    await compare(fromKeras(read('normalized.keras')), fixtures.normalized);
  });

  it('with every activation', async () => {
    const { config, names } = fixtures.activations;
    const weights = unzipSync(read('chain.keras'))['model.weights.h5']!;
    const model = fromKeras(zipSync({ 'config.json': strToU8(config), 'model.weights.h5': weights }));
    expect(Object.keys((model.network as { outputs: object }).outputs)).toEqual(names);
    await compare(model, fixtures.activations);
  });
});

describe('weights alone', () => {
  const weightless = () => {
    const { relu, leakyRelu, elu, softmax } = activations;
    const { activation, batchNorm, dense, flatten, layerNorm, prelu, rescale, reshape, rmsNorm } = layers;
    return sequential(
      [2, 3],
      [
        rescale({ scale: 0.5, offset: 0.1 }),
        flatten(),
        dense({ units: 8, activation: relu() }),
        batchNorm({ epsilon: 1e-3 }),
        dense({ units: 6, bias: false }),
        batchNorm({ epsilon: 0.01 }),
        activation({ activation: leakyRelu({ slope: 0.2 }) }),
        dense({ units: 6, activation: elu({ alpha: 0.5 }) }),
        layerNorm({ epsilon: 1e-3 }),
        prelu(),
        reshape({ sizes: [2, 3] }),
        layerNorm({ epsilon: 1e-3 }),
        rmsNorm({ epsilon: 1e-6 }),
        flatten(),
        dense({ units: 4, activation: softmax() }),
      ],
    );
  };

  it('come from a list, in the order of get_weights(), and are those of the file', async () => {
    const network = sequential([3], [layers.standardize(), layers.dense({ units: 2 })]);
    const model = fromKeras(read('normalized.keras'));
    const { parameters, layerState } = fromKerasWeights(read('normalized.keras'), network);
    expect(parameters['output.weight']).toEqual(
      model.parameters['dense_9.weight'] ?? Object.values(model.parameters)[0],
    );
    await compare({ ...model, parameters, layerState }, fixtures.normalized, network);

    const [mean, deviation] = Object.values(layerState).map((values) => [...values]);
    const list: NestedNumbers[] = [
      mean!,
      deviation!.map((x) => x * x),
      [50],
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      [7, 8],
    ];
    const listed = fromKerasWeights(list, network);
    expect(listed.parameters).toEqual({
      'output.weight': new Float32Array([1, 2, 3, 4, 5, 6]),
      'output.bias': new Float32Array([7, 8]),
    });
  });

  it('of a whole model must have what the layers here have', async () => {
    // Keras's second batch normalization has no offset, the second layer normalization no scale: what is 0 and 1 is given.
    const network = weightless();
    expect(() => fromKerasWeights(read('chain.keras'), network)).toThrow(
      '"batchNorm2" takes scale, offset, mean, variance, but there are only 3 arrays for it',
    );
    const list = [...fixtures.chain.weights];
    list.splice(8, 0, Array(6).fill(0));
    list.splice(16, 0, [1, 1, 1]);
    const { parameters, layerState } = fromKerasWeights(list, network);
    await compare({ network: network.toJSON(), parameters, layerState }, fixtures.chain, network);
  });

  it('are refused where they do not fit, with both sides', () => {
    const network = sequential([2], [layers.dense({ units: 3 }), layers.dense({ units: 1 })]);
    const three = [
      [1, 2, 3],
      [4, 5, 6],
    ];
    expect(() => fromKerasWeights([three, [1, 2, 3]], network)).toThrow(
      '"output" takes weight, bias, but there are only 0',
    );
    expect(() => fromKerasWeights([three, [1, 2, 3], [[1], [2], [3]], [1], [1]], network)).toThrow(
      'there are 5 arrays, but the network takes 4: hidden1: weight, bias; output: weight, bias',
    );
    expect(() =>
      fromKerasWeights(
        [
          [
            [1, 2],
            [3, 4],
            [5, 6],
          ],
          [1, 2, 3],
          [[1], [2], [3]],
          [1],
        ],
        network,
      ),
    ).toThrow('layer "hidden1" of the Keras model has a weight of [3, 2]');
    expect(() => fromKerasWeights([[[1, 2, 3]], [1, 2, 3], [[1], [2], [3]], [1]], network)).toThrow(
      '"hidden1.weight" takes [2, 3], but the weights have 3 numbers',
    );
    expect(() => fromKerasWeights([[[1, 2, 3], [4]], [1, 2, 3], [[1], [2], [3]], [1]], network)).toThrow(
      'array 1',
    );
    expect(() => fromKerasWeights([], sequential([2], [layers.maxout({ units: 2 })]))).toThrow(
      'no counterpart in Keras',
    );
  });
});

describe('files that are no models', () => {
  const files = unzipSync(read('words.keras'));
  const weights = files['model.weights.h5']!;
  const zipped = (config: unknown, h5 = weights) =>
    zipSync({ 'config.json': strToU8(JSON.stringify(config)), 'model.weights.h5': h5 });
  const sequentialOf = (...list: object[]) => ({
    class_name: 'Sequential',
    config: {
      layers: [{ class_name: 'InputLayer', config: { name: 'i', batch_shape: [null, 3] } }, ...list],
    },
  });

  it.each([
    ['nothing', new Uint8Array(), 'this is no .keras file'],
    ['HDF5', weights, 'this is no .keras file: it must be a zip archive'],
    ['a cut archive', read('words.keras').slice(0, 900), 'cannot be unpacked'],
    ['an archive of something else', zipSync({ 'a.txt': strToU8('a') }), 'there is no config.json'],
    ['no JSON', zipSync({ 'config.json': strToU8('{'), 'model.weights.h5': weights }), 'is no JSON'],
    ['no object', zipped([]), 'config.json of the Keras model must be an object, but is []'],
    ['a subclass', zipped({ class_name: 'Mine', config: {} }), 'the Keras model is a Mine'],
    [
      'no layers',
      zipped({ class_name: 'Sequential', config: {} }),
      'layers of the Keras model must be a list',
    ],
    [
      'a convolution',
      zipped(sequentialOf({ class_name: 'Conv2D', config: { name: 'c' } })),
      'Conv2D "c" of the Keras model cannot be read: the layers that can be read are ',
    ],
    [
      'a name of an object’s own',
      zipped(sequentialOf({ class_name: 'constructor', config: { name: 'c' } })),
      'constructor "c" of the Keras model cannot be read',
    ],
    [
      'an unknown activation',
      zipped(
        sequentialOf({ class_name: 'Dense', config: { name: 'd', units: 2, activation: 'exponential' } }),
      ),
      'Dense "d" of the Keras model has the activation "exponential"',
    ],
    [
      'an axis in the middle',
      zipped(sequentialOf({ class_name: 'BatchNormalization', config: { name: 'b', axis: 1 } })),
      'BatchNormalization "b" of the Keras model cannot be read along another axis',
    ],
    [
      'weights of something else',
      zipped(sequentialOf({ class_name: 'PReLU', config: { name: 'p' } })),
      'the weights have no layers/p_re_lu for "p", but there are: ',
    ],
    [
      'more units than weights',
      zipped(sequentialOf({ class_name: 'Dense', config: { name: 'd', units: 1e9 } })),
      'layer "d" of the Keras model has a weight of [12, 2]',
    ],
    [
      'weights that are no HDF5',
      zipped(sequentialOf({ class_name: 'Dense', config: { name: 'd', units: 2 } }), new Uint8Array(200)),
      'this is no HDF5 file',
    ],
  ])('%s', (_, bytes, message) => {
    expect(() => fromKeras(bytes)).toThrow(NeuriteError);
    expect(() => fromKeras(bytes)).toThrow(message);
  });

  it('bombs are not unpacked', () => {
    const bomb = zipSync({ 'config.json': new Uint8Array(5_000_000), 'model.weights.h5': weights });
    expect(bomb.length).toBeLessThan(100_000);
    expect(() => fromKeras(bomb)).toThrow('config.json of the .keras file would have 5000000 bytes');
  });

  it('damage anywhere in the weights is an error of ours, or gives other numbers, at once', () => {
    const network = registered.network(fromKeras(read('words.keras')).network as never);
    const outcomes = new Set<string>();
    for (let i = 0; i < 1000; i++) {
      const damaged = weights.slice(0, i % 10 === 0 ? (i * 7919) % weights.length : undefined);
      // Where structures are, and everywhere.
      for (let j = 0; j <= i % 3; j++)
        damaged[((i + j) * 104729) % damaged.length] = [0, 1, 255, 127][(i + j) % 4]!;
      try {
        fromKerasWeights(damaged, network);
        outcomes.add('read');
      } catch (error) {
        expect(error).toBeInstanceOf(NeuriteError);
        outcomes.add((error as NeuriteError).code);
      }
    }
    expect([...outcomes].sort()).toEqual(['data', 'read', 'unsupported']);
  });
});
