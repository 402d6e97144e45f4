// Networks that are a chain of layers.
import type { Layer } from '../plugin/layer.ts';
import type { Shape } from '../scalar/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { chainData } from './json.ts';
import type { Network, NetworkLayer } from './network.ts';
import { applyLayer, lastWithNeurons, nameLayers, place, requireInput, requireLayer } from './place.ts';
import { summarize } from './summary.ts';

/**
 * A network that applies `layers` in order.
 *
 * Layers without a `name` of their own get one: those with neurons are hidden1, hidden2 … and the last of them output;
 * others are called by their type and a number, such as dropout1. Parameters are named after them: hidden1.weight.
 *
 * @param input shape of one example, such as [784] or [28, 28].
 * @throws NeuriteError `shape` that names the layer where shapes do not fit; `name` where two layers are called the same.
 *
 * @example
 * const network = sequential([784], [dense({ units: 128, activation: relu() }), dense({ units: 10 })]);
 */
export function sequential(input: Shape, layers: readonly Layer[]): Network {
  requireInput(input, 'sequential');
  layers.forEach((layer, i) => {
    requireLayer(layer, `sequential takes layers, but number ${i + 1}`);
  });
  const names = nameLayers(layers, new Map([[lastWithNeurons(layers), 'output']]));
  const placed: NetworkLayer[] = [];
  let shape = input;
  layers.forEach((layer, i) => {
    const next = place(layer, names[i] as string, shape);
    placed.push(next);
    shape = next.output;
  });
  const network: Network = {
    inputs: [{ name: 'input', shape: input }],
    outputs: [{ name: 'output', shape }],
    input,
    output: shape,
    layers: placed,
    parameters: placed.flatMap(({ parameters }) => parameters),
    state: placed.flatMap(({ state }) => state),
    apply: (values, inputs, context) => [
      placed.reduce((x, layer) => applyLayer(layer, values, x, context), inputs[0] as Tensor),
    ],
    summary: () => summarize(network),
    toJSON: () => chainData(network),
  };
  return network;
}
