// Models and weights of Keras.
import { type Network, type NetworkData, NeuriteError, printShape, sizeOf } from '@neurite/core';
import { isArchive, readArchive } from './keras/archive.ts';
import { Hdf5 } from './keras/hdf5.ts';
import { numbersOf } from './keras/layers.ts';
import { type Placed, readModel } from './keras/model.ts';
import {
  type NestedNumbers,
  placedLayers,
  split,
  tensorsFromFile,
  tensorsFromList,
} from './keras/weights.ts';
import type { NetworkNumbers } from './network.ts';
import type { TensorData } from './tensors.ts';

export type { NestedNumbers } from './keras/weights.ts';
export type { NetworkNumbers } from './network.ts';
export type { TensorData } from './tensors.ts';

/** A network and its numbers. */
export interface KerasModel extends NetworkNumbers {
  /** What `registry().use(activations, layers).network()` makes a network of. */
  readonly network: NetworkData;
}

/**
 * A model of dense layers that Keras has saved by `model.save('model.keras')`: Sequential, or Functional, with Dense,
 * Activation, ReLU, LeakyReLU, ELU, PReLU, Softmax, BatchNormalization, LayerNormalization, RMSNormalization,
 * Normalization, Rescaling, Dropout, the layers of noise, Flatten, Reshape, Embedding, and layers that add, subtract,
 * multiply, average or concatenate. It predicts as it does in Keras. What is for training alone — loss, optimizer,
 * initializers, regularizers, constraints — is left behind.
 *
 * @param bytes the whole file.
 * @throws NeuriteError `data` where it is no such file or is damaged; `unsupported` that names the layer which Neurite
 * does not have; `shape` where numbers do not fit a layer.
 *
 * @example
 * const { network: data, parameters, layerState } = fromKeras(readFileSync('model.keras'));
 * const network = registry().use(activations, layers).fromJSON(data);
 * const model = await predictor(network, { parameters, layerState, backend: cpu() });
 */
export function fromKeras(bytes: Uint8Array): KerasModel {
  const { config, weights } = readArchive(plainBytes(bytes));
  const { network, layers } = readModel(config);
  const placed = layers.filter(({ converted }) => converted.numbers.length > 0);
  return { network, ...convertAll(placed, tensorsFromFile(new Hdf5(weights), placed)) };
}

/**
 * The numbers of `network` from weights of Keras: the bytes of a `.keras` or a `.weights.h5` file, or the list that
 * `[w.tolist() for w in model.get_weights()]` is. The layers of both must be of the same kinds in the same order: the
 * second dense layer takes the numbers of the second Dense.
 *
 * @throws NeuriteError `data` where a file is damaged, or where there are more or fewer arrays; `shape` where one does not
 * fit; `unsupported` where a layer has no counterpart in Keras.
 *
 * @example
 * const { parameters, layerState } = fromKerasWeights(readFileSync('model.weights.h5'), network);
 */
export function fromKerasWeights(
  weights: Uint8Array | readonly (NestedNumbers | TensorData)[],
  network: Network,
): NetworkNumbers {
  const layers = placedLayers(network);
  const result = convertAll(
    layers,
    weights instanceof Uint8Array
      ? tensorsFromFile(new Hdf5(weightsIn(plainBytes(weights))), layers)
      : tensorsFromList(weights, layers),
  );
  const all = { ...result.parameters, ...result.layerState };
  for (const { name, shape } of [...network.parameters, ...network.state]) {
    const length = all[name]?.length;
    if (length === sizeOf(shape)) continue;
    throw new NeuriteError(
      'shape',
      `"${name}" takes ${printShape(shape)}, but the weights have ${length} numbers`,
    );
  }
  return result;
}

const weightsIn = (bytes: Uint8Array): Uint8Array => (isArchive(bytes) ? readArchive(bytes).weights : bytes);

/** Node's Buffer has methods of the same names that do something else. */
function plainBytes(bytes: Uint8Array): Uint8Array {
  if (bytes instanceof Uint8Array) return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  throw new NeuriteError('data', 'a file must be given as a Uint8Array');
}

const convertAll = (layers: readonly Placed[], tensors: readonly (readonly TensorData[])[]): NetworkNumbers =>
  split(
    layers.map(({ name, converted }, i) => [
      name,
      numbersOf(converted, tensors[i] as readonly TensorData[], `layer "${name}"`),
    ]),
  );
