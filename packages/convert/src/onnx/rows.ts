// Which numbers of a graph depend on how many rows there are. The network is traced for several numbers of rows; the graphs
// are alike but for sizes, and each size must be a sum of a multiple of the rows and a constant.
import { type Network, NeuriteError, type Tensor } from '@neurite/core';
import { type NumberOptions, type Traced, traceNetwork } from '../trace.ts';

/** fixed + perRow · rows. */
export interface Size {
  readonly fixed: number;
  readonly perRow: number;
}

/** As many as there are rows. */
export const rows: Size = { fixed: 0, perRow: 1 };
export const fixedSize = (fixed: number): Size => ({ fixed, perRow: 0 });
export const sameSize = (a: Size, b: Size): boolean => a.fixed === b.fixed && a.perRow === b.perRow;
export const isOne = ({ fixed, perRow }: Size): boolean => fixed === 1 && perRow === 0;

/** Primes: unlike the sizes in networks, and any two differences between them tell a multiple of the rows from a chance. */
const trials = [1009, 2003, 4001] as const;

/** A tensor of the graph for any number of rows: the same one in each trace. */
export interface Node {
  /** As it is for the first number of rows: what does not depend on the rows is read here. */
  readonly tensor: Tensor;
  readonly shape: readonly Size[];
  readonly sources: readonly Node[];
  /** A number that each trace says of this tensor, such as where a slice begins. @throws where the rows change it. */
  number(read: (tensor: Tensor) => number): number;
}

export interface AnyRows {
  /** The first trace. */
  readonly trace: Traced;
  /** What the outputs are made of, each node after its sources. */
  readonly nodes: readonly Node[];
  readonly outputs: readonly Node[];
}

/** @throws NeuriteError `unsupported` where what the network does to a row depends on how many there are. */
export function traceAnyRows(network: Network, options: NumberOptions): AnyRows {
  const traces = trials.map((count) => traceNetwork(network, count, options));
  const known = new Map<Tensor, Node>();
  for (const alike of alignedOrders(traces.map(({ outputs }) => outputs))) {
    const tensor = alike[0] as Tensor;
    known.set(tensor, {
      tensor,
      shape: tensor.shape.map((_, axis) => affine(alike.map(({ shape }) => shape[axis] as number))),
      sources: tensor.sources.map((source) => known.get(source) as Node),
      number: (read) => {
        const { fixed, perRow } = affine(alike.map(read));
        if (perRow !== 0) throw dependsOnRows();
        return fixed;
      },
    });
  }
  const trace = traces[0] as Traced;
  const outputs = trace.outputs.map((output) => known.get(output) as Node);
  return { trace, nodes: [...known.values()], outputs };
}

function affine(values: readonly number[]): Size {
  const [first, second, third] = values as [number, number, number];
  if (Object.is(first, second) && Object.is(first, third)) return fixedSize(first);
  const perRow = (second - first) / (trials[1] - trials[0]);
  const fixed = first - perRow * trials[0];
  if (Number.isInteger(perRow) && third === fixed + perRow * trials[2]) return { fixed, perRow };
  throw dependsOnRows();
}

/** The tensors of several graphs side by side, each after its sources. */
function alignedOrders(graphs: readonly (readonly Tensor[])[]): Tensor[][] {
  const orders = graphs.map(topologicalOrder);
  const first = orders[0] as Tensor[];
  return first.map((tensor, i) => {
    const alike = orders.map((order) => order[i]);
    if (orders.some(({ length }) => length !== first.length)) throw dependsOnRows();
    for (const other of alike) {
      if (other?.op.kind !== tensor.op.kind || other.dtype !== tensor.dtype) throw dependsOnRows();
      if (other.shape.length !== tensor.shape.length) throw dependsOnRows();
    }
    return alike as Tensor[];
  });
}

/** Everything that `roots` are made of, each after its sources, once. */
function topologicalOrder(roots: readonly Tensor[]): Tensor[] {
  const order = new Set<Tensor>();
  const stack = [...roots].reverse(); // an explicit one: deep networks must not overflow the call stack
  while (stack.length > 0) {
    const tensor = stack.at(-1) as Tensor;
    const waiting = order.has(tensor) ? [] : tensor.sources.filter((source) => !order.has(source));
    if (waiting.length > 0) stack.push(...waiting.reverse());
    else {
      order.add(tensor);
      stack.pop();
    }
  }
  return [...order];
}

export const dependsOnRows = (): NeuriteError =>
  new NeuriteError(
    'unsupported',
    'what the network makes of a row depends on how many rows there are: such a network cannot be exported',
  );
