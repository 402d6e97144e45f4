// Networks that are not a chain: acyclic graphs, written as a function over tensors.
import { NeuriteError } from '../errors.ts';
import type { Layer } from '../plugin/layer.ts';
import { printValue } from '../plugin/options.ts';
import { printShape, type Shape } from '../scalar/shape.ts';
import * as leaf from '../tensor/ops/leaf.ts';
import { Tensor } from '../tensor/tensor.ts';
import { graphData } from './graphData.ts';
import type { ApplyContext, Network, NetworkLayer, Port } from './network.ts';
import { applyLayer, lastWithNeurons, nameLayers, place, requireInput, requireLayer } from './place.ts';
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
 * @throws NeuriteError `shape` that names the layer where shapes do not fit; `name` where two layers are called the same;
 * `state`, later too, where `build` did something else than the first time.
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
  if (typeof inputs !== 'object' || inputs === null || typeof build !== 'function') {
    throw new NeuriteError(
      'option',
      `graph takes the shape of its input, or shapes by name, and a function, but got ${printValue(inputs)} and ${typeof build}`,
    );
  }
  const single = Array.isArray(inputs);
  const ports = Object.entries(single ? { input: inputs } : inputs).map(([name, shape]): Port => {
    requireName('input', name);
    requireInput(shape, `graph: input "${name}"`);
    return { name, shape };
  });
  if (ports.length === 0) throw new NeuriteError('option', 'graph must have an input');

  const layers: Layer[] = [];
  /** Which layer each call of `use` was with, while the graph was defined. */
  const order: number[] = [];
  let outputs: Port[] | undefined;

  /** The outputs by name, on `tensors`, one for each input. `apply` gets the number of the layer. */
  const run = (tensors: readonly Tensor[], apply: (index: number, x: Tensor) => Tensor): Tensors => {
    const seen: Layer[] = [];
    const ofLayers = new Set<unknown>(); // they say themselves whose they are
    let calls = 0;
    const use: UseLayer = (layer, x) => {
      requireLayer(layer, `graph takes layers, but what use() got as number ${calls + 1}`);
      if (!(x instanceof Tensor) || x.shape.length === 0) {
        const got = x instanceof Tensor ? printShape(x.shape) : printValue(x);
        throw new NeuriteError(
          'option',
          `graph: use() takes a tensor [batch, …] after the layer, but got ${got}`,
        );
      }
      const known = seen.indexOf(layer);
      const index = known < 0 ? seen.push(layer) - 1 : known;
      if (outputs && (order[calls] !== index || layers[index]?.type !== layer.type)) throw changed();
      order[calls++] = index;
      layers[index] ??= layer;
      try {
        return apply(index, x);
      } catch (error) {
        ofLayers.add(error);
        throw error;
      }
    };
    const named = Object.fromEntries(ports.map(({ name }, i) => [name, tensors[i] as Tensor]));
    let made: Tensor | Tensors;
    try {
      made = build((single ? tensors[0] : named) as never, use);
    } catch (error) {
      throw ofLayers.has(error) ? error : betweenLayers(error, calls);
    }
    const all = made instanceof Tensor ? { output: made } : made;
    const names = typeof all === 'object' && all !== null ? Object.keys(all) : [];
    if (names.length === 0 || !names.every((name) => all[name] instanceof Tensor)) {
      throw new NeuriteError('option', 'graph: the function must give a tensor, or tensors by name');
    }
    const same = names.length === outputs?.length && outputs.every(({ name }) => names.includes(name));
    if (outputs && !(same && calls === order.length)) throw changed();
    return all;
  };

  // A first time to see which layers there are, a second one to place them under their names.
  const inputTensors = ports.map(({ name, shape }) => placeholderFor(name, shape));
  const makers = new Map<Tensor, number>();
  const first = run(inputTensors, (index, x) => {
    const layer = layers[index] as Layer;
    const placed = place(layer, layer.name ?? `number ${index + 1}`, x.shape.slice(1));
    const output = another(applyLayer(placed, valuesOf(placed), x, definition), x);
    makers.set(output, index);
    return output;
  });
  outputs = Object.entries(first).map(([name, { shape }]): Port => {
    requireName('output', name);
    if (shape[0] === examples) return { name, shape: shape.slice(1) };
    throw new NeuriteError(
      'shape',
      `graph: output "${name}" is ${printShape(shape)} for ${examples} examples: it must keep the first axis`,
    );
  });
  const names = nameLayers(layers, outputNames(layers, first, makers));
  const doubled = names.find((name) => ports.some((port) => port.name === name));
  if (doubled !== undefined) {
    throw new NeuriteError('name', `graph: an input and a layer are both called "${doubled}": rename one`);
  }
  const placed = new Map<number, NetworkLayer>();
  const calls: GraphCall[] = [];
  const outputTensors = run(inputTensors, (index, x) => {
    const own = placed.get(index) ?? place(layers[index] as Layer, names[index] as string, x.shape.slice(1));
    placed.set(index, own);
    const output = another(applyLayer(own, valuesOf(own), x, definition), x);
    calls.push({ layer: index, input: x, output });
    return output;
  });
  const all = [...placed.values()];
  const outputPorts = outputs;
  const network: Network = {
    inputs: ports,
    outputs: outputPorts,
    input: (ports[0] as Port).shape,
    output: (outputPorts[0] as Port).shape,
    layers: all,
    parameters: all.flatMap(({ parameters }) => parameters),
    state: all.flatMap(({ state }) => state),
    apply: (values, tensors, context) => {
      const current = new Map(values); // a layer that is used twice goes on with the state that it had left
      const made = run(tensors, (index, x) =>
        applyLayer(all[index] as NetworkLayer, current, x, {
          ...context,
          onLayer: (work) => {
            for (const [name, tensor] of work.state) current.set(name, tensor);
            context.onLayer?.(work);
          },
        }),
      );
      return outputPorts.map(({ name }) => made[name] as Tensor);
    },
    summary: () => summarize(network),
    toJSON: () => graphData(network, inputTensors, calls, outputTensors),
  };
  return network;
}

/** Examples that a graph is defined with: two, so that nothing is taken for a single one. */
const examples = 2;

/** Says of shapes that do not fit between layers where that is. */
function betweenLayers(error: unknown, calls: number): unknown {
  if (!(error instanceof NeuriteError) || error.code !== 'shape' || error.message.startsWith('graph'))
    return error;
  return new NeuriteError(
    'shape',
    `graph: after use() number ${calls}, ${error.message}: axis 0 is the batch; bring both to one shape, as dense or reshape can`,
    { cause: error },
  );
}

const definition: ApplyContext = { training: true, random: (purpose) => ({ seed: 0, purpose }) };

const placeholderFor = (name: string, shape: Shape): Tensor =>
  new Tensor(leaf.input(name, [examples, ...shape], 'float32', 'input'));

/** What a layer made of x, to be told from x even where it is x. */
const another = (output: Tensor, x: Tensor): Tensor => (output === x ? new Tensor(x.op, x.sources) : output);

/** Ports name tensors and scores, such as digit.accuracy. */
function requireName(what: string, name: string): void {
  if (/^[^.]+$/.test(name)) return;
  throw new NeuriteError('name', `graph: ${what} "${name}" must have a name without dots`);
}

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
