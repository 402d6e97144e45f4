// Graphs of layers as plain data, and back again.
import { NeuriteError, nearestNames } from '../errors.ts';
import { type PluginData, toData } from '../plugin/definition.ts';
import type { Layer } from '../plugin/layer.ts';
import { printValue } from '../plugin/options.ts';
import { concat, type Tensor } from '../tensor/tensor.ts';
import type { GraphCall, UseLayer } from './graph.ts';
import type { Network, NetworkLayer } from './network.ts';

/** What joins tensors between layers. */
const joins = {
  add: (a: Tensor, b: Tensor | number) => a.add(b),
  subtract: (a: Tensor, b: Tensor | number) => a.sub(b),
  multiply: (a: Tensor, b: Tensor | number) => a.mul(b),
  divide: (a: Tensor, b: Tensor | number) => a.div(b),
  maximum: (a: Tensor, b: Tensor | number) => a.maximum(b),
  minimum: (a: Tensor, b: Tensor | number) => a.minimum(b),
} as const;
type Join = keyof typeof joins;

/** Joins by the operations of the tensor graph that they are. */
const operations: Readonly<Record<string, Join>> = {
  add: 'add',
  sub: 'subtract',
  mul: 'multiply',
  div: 'divide',
  maximum: 'maximum',
  minimum: 'minimum',
};

/**
 * A node of a graph: a layer on what `from` names; the layer of another node used again; or what joins several, from left
 * to right, numbers among them. `concatenate` does so along `axis`, the batch being axis 0.
 */
export type NodeData =
  | (PluginData & { readonly from: string })
  | { readonly layer: string; readonly from: string }
  | { readonly join: Join; readonly from: readonly (string | number)[] }
  | { readonly join: 'concatenate'; readonly from: readonly string[]; readonly axis: number };

/** A graph of layers. Nodes may stand in any order. */
export interface GraphData {
  /** Shape of one example of each input. */
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  /** By name; a layer's parameters are called after it. */
  readonly nodes: Readonly<Record<string, NodeData>>;
  /** The node, or the input, that is the output of that name. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** The graph that was defined by `calls`, what lies between them told from the tensors. */
export function graphData(
  network: Network,
  inputs: readonly Tensor[],
  calls: readonly GraphCall[],
  outputs: Readonly<Record<string, Tensor>>,
): GraphData {
  const names = new Map<Tensor, string>();
  network.inputs.forEach(({ name }, i) => {
    names.set(inputs[i] as Tensor, name);
  });
  const nodes: Record<string, NodeData> = {};
  const taken = new Set([...network.layers, ...network.inputs].map(({ name }) => name));
  const freeName = (kind: string): string => {
    for (let count = 1; ; count++) {
      const name = `${kind}${count}`;
      if (taken.has(name)) continue;
      taken.add(name);
      return name;
    }
  };

  /** The name of the node that makes `tensor`, written down first where it is a join. */
  const nameOf = (tensor: Tensor, reader: string): string => {
    const known = names.get(tensor);
    if (known !== undefined) return known;
    const { op, sources } = tensor;
    if (op.kind === 'view' && op.key.startsWith('broadcastTo')) return nameOf(sources[0] as Tensor, reader);
    let node: NodeData | undefined;
    if (op.kind === 'pieces' && sources.length > 1) {
      node = { join: 'concatenate', from: sources.map((source) => nameOf(source, reader)), axis: op.axis };
    } else if (op.kind === 'map' && operations[op.operation]) {
      const from = sources.map((source) => numberIn(source) ?? nameOf(source, reader));
      // Numbers come second: those that add or multiply may change places.
      if (typeof from[0] === 'number' && (op.operation === 'add' || op.operation === 'mul')) from.reverse();
      if (typeof from[0] === 'string') node = { join: operations[op.operation] as Join, from };
    }
    if (!node) {
      throw new NeuriteError(
        'unsupported',
        `a graph as data holds layers, concat and arithmetic, but "${reader}" takes what ${op.key.split(' ')[0]} made of tensors: put that into a layer of its own`,
      );
    }
    const name = freeName('join' in node ? (node.join as string) : 'node');
    nodes[name] = node;
    names.set(tensor, name);
    return name;
  };

  const written = new Set<number>();
  for (const { layer: index, input, output } of calls) {
    const { name, layer } = network.layers[index] as NetworkLayer;
    const from = nameOf(input, name);
    const again = written.has(index);
    const node = again ? freeName(`${name}Again`) : name;
    const { name: _, ...data } = toData(layer);
    nodes[node] = again ? { layer: name, from } : { ...data, type: layer.type, from };
    written.add(index);
    if (!names.has(output)) names.set(output, node); // a layer may give what it got
  }
  return {
    inputs: Object.fromEntries(network.inputs.map(({ name, shape }) => [name, [...shape]])),
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([name, tensor]) => [name, nameOf(tensor, name)]),
    ),
    nodes,
  };
}

function numberIn({ op, sources }: Tensor): number | undefined {
  if (op.kind === 'constant') return op.value;
  return op.kind === 'view' ? numberIn(sources[0] as Tensor) : undefined;
}

/**
 * The function over tensors that `data` describes.
 *
 * @param layerOf makes the layer of a node.
 * @throws NeuriteError `option` or `name` that says which node is wrong and how: `from` that names nothing, nodes that
 * go in a circle (with the way around).
 */
export function graphFunction(
  data: GraphData,
  layerOf: (name: string, node: PluginData) => Layer,
): (inputs: Readonly<Record<string, Tensor>>, use: UseLayer) => Record<string, Tensor> {
  const { inputs, nodes, outputs } = data;
  for (const [what, part] of Object.entries({ inputs, nodes, outputs })) {
    if (typeof part === 'object' && part !== null && !Array.isArray(part)) continue;
    throw new NeuriteError('option', `a graph must have ${what} by name, but got ${printValue(part)}`);
  }
  const known = [...Object.keys(inputs), ...Object.keys(nodes)];
  for (const name of Object.keys(inputs)) {
    if (!Object.hasOwn(nodes, name)) continue;
    throw new NeuriteError('name', `graph: an input and a node are both called "${name}": rename one`);
  }
  const sourcesOf = (name: string): readonly string[] => {
    const { from } = nodes[name] as NodeData;
    const all = Array.isArray(from) ? from : [from];
    const list = all.filter((source): source is string => typeof source === 'string');
    if (list.length === 0 || all.some((source) => !['string', 'number'].includes(typeof source))) {
      throw new NeuriteError(
        'option',
        `graph: node "${name}" must say where it takes its input from, as a name or a list of names, but got from: ${printValue(from)}`,
      );
    }
    return list;
  };
  const requireKnown = (name: string, reader: string): void => {
    if (known.includes(name)) return;
    const listed = nearestNames(name, known).map((each) => `"${each}"`);
    throw new NeuriteError('name', `graph: ${reader} takes "${name}", but there are ${listed.join(', ')}`);
  };

  // Each node after those that it takes from, otherwise in the order in which they stand.
  const order: string[] = [];
  const visit = (name: string, path: readonly string[]): void => {
    if (order.includes(name) || Object.hasOwn(inputs, name)) return;
    if (path.includes(name)) {
      const circle = [...path.slice(path.indexOf(name)), name].reverse();
      throw new NeuriteError(
        'option',
        `graph: nodes go in a circle, ${circle.join(' → ')}: a network's nodes may only take from those before them`,
      );
    }
    for (const source of sourcesOf(name)) {
      requireKnown(source, `node "${name}"`);
      visit(source, [...path, name]);
    }
    const node = nodes[name] as { readonly layer?: unknown };
    if (typeof node.layer === 'string' && Object.hasOwn(nodes, node.layer))
      visit(node.layer, [...path, name]);
    order.push(name);
  };
  for (const name of Object.keys(nodes)) visit(name, []);
  for (const [output, name] of Object.entries(outputs)) requireKnown(name, `output "${output}"`);

  const layers = new Map<string, Layer>();
  for (const name of order) {
    const { from: _, ...node } = nodes[name] as NodeData;
    if ('join' in node) requireJoin(name, node.join as string);
    else if ('layer' in node) {
      const shared = layers.get(node.layer as string);
      if (!shared)
        throw new NeuriteError(
          'name',
          `graph: node "${name}" uses the layer of "${node.layer}", which has none`,
        );
      layers.set(name, shared);
    } else layers.set(name, layerOf(name, { ...(node as PluginData), name }));
  }
  return (tensors, use) => {
    const made = new Map(Object.entries(tensors));
    for (const name of order) {
      const node = nodes[name] as NodeData;
      const layer = layers.get(name);
      const sources = [node.from]
        .flat()
        .map((source) => (typeof source === 'number' ? source : (made.get(source) as Tensor)));
      made.set(name, layer ? use(layer, sources[0] as Tensor) : joined(node, sources));
    }
    return Object.fromEntries(
      Object.entries(outputs).map(([output, name]) => [output, made.get(name) as Tensor]),
    );
  };
}

function requireJoin(name: string, join: string): void {
  const names = [...Object.keys(joins), 'concatenate'];
  if (names.includes(join)) return;
  const listed = nearestNames(join, names).map((each) => `"${each}"`);
  throw new NeuriteError(
    'name',
    `graph: node "${name}" joins by ${printValue(join)}, but there are ${listed.join(', ')}`,
  );
}

function joined(node: NodeData, sources: readonly (Tensor | number)[]): Tensor {
  const { join, axis } = node as { readonly join: Join | 'concatenate'; readonly axis?: number };
  if (join === 'concatenate') return concat(sources as readonly Tensor[], axis ?? -1);
  return sources.slice(1).reduce<Tensor>((sum, next) => joins[join](sum, next), sources[0] as Tensor);
}
