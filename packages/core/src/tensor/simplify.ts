// Rebuilds a graph with equal tensors shared, constants folded and operations without effect removed.
import { convert, type ScalarOperation, scalarOperations } from '../scalar/operations.ts';
import type { Shape } from '../scalar/shape.ts';
import { topologicalOrder } from './graph.ts';
import type { Labels } from './labels.ts';
import { constant, Tensor } from './tensor.ts';

/** The simplified form of each root, in order; labels go along. */
export function simplify(roots: readonly Tensor[], labels: Labels = new Map()): Tensor[] {
  const known = new Map<string, Tensor>();
  const identity = new Map<Tensor, number>();
  const simplified = new Map<Tensor, Tensor>();

  /** The one tensor of this structure. */
  const share = (tensor: Tensor): Tensor => {
    if (identity.has(tensor)) return tensor;
    const sources = tensor.sources.map(share);
    const key = `${tensor.op.key}|${tensor.dtype}|${sources.map((source) => identity.get(source))}`;
    const earlier = known.get(key);
    if (earlier) return earlier;
    const own = sources.every((source, i) => source === tensor.sources[i])
      ? tensor
      : new Tensor(tensor.op, sources);
    known.set(key, own);
    identity.set(own, identity.size);
    return own;
  };

  for (const tensor of topologicalOrder(roots)) {
    const sources = tensor.sources.map((source) => simplified.get(source) as Tensor);
    const rebuilt = share(rewrite(tensor, sources));
    simplified.set(tensor, rebuilt);
    const name = labels.get(tensor);
    if (name && !labels.has(rebuilt)) labels.set(rebuilt, name);
  }
  return roots.map((root) => simplified.get(root) as Tensor);
}

/** `tensor` over `sources`, or something simpler that has the same elements. */
function rewrite(tensor: Tensor, sources: readonly Tensor[]): Tensor {
  const { op, shape, dtype } = tensor;
  const [first] = sources;
  if (!first) return tensor;
  const rebuilt = sources.every((source, i) => source === tensor.sources[i])
    ? tensor
    : new Tensor(op, sources);
  switch (op.kind) {
    case 'map': {
      const numbers = sources.map((source) => (source.op.kind === 'constant' ? source.op.value : undefined));
      const [a, b, c] = numbers;
      if (numbers.every((value) => value !== undefined)) {
        return constant(convert(scalarOperations[op.operation](a ?? 0, b ?? 0, c ?? 0), dtype), {
          shape,
          dtype,
        });
      }
      const survivor = survivingOperand(op.operation, a, b);
      return survivor === undefined ? rebuilt : (sources[survivor] as Tensor);
    }
    case 'view':
      if (first.op.kind === 'constant') return constant(first.op.value, { shape, dtype });
      return op.gradient ? rebuilt : first; // without a gradient rule: a mark for grad, no more
    case 'reshape':
      return reshaped(first, shape);
    case 'reduce':
      return op.reduction !== 'argmax' && op.axes.every((axis) => first.shape[axis] === 1)
        ? reshaped(first, shape)
        : rebuilt;
    default:
      return rebuilt;
  }
}

/** Numbers of `tensor` as `shape`: a constant of that shape, or one reshape, whatever reshapes `tensor` is made of. */
function reshaped(tensor: Tensor, shape: Shape): Tensor {
  const { op, dtype, sources } = tensor;
  if (op.kind === 'constant') return constant(op.value, { shape, dtype });
  return (op.kind === 'reshape' ? (sources[0] as Tensor) : tensor).reshape(shape);
}

/** Which operand the result equals, given those that are constants: x + 0, x · 1, true ? x : y. */
function survivingOperand(operation: ScalarOperation, a?: number, b?: number): number | undefined {
  switch (operation) {
    case 'add':
      return b === 0 ? 0 : a === 0 ? 1 : undefined;
    case 'mul':
      return b === 1 ? 0 : a === 1 ? 1 : undefined;
    case 'sub':
      return b === 0 ? 0 : undefined;
    case 'div':
    case 'pow':
      return b === 1 ? 0 : undefined;
    case 'select':
      return a === undefined ? undefined : a !== 0 ? 1 : 2;
    default:
      return undefined;
  }
}
