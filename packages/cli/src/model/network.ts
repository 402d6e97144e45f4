// The network that is trained: from the command line, or from a file.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Layer, type Network, NeuriteError, printShape, sequential, sizeOf } from '@neurite/core';
import { dense, flatten, rescale, standardize } from '@neurite/layers';
import { type Plugins, pluginOf } from '../plugins.ts';
import { asUsage } from '../usageError.ts';

export interface ChainOptions {
  readonly hidden: readonly number[];
  readonly activation: string;
  /** Whether inputs are brought to mean 0 and deviation 1 by the network itself. */
  readonly standardize: boolean;
}

/** From what the last dense layer gives to the numbers that are to be predicted. */
export interface Scaling {
  readonly scale: number;
  readonly offset: number;
}

/** Dense layers one after another. */
export function chainOf(
  { hidden, activation, standardize: isStandardized }: ChainOptions,
  shape: readonly number[],
  outputs: number,
  scaling: Scaling | undefined,
  plugins: Plugins,
): Network {
  const shaped = asUsage(() => pluginOf(plugins, 'activation', activation, '--activation'));
  const layers: Layer[] = [
    ...(shape.length > 1 ? [flatten()] : []),
    ...(isStandardized ? [standardize()] : []),
    ...hidden.map((units) => dense({ units, activation: shaped })),
    dense({ units: outputs }),
    ...(scaling ? [rescale(scaling)] : []),
  ];
  return sequential(shape, layers);
}

/**
 * The network in a JSON file: `{ input, layers }`, a graph, or a list of layers alone, which take the data's shape.
 *
 * @throws NeuriteError that begins with the path.
 */
export async function networkIn(
  path: string,
  folder: string,
  shape: readonly number[],
  outputs: number,
  { registry }: Plugins,
): Promise<Network> {
  let network: Network;
  try {
    const data = JSON.parse(await readFile(resolve(folder, path), 'utf8'));
    const layers = Array.isArray(data) ? data : (data as { layers?: unknown } | null)?.layers;
    const isBare = Array.isArray(layers) && (Array.isArray(data) || !('input' in data));
    network = registry.network(isBare ? { input: shape, layers } : data);
  } catch (cause) {
    throw new NeuriteError('data', `${path}: ${(cause as Error).message}`, { cause });
  }
  if (network.inputs.length > 1 || network.outputs.length > 1)
    throw new NeuriteError(
      'unsupported',
      `${path}: the command line trains networks with one input and one output`,
    );
  if (sizeOf(network.input) !== sizeOf(shape)) {
    throw new NeuriteError(
      'shape',
      `${path}: the network takes ${printShape(network.input)}, but a row of the data is ${printShape(shape)}`,
    );
  }
  if (sizeOf(network.output) !== outputs) {
    throw new NeuriteError(
      'shape',
      `${path}: the network gives ${printShape(network.output)}, but ${outputs === 1 ? 'a single number is' : `${outputs} numbers, one for each class, are`} wanted: change its last layer`,
    );
  }
  return network;
}
