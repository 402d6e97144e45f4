// Graphs of layers as plain data.
import { NeuriteError } from '../errors.ts';
import { type PluginData, toData } from '../plugin/definition.ts';
import { broadcastShape, type Shape, sameShape } from '../scalar/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { GraphCall } from './graph.ts';
import type { Network, NetworkLayer } from './network.ts';

/** What joins tensors between layers. */
export const joins = {
  add: (a: Tensor, b: Tensor | number) => a.add(b),
  subtract: (a: Tensor, b: Tensor | number) => a.sub(b),
  multiply: (a: Tensor, b: Tensor | number) => a.mul(b),
  divide: (a: Tensor, b: Tensor | number) => a.div(b),
  maximum: (a: Tensor, b: Tensor | number) => a.maximum(b),
  minimum: (a: Tensor, b: Tensor | number) => a.minimum(b),
} as const;
export type Join = keyof typeof joins;

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
 * to right, numbers among them. `concatenate` does so along `axis`, the batch being axis 0; the last where none is given.
 */
export type NodeData =
  | (PluginData & { readonly from: string })
  | { readonly layer: string; readonly from: string }
  | { readonly join: Join; readonly from: readonly (string | number)[] }
  | { readonly join: 'concatenate'; readonly from: readonly string[]; readonly axis?: number | undefined };

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
  const nodes = new Map<string, NodeData>();
  const taken = new Set([...network.layers, ...network.inputs].map(({ name }) => name));
  const counts = new Map<string, number>();
  const freeName = (kind: string): string => {
    for (let count = (counts.get(kind) ?? 0) + 1; ; count++) {
      const name = `${kind}${count}`;
      if (taken.has(name)) continue;
      counts.set(kind, count);
      taken.add(name);
      return name;
    }
  };

  /** The name of the node that makes `tensor`, written down first where it is a join, with those that it joins. */
  const nameOf = (tensor: Tensor, reader: string): string => {
    const pending = [tensor];
    for (let next = pending.at(-1); next; next = pending.at(-1)) {
      if (names.has(next)) {
        pending.pop();
        continue;
      }
      const { join, operands, axis } = joinOf(next, reader);
      const unnamed = operands.filter((each) => typeof each !== 'number' && !names.has(each)) as Tensor[];
      pending.push(...unnamed.reverse());
      if (unnamed.length > 0) continue;
      const from = operands.map((each) => (typeof each === 'number' ? each : (names.get(each) as string)));
      const name = freeName(join);
      nodes.set(name, { join, from, ...(axis !== undefined && { axis }) } as NodeData);
      names.set(next, name);
    }
    return names.get(tensor) as string;
  };

  const written = new Set<number>();
  for (const { layer: index, input, output } of calls) {
    const { name, layer } = network.layers[index] as NetworkLayer;
    const from = nameOf(input, name);
    const again = written.has(index);
    const node = again ? freeName(`${name}Again`) : name;
    const { name: _, ...data } = toData(layer);
    nodes.set(node, again ? { layer: name, from } : { ...data, type: layer.type, from });
    written.add(index);
    names.set(output, node);
  }
  const ends = Object.entries(outputs).map(([name, tensor]) => [name, nameOf(tensor, name)] as const);
  return {
    inputs: Object.fromEntries(network.inputs.map(({ name, shape }) => [name, [...shape]])),
    nodes: Object.fromEntries(nodes),
    outputs: Object.fromEntries(ends),
  };
}

/**
 * What makes `tensor`, if it is a join.
 *
 * @throws NeuriteError `unsupported` where it is none.
 */
function joinOf(
  tensor: Tensor,
  reader: string,
): { join: Join | 'concatenate'; operands: readonly (Tensor | number)[]; axis?: number } {
  const { op, sources } = tensor;
  if (op.kind === 'pieces' && sources.length > 1)
    return { join: 'concatenate', operands: sources, axis: op.axis };
  const join = op.kind === 'map' ? operations[op.operation] : undefined;
  const operands = join ? operandsOf(tensor) : [];
  if (join && operands.some((operand) => typeof operand !== 'number')) {
    // Those that add or multiply may change places: numbers come second.
    const turns = typeof operands[0] === 'number' && (join === 'add' || join === 'multiply');
    return { join, operands: turns ? operands.toReversed() : operands };
  }
  const what = sources.length === 0 ? `"${op.key}"` : `what ${op.key.split(' ')[0]} made`;
  throw new NeuriteError(
    'unsupported',
    `a graph as data holds layers, concat and arithmetic, but "${reader}" takes ${what}: put that into a layer of its own`,
  );
}

/** What an operation was given: plain numbers as such, tensors without the stretching that the operation does itself. */
function operandsOf({ sources, shape }: Tensor): readonly (Tensor | number)[] {
  const given = sources.map((source) => numberIn(source) ?? unstretched(source));
  const together = given.reduce<Shape>(
    (all, each) => (typeof each === 'number' ? all : (broadcastShape(all, each.shape) ?? all)),
    [],
  );
  return sameShape(together, shape) ? given : sources;
}

const unstretched = (tensor: Tensor): Tensor =>
  tensor.op.kind === 'view' && tensor.op.key.startsWith('broadcastTo')
    ? unstretched(tensor.sources[0] as Tensor)
    : tensor;

/** The number that is everywhere in a tensor, if JSON can hold it. */
function numberIn({ op, sources }: Tensor): number | undefined {
  if (op.kind === 'constant') return Number.isFinite(op.value) ? op.value : undefined;
  return op.kind === 'view' ? numberIn(sources[0] as Tensor) : undefined;
}
