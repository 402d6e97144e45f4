// Plugins from a checkpoint by their names, with errors that say where in it they stand.
import {
  type Named,
  type Network,
  NeuriteError,
  type PluginData,
  type PluginKind,
  type PluginKinds,
  type Registry,
} from '@neurite/core';
import type { Checkpoint } from './checkpoint.ts';
import { pathTo } from './json/json.ts';
import { requireNumbersOf } from './snapshotOf.ts';

/**
 * The network of a checkpoint, made again; its numbers are `checkpoint.parameters`.
 *
 * @param registry has the plugins that the network is made of.
 * @throws NeuriteError that begins with the place, such as network.layers[2]: `name` where a plugin is not registered,
 * `option` where an option is wrong; `state` where the numbers in the checkpoint are not those of such a network.
 */
export function networkOf<D>(checkpoint: Checkpoint, registry: Registry<D>): Network {
  const { network: data } = checkpoint;
  // One by one first: only here is known where each stands.
  if ('layers' in data)
    for (const [i, layer] of data.layers.entries())
      pluginAt(registry, 'layer', layer, pathTo('network.layers', i));
  else
    for (const [name, node] of Object.entries(data.nodes)) {
      if (!('type' in node)) continue;
      const { from: _, ...layer } = node;
      pluginAt(registry, 'layer', layer as PluginData, pathTo('network.nodes', name));
    }
  const network = at('network', () => registry.fromJSON(data));
  requireNumbersOf(network, checkpoint);
  return network;
}

/** The plugin that `data` names. */
export const pluginAt = <Kind extends PluginKind, D>(
  registry: Registry<D>,
  kind: Kind,
  data: PluginData,
  path: string,
): PluginKinds[Kind] => at(path, () => registry.make(kind, data as Named<D, Kind>, path));

/** Puts `path` in front of what `make` complains of. */
function at<T>(path: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof NeuriteError) || error.message.startsWith(path)) throw error;
    throw new NeuriteError(error.code, `${path}: ${error.message}`, { cause: error });
  }
}
