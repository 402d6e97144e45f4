// One kernel on its way from tensors to formulas over buffers.
import { NeuriteError } from '../errors.ts';
import { type Affine, combine, constantIndex, sameAffine } from '../scalar/affine.ts';
import { identityIndex, printShape, rowMajorStrides, type Shape } from '../scalar/shape.ts';
import type { Labels } from '../tensor/labels.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Expression } from './expression.ts';
import { type Cluster, isInput, keepsElements } from './fuse.ts';
import type { Layout } from './layout.ts';
import type { Kernel, Use } from './program.ts';

/** A read of a tensor that lies in a buffer; the view counts from the tensor's own first element. */
interface Read {
  readonly tensor: Tensor;
  readonly view: Affine;
}

/** A kernel whose buffers are still tensors. */
export class Draft {
  readonly #cluster: Cluster;
  readonly #place: ReadonlyMap<Tensor, Cluster>;
  readonly #reads: Read[] = [];
  /** Reads that are not made at the element that is written. */
  readonly #operands: number[] = [];
  readonly #known = new Map<Tensor, Map<string, Expression>>();
  readonly #outputs: { readonly tensor: Tensor; readonly expression: Expression }[];
  readonly #input: Expression | undefined;
  /** Number of loops around the expression that is being written. */
  #rank: number;

  constructor(cluster: Cluster, place: ReadonlyMap<Tensor, Cluster>) {
    this.#cluster = cluster;
    this.#place = place;
    this.#rank = cluster.shape.length;
    const { anchor } = cluster;
    if (anchor?.op.kind === 'reduce') {
      const source = anchor.sources[0] as Tensor;
      this.#rank = source.shape.length;
      this.#input = this.#resolve(source, reduceIndex(source.shape, anchor.op.axes));
      this.#rank = cluster.shape.length;
    } else if (anchor?.op.kind === 'contract') {
      this.#operands = anchor.sources.map((operand) => this.#operand(operand, identityIndex(operand.shape)));
    } else if (anchor?.op.kind === 'gather') {
      const [source, rows] = anchor.sources as [Tensor, Tensor];
      this.#operands = [this.#operand(source, identityIndex(anchor.shape))];
      this.#input = this.#resolve(rows, identityIndex(anchor.shape).slice(0, 1));
    }
    this.#outputs = [...cluster.stored].map((tensor) => ({
      tensor,
      expression: this.#resolve(tensor, localIndex(tensor.shape, cluster.shape)),
    }));
  }

  reads(tensor: Tensor): boolean {
    return this.#reads.some((read) => read.tensor === tensor);
  }

  /** Whether each read of `tensor` is of the element that the kernel computes, so that it may be overwritten then. */
  readsOnlyHere(tensor: Tensor): boolean {
    const { shape } = this.#cluster;
    const here = combine(localIndex(tensor.shape, shape), rowMajorStrides(tensor.shape), shape.length);
    return this.#reads.every(
      (read, i) => read.tensor !== tensor || (!this.#operands.includes(i) && sameAffine(read.view, here)),
    );
  }

  finish(layout: Layout, labels: Labels): Kernel {
    const { anchor, shape } = this.#cluster;
    const uses: Use[] = this.#reads.map(({ tensor, view }) => {
      const { buffer, offset } = layout.regionOf(tensor);
      return { buffer, access: 'read', view: { offset: view.offset + offset, strides: view.strides } };
    });
    const outputs: Expression[] = [];
    const states: string[] = [];
    for (const { tensor, expression } of this.#outputs) {
      for (const { buffer, offset } of layout.targetsOf(tensor)) {
        const own = combine(localIndex(tensor.shape, shape), rowMajorStrides(tensor.shape), shape.length);
        const view = { offset: own.offset + offset, strides: own.strides };
        const same = uses.findIndex(
          (use, i) => use.buffer === buffer && sameAffine(use.view, view) && !this.#operands.includes(i),
        );
        if (same >= 0) uses[same] = { buffer, access: 'update', view };
        const use = same >= 0 ? same : uses.push({ buffer, access: 'write', view }) - 1;
        outputs[use] = expression;
        const state = layout.stateName(buffer, offset);
        if (state) states.push(state);
      }
    }
    const origin = labels.get(anchor ?? (this.#outputs[0]?.tensor as Tensor));
    const target = states.length > 0 ? `→ ${states.join(', ')}` : undefined;
    const base = {
      label: [origin, target].filter(Boolean).join(' ') || 'map',
      shape,
      uses,
      outputs: outputs.filter(Boolean), // in the order of the uses that write
    };
    switch (anchor?.op.kind) {
      case 'reduce': {
        const source = anchor.sources[0] as Tensor;
        const over = anchor.op.axes.map((axis) => source.shape[axis] as number);
        return {
          ...base,
          kind: 'reduce',
          over,
          reduction: anchor.op.reduction,
          input: this.#input as Expression,
        };
      }
      case 'contract': {
        const [left, right] = this.#operands as [number, number];
        return {
          ...base,
          kind: 'matmul',
          k: anchor.sources[0]?.shape[1] as number,
          dtype: anchor.dtype,
          left,
          right,
        };
      }
      case 'gather': {
        const [source] = this.#operands as [number];
        return { ...base, kind: 'gather', source, row: this.#input as Expression, dtype: anchor.dtype };
      }
      default:
        return { ...base, kind: 'map' };
    }
  }

  /** The formula of `tensor` at `index`, one sum of loop counters for each of its axes. */
  #resolve(tensor: Tensor, index: readonly Affine[]): Expression {
    const key = JSON.stringify([this.#rank, index]);
    const known = this.#known.get(tensor) ?? new Map<string, Expression>();
    this.#known.set(tensor, known);
    const expression = known.get(key) ?? this.#write(tensor, index);
    known.set(key, expression);
    return expression;
  }

  #write(tensor: Tensor, index: readonly Affine[]): Expression {
    const { op, dtype, shape } = tensor;
    if (isInput(tensor) || this.#liesInBuffer(tensor)) return this.#read(tensor, this.#address(shape, index));
    if (tensor === this.#cluster.anchor) return { kind: 'accumulator', dtype };
    switch (op.kind) {
      case 'constant':
        return { kind: 'constant', dtype, value: op.value };
      case 'iota':
        return { kind: 'coordinate', dtype: 'int32', index: index[op.axis] as Affine };
      case 'random': {
        const step = this.#resolve(tensor.sources[0] as Tensor, []);
        return {
          kind: 'random',
          dtype: 'int32',
          stream: op.stream,
          step,
          element: this.#address(shape, index),
        };
      }
      case 'map': {
        const operands = tensor.sources.map((source) => this.#resolve(source, index));
        return { kind: 'operation', dtype, operation: op.operation, operands };
      }
      case 'view': {
        const source = tensor.sources[0] as Tensor;
        return this.#resolve(source, op.sourceIndex(index, source));
      }
      case 'reshape': {
        const source = tensor.sources[0] as Tensor;
        if (keepsElements(tensor))
          return this.#resolve(source, regroupOnes(index, shape, source.shape, this.#rank));
        let origin = source;
        while (origin.op.kind === 'reshape') origin = origin.sources[0] as Tensor;
        if (!isInput(origin) && !this.#liesInBuffer(origin)) break;
        return this.#read(origin, this.#address(shape, index));
      }
      case 'pieces':
        return tensor.sources.reduceRight<Expression>(
          (outside, source, i) => {
            const low = op.starts[i] as number;
            const along = index[op.axis] as Affine;
            const moved = index.map((sum, axis) =>
              axis === op.axis ? { ...sum, offset: sum.offset - low } : sum,
            );
            const high = low + (source.shape[op.axis] as number);
            return {
              kind: 'within',
              dtype,
              index: along,
              low,
              high,
              inside: this.#resolve(source, moved),
              outside,
            };
          },
          { kind: 'constant', dtype, value: op.fill },
        );
      default:
        break;
    }
    throw new NeuriteError(
      'internal',
      `${op.key} ${printShape(shape)} is not in reach of the kernel that reads it`,
    );
  }

  /** Whether another kernel, which runs before, stores `tensor`. */
  #liesInBuffer(tensor: Tensor): boolean {
    const home = this.#place.get(tensor);
    return (
      home !== undefined &&
      home !== this.#cluster &&
      home.stored.has(tensor) &&
      this.#cluster.dependencies.has(home)
    );
  }

  #address(shape: Shape, index: readonly Affine[]): Affine {
    return combine(index, rowMajorStrides(shape), this.#rank);
  }

  #read(tensor: Tensor, view: Affine): Expression {
    const same = this.#reads.findIndex(
      (read, i) => read.tensor === tensor && sameAffine(read.view, view) && !this.#operands.includes(i),
    );
    const use = same >= 0 ? same : this.#reads.push({ tensor, view }) - 1;
    return { kind: 'read', dtype: tensor.dtype, use };
  }

  /** The number of the read of a whole operand, through views, by strides. */
  #operand(tensor: Tensor, index: readonly Affine[]): number {
    const rank = this.#rank;
    this.#rank = tensor.shape.length;
    const expression = this.#resolve(tensor, index);
    this.#rank = rank;
    if (expression.kind !== 'read')
      throw new NeuriteError('internal', `${tensor.op.key} is no operand that lies in a buffer`);
    return expression.use;
  }
}

/** The index of each axis of a reduction's source: first the axes that stay, then those that go. */
function reduceIndex(shape: Shape, axes: readonly number[]): Affine[] {
  const loops = [...shape.keys()].sort(
    (a, b) => Number(axes.includes(a)) - Number(axes.includes(b)) || a - b,
  );
  return shape.map((_, axis) => ({ offset: 0, strides: loops.map((loop) => (loop === axis ? 1 : 0)) }));
}

/** The index of `shape` in loops over `loops`, which has the same elements. */
const localIndex = (shape: Shape, loops: Shape): Affine[] =>
  regroupOnes(identityIndex(loops), loops, shape, loops.length);

/** `index` of `from`, as an index of `to`, which differs in axes of size 1 alone. */
function regroupOnes(index: readonly Affine[], from: Shape, to: Shape, rank: number): Affine[] {
  const long = index.filter((_, axis) => from[axis] !== 1);
  return to.map((size) => (size === 1 ? constantIndex(0, rank) : (long.shift() as Affine)));
}
