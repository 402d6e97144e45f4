// The architecture of a Keras model as a network, and where the numbers of its layers are.
import { type GraphData, type NetworkData, NeuriteError, type NodeData } from '@neurite/core';
import { type Config, configOf, exampleShape, isConfig, listOf, numberOf, textOf } from './config.ts';
import { type Converted, convertLayer } from './layers.ts';

/** A layer that has numbers. */
export interface Placed {
  readonly name: string;
  /** In a file of weights: "dense_1". */
  readonly group: string;
  readonly converted: Converted;
}

export interface Model {
  readonly network: NetworkData;
  readonly layers: readonly Placed[];
}

/** Joins of a functional model, by the name of the layer's class, or of Keras's operation on tensors. */
const joins: Readonly<Record<string, Exclude<Extract<NodeData, { join: string }>['join'], 'concatenate'>>> = {
  Add: 'add',
  Subtract: 'subtract',
  Multiply: 'multiply',
  Divide: 'divide',
  TrueDivide: 'divide',
  Maximum: 'maximum',
  Minimum: 'minimum',
};

interface Entry {
  readonly name: string;
  readonly className: string;
  readonly config: Config;
  readonly group: string;
  /** For messages. */
  readonly where: string;
  /** Axes of what it takes, with the batch, where that is known. */
  readonly rank: number | undefined;
  readonly calls: readonly unknown[];
}

/** @throws NeuriteError `data` where the architecture is none; `unsupported` that names the layer which cannot be read. */
export function readModel(value: unknown): Model {
  const model = configOf(value, 'config.json');
  const className = textOf(model.class_name, 'class_name');
  const config = configOf(model.config, 'config');
  if (className !== 'Sequential' && className !== 'Functional' && className !== 'Model') {
    throw new NeuriteError(
      'unsupported',
      `the Keras model is a ${className}, of which only code knows the layers: read are Sequential and Functional`,
    );
  }
  const entries = entriesOf(config);
  return className === 'Sequential' ? chain(config, entries) : functional(config, entries);
}

/** The layers as they stand in a model. In a file of weights they are called by their class, and numbered. */
function entriesOf(config: Config): Entry[] {
  const counts = new Map<string, number>();
  return listOf(config.layers, 'layers').map((value, i) => {
    const entry = configOf(value, `layer ${i + 1}`);
    const className = textOf(entry.class_name, `layer ${i + 1}: class_name`);
    const own = configOf(entry.config, `layer ${i + 1}: config`);
    const name = textOf(own.name ?? entry.name, `layer ${i + 1}: name`);
    const where = `${className} "${name}"`;
    if (typeof entry.registered_name === 'string' && !/^keras/.test(textOf(entry.module ?? 'keras', where)))
      throw new NeuriteError('unsupported', `${where} of the Keras model is not one of Keras's own layers`);
    const snake = snakeCase(className);
    const count = counts.get(snake) ?? 0;
    counts.set(snake, count + 1);
    const build = isConfig(entry.build_config) ? entry.build_config.input_shape : undefined;
    return {
      name: withoutDots(name),
      className,
      config: own,
      group: count === 0 ? snake : `${snake}_${count}`,
      where,
      rank: Array.isArray(build) ? build.length : undefined,
      calls: Array.isArray(entry.inbound_nodes) ? entry.inbound_nodes : [],
    };
  });
}

/** Names of layers here have no dots. */
const withoutDots = (name: string): string => name.replaceAll('.', '_');

/** As Keras does it: PReLU is p_re_lu. */
const snakeCase = (name: string): string =>
  name
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();

const isInput = ({ className }: Entry): boolean => className === 'InputLayer';

const inputShape = ({ config, where }: Entry): number[] =>
  exampleShape(config.batch_shape ?? config.batch_input_shape, `${where}: batch_shape`);

function convert({ name, className, config, group, where, rank }: Entry): Placed {
  return { name, group, converted: convertLayer(className, config, where, rank) };
}

function chain(config: Config, entries: readonly Entry[]): Model {
  const input = entries.find(isInput);
  const build = isConfig(config.build_config) ? config.build_config.input_shape : undefined;
  const shape = input
    ? inputShape(input)
    : exampleShape(config.build_input_shape ?? build, 'build_input_shape');
  const layers = entries.filter((entry) => !isInput(entry)).map(convert);
  return {
    network: { input: shape, layers: layers.map(({ name, converted }) => ({ ...converted.data, name })) },
    layers,
  };
}

function functional(config: Config, entries: readonly Entry[]): Model {
  const nodes: [string, NodeData][] = [];
  const layers: Placed[] = [];
  const inputs = new Map<string, number[]>();
  for (const entry of entries.filter(isInput)) inputs.set(entry.name, inputShape(entry));
  for (const entry of entries) {
    if (isInput(entry)) continue;
    const calls = entry.calls.map((call) => sourcesIn(call));
    const added = joinNodes(entry, calls);
    if (added) nodes.push(...added);
    else {
      const placed = convert(entry);
      layers.push(placed);
      calls.forEach((sources, i) => {
        const [from] = sources;
        if (sources.length !== 1 || typeof from !== 'string')
          throw new NeuriteError(
            'unsupported',
            `${entry.where} of the Keras model takes ${sources.length} tensors`,
          );
        const node = i === 0 ? { ...placed.converted.data, from } : { layer: entry.name, from };
        nodes.push([nodeName(entry.name, i), node]);
      });
    }
  }
  const ordered = historiesIn(config.input_layers).map(({ layer }) => layer);
  const ends = historiesIn(config.output_layers).map(({ layer, node }) => nodeName(layer, node));
  for (const name of ordered)
    if (!inputs.has(name)) throw new NeuriteError('data', `the Keras model has no input layer "${name}"`);
  const network: GraphData = {
    inputs: Object.fromEntries(ordered.map((name) => [name, inputs.get(name) as number[]])),
    nodes: Object.fromEntries(nodes),
    outputs:
      ends.length === 1 ? { output: ends[0] as string } : Object.fromEntries(ends.map((end) => [end, end])),
  };
  return { network, layers };
}

/** A layer's first call is called as it is; further ones use its parameters again. */
const nodeName = (layer: string, call: number): string => (call === 0 ? layer : `${layer}Again${call}`);

/** The nodes of a layer that joins tensors; undefined where it does not. */
function joinNodes(
  { name, className, config, where }: Entry,
  calls: readonly (readonly (string | number)[])[],
): [string, NodeData][] | undefined {
  if (className === 'Concatenate') {
    const { axis = -1 } = config;
    const along = numberOf(axis, `${where}: axis`);
    return calls.map((from, i) => [
      nodeName(name, i),
      { join: 'concatenate', from: from as readonly string[], ...(along !== -1 && { axis: along }) },
    ]);
  }
  if (className === 'Average') {
    return calls.flatMap((from, i): [string, NodeData][] => {
      const sum = `${nodeName(name, i)}_sum`;
      return [
        [sum, { join: 'add', from }],
        [nodeName(name, i), { join: 'multiply', from: [sum, 1 / from.length] }],
      ];
    });
  }
  const join = Object.hasOwn(joins, className) ? joins[className] : undefined;
  return join && calls.map((from, i) => [nodeName(name, i), { join, from }]);
}

interface History {
  readonly layer: string;
  readonly node: number;
}

const historyOf = (value: readonly unknown[]): History => ({
  layer: withoutDots(textOf(value[0], 'the name of a layer')),
  node: numberOf(value[1], 'the number of a call'),
});

/** [name, node, tensor]: which call of which layer made a tensor. */
const isHistory = (value: unknown): value is readonly unknown[] =>
  Array.isArray(value) &&
  typeof value[0] === 'string' &&
  Number.isInteger(value[1]) &&
  Number.isInteger(value[2]);

/** The calls of layers in a list, or in an object by name. */
function historiesIn(value: unknown): History[] {
  if (isHistory(value)) return [historyOf(value)];
  const values = isConfig(value) ? Object.values(value) : listOf(value, 'input_layers and output_layers');
  return values.flatMap((each) => (isHistory(each) ? [historyOf(each)] : historiesIn(each)));
}

/** The tensors, and the numbers among them, that a call takes: in the arguments of Keras 3, or the lists of Keras 2. */
function sourcesIn(value: unknown): (string | number)[] {
  if (typeof value === 'number') return [value];
  if (isHistory(value)) return [nameOf(historyOf(value))];
  if (Array.isArray(value)) return value.flatMap(sourcesIn);
  if (!isConfig(value)) return [];
  if (value.class_name === '__keras_tensor__') {
    const { keras_history: history } = configOf(value.config, '__keras_tensor__: config');
    return [nameOf(historyOf(listOf(history, 'keras_history')))];
  }
  return 'args' in value ? sourcesIn(value.args) : [];
}

const nameOf = ({ layer, node }: History): string => nodeName(layer, node);
