// Networks that are not a chain: acyclic graphs, written as a function over tensors.
import { NeuriteError } from '../errors.ts';
import type { Layer } from '../plugin/layer.ts';
import * as leaf from '../tensor/ops/leaf.ts';
import { requireShape, type Shape } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { graphData } from './graphData.ts';
import type { ApplyContext, Network, NetworkLayer, Port } from './network.ts';
import { applyLayer, lastWithNeurons, nameLayers, place, requireLayer } from './place.ts';
import { summarize } from './summary.ts';

/** Applies a layer to a tensor [batch, …]. The same layer used again has the same parameters. */
export type UseLayer = (layer: Layer, x: Tensor) => Tensor;

type Tensors = Readonly<Record<string, Tensor>>;

/** A call of `use` while a graph was defined: which layer, what it got and what it gave. */
export interface GraphCall {
  readonly layer: number;
  readonly input: Tensor;
  readonly output: Tensor;
}

/**
 * A network that is any function over its inputs: layers are applied by `use`, whatever lies between them is written with
 * tensors. `build` is called anew for each size of batch and must do the same each time.
 *
 * Layers without a name are called as in `sequential`; where there are several outputs, a layer with neurons that makes
 * one is called as that output is.
 *
 * @param inputs shape of one example; or one for each input, by name.
 * @param build gets a tensor [batch, …input], or one for each input by name, and `use`; gives the output, or outputs by
 * name.
 * @throws NeuriteError `shape` that names the layer where shapes do not fit; `name` where two layers are called the same.
 *
 * @example
 * const residual = graph([64], (x, use) => {
 *   const h = use(dense({ units: 64, activation: relu() }), x);
 *   return use(dense({ units: 10 }), h.add(x));
 * });
 */
export function graph(inputs: Shape, build: (x: Tensor, use: UseLayer) => Tensor | Tensors): Network;
export function graph<const Inputs extends Readonly<Record<string, Shape>>>(
  inputs: Inputs,
  build: (inputs: { readonly [Name in keyof Inputs]: Tensor }, use: UseLayer) => Tensor | Tensors,
): Network;
export function graph(
  inputs: Shape | Readonly<Record<string, Shape>>,
  build: (inputs: never, use: UseLayer) => Tensor | Tensors,
): Network {
  const single = Array.isArray(inputs);
  const ports = Object.entries(single ? { input: inputs } : inputs).map(([name, shape]): Port => {
    requireShape(shape, `graph: input "${name}"`);
    return { name, shape };
  });
  if (ports.length === 0) throw new NeuriteError('option', 'graph must have an input');

  /** The outputs by name, on `tensors`, one for each input. */
  const run = (tensors: readonly Tensor[], use: UseLayer): Tensors => {
    const named = Object.fromEntries(ports.map(({ name }, i) => [name, tensors[i] as Tensor]));
    const made = build((single ? tensors[0] : named) as never, use);
    const outputs = made instanceof Tensor ? { output: made } : made;
    const entries = typeof outputs === 'object' && outputs !== null ? Object.entries(outputs) : [];
    if (entries.length === 0 || !entries.every(([, tensor]) => tensor instanceof Tensor)) {
      throw new NeuriteError('option', 'graph: the function must give a tensor, or tensors by name');
    }
    return outputs;
  };

  // A first time to see which layers there are, a second one to place them under their names.
  const layers: Layer[] = [];
  const order: number[] = [];
  const inputTensors = ports.map(({ name, shape }) => placeholderFor(name, shape));
  const makers = new Map<Tensor, number>();
  const firstOutputs = run(inputTensors, (layer, x) => {
    requireLayer(layer, `graph takes layers, but what use() got as number ${order.length + 1}`);
    const known = layers.indexOf(layer);
    const index = known < 0 ? layers.push(layer) - 1 : known;
    order.push(index);
    const label = layer.name ?? `${layer.type}, number ${index + 1}`;
    const placed = place(layer, label, x.shape.slice(1));
    const output = applyLayer(placed, valuesOf(placed), x, definition);
    makers.set(output, index);
    return output;
  });
  const names = nameLayers(layers, outputNames(layers, firstOutputs, makers));
  const placed: (NetworkLayer | undefined)[] = layers.map(() => undefined);
  const calls: GraphCall[] = [];
  const outputTensors = run(inputTensors, (layer, x) => {
    const index = order[calls.length] as number;
    const own = placed[index] ?? place(layer, names[index] as string, x.shape.slice(1));
    placed[index] = own;
    const output = applyLayer(own, valuesOf(own), x, definition);
    calls.push({ layer: index, input: x, output });
    return output;
  });
  const all = placed as NetworkLayer[];
  const outputs = Object.entries(outputTensors).map(
    ([name, { shape }]): Port => ({ name, shape: shape.slice(1) }),
  );
  const network: Network = {
    inputs: ports,
    outputs,
    input: (ports[0] as Port).shape,
    output: (outputs[0] as Port).shape,
    layers: all,
    parameters: all.flatMap(({ parameters }) => parameters),
    state: all.flatMap(({ state }) => state),
    apply: (values, tensors, context) => {
      let call = 0;
      const current = new Map(values); // a layer that is used twice goes on with the state that it had left
      const made = run(tensors, (_, x) => {
        const index = order[call++];
        if (index === undefined) throw changed();
        return applyLayer(all[index] as NetworkLayer, current, x, {
          ...context,
          onLayer: (work) => {
            for (const [name, tensor] of work.state) current.set(name, tensor);
            context.onLayer?.(work);
          },
        });
      });
      if (call !== order.length) throw changed();
      return outputs.map(({ name }) => made[name] as Tensor);
    },
    summary: () => summarize(network),
    toJSON: () => graphData(network, inputTensors, calls, outputTensors),
  };
  return network;
}

const definition: ApplyContext = { training: true, random: (purpose) => ({ seed: 0, purpose }) };

/** Tensors without numbers: two examples, so that nothing is taken for a single one. */
const placeholderFor = (name: string, shape: Shape): Tensor =>
  new Tensor(leaf.input(name, [2, ...shape], 'float32', 'input'));

const valuesOf = ({ parameters, state }: NetworkLayer): Map<string, Tensor> =>
  new Map(
    [...parameters, ...state].map(({ name, shape }) => [
      name,
      new Tensor(leaf.input(name, shape, 'float32', 'state')),
    ]),
  );

/** Which layers are called after outputs: of a single one the last with neurons, of several those that make them. */
function outputNames(
  layers: readonly Layer[],
  outputs: Tensors,
  makers: ReadonlyMap<Tensor, number>,
): Map<number, string> {
  const entries = Object.entries(outputs);
  if (entries.length === 1) return new Map([[lastWithNeurons(layers), 'output']]);
  return new Map(
    entries.flatMap(([name, tensor]) => {
      const index = makers.get(tensor);
      return index !== undefined && layers[index]?.neurons !== undefined ? [[index, name] as const] : [];
    }),
  );
}

const changed = (): NeuriteError =>
  new NeuriteError(
    'state',
    'graph: the function used other layers than when the network was defined: it must do the same each time',
  );
