// Names of layers that a network would give them by itself, so that code need not say them.
import { type AnyDefinition, type Layer, type Network, NeuriteError, sequential } from '@neurite/core';
import { graphWith } from './graphs.ts';

/** The layers of `network` by name, each without the name where it would get it anyway. */
export function withoutNames(
  network: Network,
  definitionOf: (layer: Layer) => AnyDefinition,
): ReadonlyMap<string, Layer> {
  const data = network.toJSON();
  const build = (layers: ReadonlyMap<string, Layer>): Network =>
    'nodes' in data ? graphWith(data, layers) : sequential(network.input, [...layers.values()]);
  const result = new Map(
    network.layers.map(({ name, layer }) => [name, renamed(layer, definitionOf(layer), name)]),
  );
  // From front to back: a layer is numbered after those before it that have no name.
  for (const [i, { name, layer }] of network.layers.entries()) {
    const unnamed = renamed(layer, definitionOf(layer), undefined);
    if (nameAt(i, () => build(new Map(result).set(name, unnamed))) === name) result.set(name, unnamed);
  }
  return result;
}

const renamed = (layer: Layer, definition: AnyDefinition, name: string | undefined): Layer =>
  (definition as unknown as (options: object) => Layer)({ ...layer.options, name });

/** The name of a layer; undefined where it would be that of another. */
function nameAt(i: number, build: () => Network): string | undefined {
  try {
    return build().layers[i]?.name;
  } catch (error) {
    if (error instanceof NeuriteError && error.code === 'name') return undefined;
    throw error;
  }
}
