// The tensor: a node of the graph, and the operations on it in a fluent form. It holds no numbers.
import { NeuriteError } from '../errors.ts';
import type { DType } from '../scalar/dtype.ts';
import { broadcastShape, normalizeAxes, printShape, type Shape, sameShape, sizeOf } from '../scalar/shape.ts';
import type { MapOp, Op } from './op.ts';
import * as arithmetic from './ops/arithmetic.ts';
import * as compare from './ops/compare.ts';
import { matmul } from './ops/contract.ts';
import { gather } from './ops/gather.ts';
import * as leaf from './ops/leaf.ts';
import * as reduce from './ops/reduce.ts';
import * as view from './ops/view.ts';

/**
 * A value in a computation: an operation, its sources, and the shape and dtype of the result. Binary operations follow
 * NumPy's broadcasting; plain numbers take the dtype of the tensor that they meet.
 */
export class Tensor {
  readonly op: Op;
  readonly sources: readonly Tensor[];
  readonly shape: Shape;
  readonly dtype: DType;

  constructor(op: Op, sources: readonly Tensor[] = []) {
    const { shape, dtype } = op.infer(sources);
    this.op = op;
    this.sources = sources;
    this.shape = shape;
    this.dtype = dtype;
  }

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /** a + b, element by element; shapes are broadcast as in NumPy. */
  add(other: Tensor | number): Tensor {
    return binary(arithmetic.add, this, other);
  }
  /** a − b. */
  sub(other: Tensor | number): Tensor {
    return binary(arithmetic.sub, this, other);
  }
  /** a · b, element by element. */
  mul(other: Tensor | number): Tensor {
    return binary(arithmetic.mul, this, other);
  }
  /** a / b, of floating-point numbers. */
  div(other: Tensor | number): Tensor {
    return binary(arithmetic.div, this, other);
  }
  /** this ** other. */
  pow(other: Tensor | number): Tensor {
    return binary(arithmetic.pow, this, other);
  }
  /** The larger of both; equal ones share the gradient evenly, as in PyTorch. */
  maximum(other: Tensor | number): Tensor {
    return binary(arithmetic.maximum, this, other);
  }
  /** The smaller of both; equal ones share the gradient evenly, as in PyTorch. */
  minimum(other: Tensor | number): Tensor {
    return binary(arithmetic.minimum, this, other);
  }

  /** −x. */
  neg(): Tensor {
    return new Tensor(arithmetic.neg, [this]);
  }
  /** x². */
  square(): Tensor {
    return new Tensor(arithmetic.square, [this]);
  }
  /** √x. */
  sqrt(): Tensor {
    return new Tensor(arithmetic.sqrt, [this]);
  }
  /** eˣ. */
  exp(): Tensor {
    return new Tensor(arithmetic.exp, [this]);
  }
  /** The natural logarithm. */
  log(): Tensor {
    return new Tensor(arithmetic.log, [this]);
  }
  /** The sine of radians. */
  sin(): Tensor {
    return new Tensor(arithmetic.sin, [this]);
  }
  /** The cosine of radians. */
  cos(): Tensor {
    return new Tensor(arithmetic.cos, [this]);
  }
  /** The hyperbolic tangent. */
  tanh(): Tensor {
    return new Tensor(arithmetic.tanh, [this]);
  }
  /** 1 / (1 + e⁻ˣ). */
  sigmoid(): Tensor {
    return new Tensor(arithmetic.sigmoid, [this]);
  }
  /** |x|; its slope at 0 is 0. */
  abs(): Tensor {
    return new Tensor(arithmetic.abs, [this]);
  }
  /** −1, 0 or 1. */
  sign(): Tensor {
    return new Tensor(arithmetic.sign, [this]);
  }
  /** The next whole number below; without a gradient. */
  floor(): Tensor {
    return new Tensor(arithmetic.floor, [this]);
  }
  /** 1 / this. */
  reciprocal(): Tensor {
    return new Tensor(arithmetic.reciprocal, [this]);
  }

  /** uint8: 1 where both are the same. */
  equal(other: Tensor | number): Tensor {
    return binary(compare.equal, this, other);
  }
  /** uint8: 1 where they differ. */
  notEqual(other: Tensor | number): Tensor {
    return binary(compare.notEqual, this, other);
  }
  /** uint8: 1 where a < b. */
  less(other: Tensor | number): Tensor {
    return binary(compare.less, this, other);
  }
  /** uint8: 1 where a ≤ b. */
  lessEqual(other: Tensor | number): Tensor {
    return binary(compare.lessEqual, this, other);
  }
  /** uint8: 1 where a > b. */
  greater(other: Tensor | number): Tensor {
    return binary(compare.greater, this, other);
  }
  /** uint8: 1 where a ≥ b. */
  greaterEqual(other: Tensor | number): Tensor {
    return binary(compare.greaterEqual, this, other);
  }
  /** Where this uint8 condition holds, `yes`, elsewhere `no`. One of the two must be a tensor. */
  select(yes: Tensor | number, no: Tensor | number): Tensor {
    const model = typeof yes === 'number' ? no : yes;
    if (typeof model === 'number') {
      throw new NeuriteError(
        'dtype',
        `select(${yes}, ${no}) has no dtype: use cast() on the condition and arithmetic`,
      );
    }
    const [a, b] = alike(lift(yes, model), lift(no, model));
    const shape = commonShape('select', [this, a, b]);
    return new Tensor(compare.select, [this.broadcastTo(shape), a.broadcastTo(shape), b.broadcastTo(shape)]);
  }
  /** The same numbers in another dtype; integers are cut off towards zero. */
  cast(dtype: DType): Tensor {
    return dtype === this.dtype ? this : new Tensor(arithmetic.cast(dtype), [this]);
  }

  /** Sum over `axes` (all if none are given), which go away. */
  sum(axes?: number | readonly number[]): Tensor {
    const list = normalizeAxes(axes, this.shape.length, 'sum');
    return list.length === 0 ? this : new Tensor(reduce.sum(list), [this]);
  }
  /** The mean over the axes, or over all. */
  mean(axes?: number | readonly number[]): Tensor {
    const result = this.sum(axes);
    return result.div(this.size / result.size);
  }
  /** The largest over the axes, or over all; equal ones share the gradient evenly, as in PyTorch's amax. */
  max(axes?: number | readonly number[]): Tensor {
    const list = normalizeAxes(axes, this.shape.length, 'max');
    return list.length === 0 ? this : new Tensor(reduce.max(list), [this]);
  }
  /** The smallest over the axes, or over all. */
  min(axes?: number | readonly number[]): Tensor {
    return this.neg().max(axes).neg();
  }
  /** Where the largest element along `axis` is, as int32; the first of equal ones. */
  argmax(axis = -1): Tensor {
    const [only] = normalizeAxes(axis, this.shape.length, 'argmax') as [number];
    return new Tensor(reduce.argmax(only), [this]);
  }

  /** [m, k] · [k, n] → [m, n]. Transposed operands are read as they lie. */
  matmul(other: Tensor): Tensor {
    return new Tensor(matmul, [this, other]);
  }

  /** One size may be −1: what remains. */
  reshape(shape: Shape): Tensor {
    const known = shape.reduce((product, size) => (size === -1 ? product : product * size), 1);
    const full = shape.map((size) => (size === -1 ? this.size / known : size));
    return sameShape(full, this.shape) ? this : new Tensor(view.reshape(full), [this]);
  }
  /** Axis i of the result is axis `order[i]`; without an order, the axes backwards. */
  transpose(order: readonly number[] = this.shape.map((_, axis) => this.shape.length - 1 - axis)): Tensor {
    return new Tensor(view.transpose(order), [this]);
  }
  /** Elements `starts[axis]` up to but not including `ends[axis]`; axes that are not named stay whole. */
  slice(starts: readonly number[], ends: readonly number[]): Tensor {
    const { shape } = this;
    const from = [...shape.map((_, axis) => starts[axis] ?? 0), ...starts.slice(shape.length)];
    const to = [...shape.map((size, axis) => ends[axis] ?? size), ...ends.slice(shape.length)];
    return new Tensor(view.slice(from, to), [this]);
  }
  /** `before[axis]` and `after[axis]` further elements, each `fill`. */
  pad(before: readonly number[], after: readonly number[], fill = 0): Tensor {
    if (Math.max(before.length, after.length) > this.shape.length) {
      throw new NeuriteError(
        'shape',
        `pad of ${printShape(this.shape)} takes a number for each axis, but got [${before}] and [${after}]`,
      );
    }
    return this.shape.reduce<Tensor>((padded, _, axis) => {
      const [front, back] = [before[axis] ?? 0, after[axis] ?? 0];
      if (!Number.isInteger(front) || !Number.isInteger(back) || front < 0 || back < 0) {
        throw new NeuriteError('shape', `pad takes whole numbers from 0, but got [${before}] and [${after}]`);
      }
      return front + back === 0 ? padded : new Tensor(view.pad(axis, front, back, fill), [padded]);
    }, this);
  }
  /** The same numbers again and again along axes of size 1 and new first ones. */
  broadcastTo(shape: Shape): Tensor {
    return sameShape(shape, this.shape) ? this : new Tensor(view.broadcastTo(shape), [this]);
  }
  /** The same numbers, which the gradient takes for constants. */
  stopGradient(): Tensor {
    return new Tensor(view.stopGradient, [this]);
  }
  /** Rows by int32 `indices`, `[count]`: `[n, …rest]` → `[count, …rest]`. */
  gather(indices: Tensor): Tensor {
    return new Tensor(gather, [this, indices]);
  }
  /** int32 [count] → [count, classes]: 1 where the column is the number, 0 elsewhere. */
  oneHot(classes: number, dtype: DType = 'float32'): Tensor {
    return this.reshape([...this.shape, 1])
      .equal(iota([...this.shape, classes], this.shape.length))
      .cast(dtype);
  }
}

/** A number that is the same everywhere. It takes the dtype of whatever tensor it meets. */
export const constant = (
  value: number,
  { shape = [], dtype = 'float32' }: { shape?: Shape; dtype?: DType } = {},
): Tensor => new Tensor(leaf.constant(value, shape, dtype));

/** int32 numbers of `shape`, each its own coordinate along `axis`. */
export const iota = (shape: Shape, axis = 0): Tensor => new Tensor(leaf.iota(shape, axis));

/** The tensors one after the other along `axis`. */
export function concat(tensors: readonly Tensor[], axis = 0): Tensor {
  const [first] = tensors;
  if (!first) throw new NeuriteError('shape', 'concat takes at least one tensor');
  const [along] = normalizeAxes(axis, first.shape.length, 'concat') as [number];
  if (tensors.length === 1) return first;
  return new Tensor(
    view.concat(
      along,
      tensors.map(({ shape }) => shape[along] ?? 0),
    ),
    tensors,
  );
}

const lift = (value: Tensor | number, model: Tensor): Tensor =>
  typeof value === 'number' ? constant(value, { dtype: model.dtype }) : value;

function binary(op: MapOp, left: Tensor, right: Tensor | number): Tensor {
  const [a, b] = alike(left, lift(right, left));
  const shape = commonShape(op.key, [a, b]);
  return new Tensor(op, [a.broadcastTo(shape), b.broadcastTo(shape)]);
}

/** A constant takes the dtype of what it meets. */
function alike(a: Tensor, b: Tensor): [Tensor, Tensor] {
  if (a.dtype === b.dtype) return [a, b];
  if (a.op.kind === 'constant') return [constant(a.op.value, { shape: a.shape, dtype: b.dtype }), b];
  if (b.op.kind === 'constant') return [a, constant(b.op.value, { shape: b.shape, dtype: a.dtype })];
  return [a, b];
}

function commonShape(who: string, tensors: readonly Tensor[]): Shape {
  return tensors.reduce<Shape>((shape, tensor) => {
    const both = broadcastShape(shape, tensor.shape);
    if (!both) {
      const shapes = tensors.map((each) => printShape(each.shape)).join(' and ');
      throw new NeuriteError('shape', `${who}: ${shapes} cannot be broadcast together`);
    }
    return both;
  }, []);
}
