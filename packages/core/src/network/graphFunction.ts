// Graphs of layers from plain data.
import { NeuriteError, nearestNames } from '../errors.ts';
import type { PluginData } from '../plugin/definition.ts';
import type { Layer } from '../plugin/layer.ts';
import { printValue } from '../plugin/options.ts';
import { concat, constant, Tensor } from '../tensor/tensor.ts';
import type { UseLayer } from './graph.ts';
import { type GraphData, type Join, joins, type NodeData } from './graphData.ts';

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
    if (isRecord(part) && (what === 'nodes' || Object.keys(part).length > 0)) continue;
    throw new NeuriteError('option', `a graph must have ${what} by name, but got ${printValue(part)}`);
  }
  const known = new Set([...Object.keys(inputs), ...Object.keys(nodes)]);
  const requireKnown = (name: unknown, reader: string): void => {
    if (known.has(name as string)) return;
    const listed = quoted(nearestNames(textOf(name), [...known]));
    throw new NeuriteError('name', `graph: ${reader} takes ${printValue(name)}, but there are ${listed}`);
  };
  for (const [name, node] of Object.entries(nodes)) {
    if (Object.hasOwn(inputs, name)) {
      throw new NeuriteError('name', `graph: an input and a node are both called "${name}": rename one`);
    }
    requireNode(name, node, nodes);
    for (const source of sourcesOf(node)) requireKnown(source, `node "${name}"`);
  }
  for (const [output, name] of Object.entries(outputs)) requireKnown(name, `output "${output}"`);

  const order = orderOf(data);
  const layers = new Map<string, Layer>();
  for (const name of order) {
    const { from: _, ...node } = nodes[name] as NodeData;
    if ('type' in node) layers.set(name, layerOf(name, { ...(node as PluginData), name }));
  }
  return (tensors, use) => {
    const made = new Map(Object.entries(tensors));
    for (const name of order) {
      const node = nodes[name] as NodeData;
      const sources = [node.from].flat().map((each) => made.get(each as string) ?? (each as number));
      const layer = layers.get('layer' in node && !('type' in node) ? (node.layer as string) : name);
      made.set(name, layer ? use(layer, sources[0] as Tensor) : joined(name, node, sources));
    }
    return Object.fromEntries(
      Object.entries(outputs).map(([output, name]) => [output, made.get(name) as Tensor]),
    );
  };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

/** The nodes and inputs that a node takes from. */
const sourcesOf = ({ from }: NodeData): string[] =>
  [from].flat().filter((source) => typeof source === 'string');

/** Throws unless a node is a layer on one tensor, another's layer on one tensor, or a join of several. */
function requireNode(name: string, node: unknown, nodes: GraphData['nodes']): asserts node is NodeData {
  const refuse = (code: 'option' | 'name', what: string) =>
    new NeuriteError(code, `graph: node "${name}" ${what}`);
  if (!isRecord(node)) throw refuse('option', `must be a layer or a join, but is ${printValue(node)}`);
  const { layer, join, from, axis } = node;
  if (!('type' in node) && join !== undefined) {
    const kinds = [...Object.keys(joins), 'concatenate'];
    if (!kinds.includes(join as string)) {
      const listed = quoted(nearestNames(textOf(join), kinds));
      throw refuse('name', `joins by ${printValue(join)}, but there are ${listed}`);
    }
    const takes = (source: unknown): boolean =>
      typeof source === 'string' || (join !== 'concatenate' && Number.isFinite(source));
    if (!Array.isArray(from) || !from.every(takes) || sourcesOf(node as NodeData).length === 0) {
      const numbers = join === 'concatenate' ? '' : ' and numbers';
      throw refuse('option', `must take from a list of names${numbers}, but got from: ${printValue(from)}`);
    }
    if (axis === undefined || join !== 'concatenate' || Number.isInteger(axis)) return;
    throw refuse('option', `must have a whole number as its axis, but got ${printValue(axis)}`);
  }
  if (typeof from !== 'string') {
    throw refuse('option', `is a layer and takes from one name, but got from: ${printValue(from)}`);
  }
  if ('type' in node) return;
  const owners = Object.keys(nodes).filter((other) => isRecord(nodes[other]) && 'type' in nodes[other]);
  if (owners.includes(layer as string)) return;
  if (layer === undefined) throw refuse('option', 'must have a type, a join or the layer of another node');
  const listed = owners.length > 0 ? `has ${quoted(nearestNames(textOf(layer), owners))}` : 'has none';
  throw refuse('name', `uses the layer of ${printValue(layer)}, but the graph ${listed}`);
}

/** Each node after those that it takes from, otherwise in the order in which they stand. */
function orderOf({ inputs, nodes }: GraphData): readonly string[] {
  const order = new Set<string>();
  for (const first of Object.keys(nodes)) {
    const path = order.has(first) ? [] : [first];
    for (let name = path.at(-1); name !== undefined; name = path.at(-1)) {
      const missing = sourcesOf(nodes[name] as NodeData).find(
        (source) => !order.has(source) && !Object.hasOwn(inputs, source),
      );
      if (missing === undefined) {
        order.add(name);
        path.pop();
      } else if (path.includes(missing)) {
        const circle = [...path.slice(path.indexOf(missing)), missing].reverse();
        throw new NeuriteError(
          'option',
          `graph: nodes go in a circle, ${circle.join(' → ')}: a network's nodes may only take from those before them`,
        );
      } else path.push(missing);
    }
  }
  return [...order];
}

function joined(name: string, node: NodeData, sources: readonly (Tensor | number)[]): Tensor {
  const { join, axis = -1 } = node as { readonly join: Join | 'concatenate'; readonly axis?: number };
  try {
    if (join === 'concatenate') return concat(sources as readonly Tensor[], axis);
    const [first, ...others] = sources as [Tensor | number, ...(Tensor | number)[]];
    const { dtype } = sources.find((source) => source instanceof Tensor) as Tensor;
    const start = typeof first === 'number' ? constant(first, { dtype }) : first;
    return others.reduce<Tensor>((sum, next) => joins[join](sum, next), start);
  } catch (error) {
    if (!(error instanceof NeuriteError)) throw error;
    throw new NeuriteError(error.code, `graph: node "${name}": ${error.message}`, { cause: error });
  }
}
