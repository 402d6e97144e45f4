// Networks as plain data, and back again with a registry's help.
import { type PluginData, toData } from '../plugin/definition.ts';
import type { Network } from './network.ts';

/** A network without its numbers. */
export interface NetworkData {
  /** Shape of one example. */
  readonly input: readonly number[];
  /** In order; each names itself, so that parameters keep their names. */
  readonly layers: readonly PluginData[];
}

export const toNetworkData = (network: Network): NetworkData => ({
  input: [...network.input],
  layers: network.layers.map(({ layer, name }) => ({ ...toData(layer), name })),
});
