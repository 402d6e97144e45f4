// Networks as plain data, without their numbers.
import { type PluginData, toData } from '../plugin/definition.ts';
import type { GraphData } from './graphData.ts';
import type { Network } from './network.ts';

/** A chain of layers. */
export interface ChainData {
  /** Shape of one example. */
  readonly input: readonly number[];
  /** In order; each names itself, so that parameters keep their names. */
  readonly layers: readonly PluginData[];
}

/** A network without its numbers. */
export type NetworkData = ChainData | GraphData;

export const chainData = (network: Network): ChainData => ({
  input: [...network.input],
  layers: network.layers.map(({ layer, name }) => ({ ...toData(layer), name })),
});
