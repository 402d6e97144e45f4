// Operations that ONNX has one operator for where the tensor graph has several.
import type { Node } from './rows.ts';

export interface Pattern {
  readonly operator: 'Gemm' | 'Relu';
  readonly sources: readonly Node[];
}

export interface Patterns {
  /** By the node that ends each. */
  readonly at: ReadonlyMap<Node, Pattern>;
  /** Nodes within patterns, which nobody else wants. */
  readonly within: ReadonlySet<Node>;
}

export function findPatterns(nodes: readonly Node[], outputs: readonly Node[]): Patterns {
  const uses = new Map<Node, number>();
  for (const node of [...nodes.flatMap(({ sources }) => sources), ...outputs])
    uses.set(node, (uses.get(node) ?? 0) + 1);
  const at = new Map<Node, Pattern>();
  const within = new Set<Node>();
  for (const node of nodes) {
    const found = product(node) ?? rectifier(node);
    if (!found || uses.get(found.part) !== 1) continue;
    at.set(node, found.pattern);
    within.add(found.part);
  }
  return { at, within };
}

interface Found {
  readonly pattern: Pattern;
  readonly part: Node;
}

const isMap = ({ tensor: { op } }: Node, operation: string): boolean =>
  op.kind === 'map' && op.operation === operation;

/** x W + b, b being a parameter [n]. */
function product(node: Node): Found | undefined {
  const [part, stretched] = node.sources as [Node, Node];
  if (!isMap(node, 'add') || part.tensor.op.kind !== 'contract' || stretched.tensor.op.kind !== 'view')
    return undefined;
  const bias = stretched.sources[0] as Node;
  if (bias.tensor.op.kind !== 'input' || bias.shape.length !== 1) return undefined;
  return { pattern: { operator: 'Gemm', sources: [...part.sources, bias] }, part };
}

/** x ≤ 0 ? 0 : x. */
function rectifier(node: Node): Found | undefined {
  const [part, zero, x] = node.sources as [Node, Node, Node];
  if (!isMap(node, 'select') || !isMap(part, 'lessEqual') || part.sources[0] !== x) return undefined;
  if (!isZero(zero) || !isZero(part.sources[1] as Node)) return undefined;
  return { pattern: { operator: 'Relu', sources: [x] }, part };
}

/** 0 everywhere, stretched or not. */
function isZero({ tensor: { op }, sources }: Node): boolean {
  if (op.kind === 'constant') return op.value === 0;
  return op.kind === 'view' && isZero(sources[0] as Node);
}
