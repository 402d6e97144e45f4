// Graphs as data, read: what joins tensors, and the network that a graph is with other layers.
import {
  concat,
  constant,
  type GraphData,
  graph,
  type Layer,
  type Network,
  type NodeData,
  type Tensor,
} from '@neurite/core';

/** What joins tensors in a graph, as the method of a tensor that it is. */
export const methods = {
  add: 'add',
  subtract: 'sub',
  multiply: 'mul',
  divide: 'div',
  maximum: 'maximum',
  minimum: 'minimum',
} as const;

type Join = Extract<NodeData, { readonly join: string }>;

export const isJoin = (node: NodeData): node is Join => 'join' in node && !('type' in node);

/** The node whose layer a node uses: itself where it has a layer. */
export const ownerOf = (name: string, node: NodeData): string =>
  'layer' in node && !('type' in node) ? (node.layer as string) : name;

/** The tensors and numbers that a node takes from, in order. */
export const sourcesOf = (node: NodeData): readonly (string | number)[] => [node.from].flat();

/** The graph that `data` describes, nodes in order, with `layers` in place of those of the nodes. */
export function graphWith(data: GraphData, layers: ReadonlyMap<string, Layer>): Network {
  return graph(data.inputs, (inputs, use) => {
    const made = new Map<string, Tensor>(Object.entries(inputs));
    for (const [name, node] of Object.entries(data.nodes)) {
      const sources = sourcesOf(node).map((each) =>
        typeof each === 'number' ? constant(each) : made.get(each),
      );
      const [first, ...others] = sources as [Tensor, ...Tensor[]];
      made.set(
        name,
        isJoin(node) ? join(node, first, others) : use(layers.get(ownerOf(name, node)) as Layer, first),
      );
    }
    return Object.fromEntries(
      Object.entries(data.outputs).map(([output, node]) => [output, made.get(node) as Tensor]),
    );
  });
}

function join(node: Join, first: Tensor, others: readonly Tensor[]): Tensor {
  if (node.join === 'concatenate') return concat([first, ...others], node.axis ?? -1);
  const method = methods[node.join];
  return others.reduce((sum, other) => sum[method](other), first);
}
