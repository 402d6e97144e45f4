// From the graph to a program: decides what is computed together (fuse), in which order, where each number lies, and
// writes the formulas.
import { NeuriteError } from '../errors.ts';
import { type Affine, combine, constantIndex, sameAffine } from '../scalar/affine.ts';
import { byteSize, type DType } from '../scalar/dtype.ts';
import { topologicalOrder } from '../tensor/graph.ts';
import type { Labels } from '../tensor/labels.ts';
import { cast } from '../tensor/ops/arithmetic.ts';
import { identityIndex, printShape, rowMajorStrides, type Shape, sameShape, sizeOf } from '../tensor/shape.ts';
import { simplify } from '../tensor/simplify.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { Capabilities } from './capabilities.ts';
import { collapseAxes } from './collapse.ts';
import type { Expression } from './expression.ts';
import { type Cluster, fuse, type InputTensor, isInput, keepsElements, schedule } from './fuse.ts';
import { planMemory } from './memory.ts';
import type { BufferId, BufferInfo, Home, Kernel, Program, Region, Use } from './program.ts';

/** A buffer that the host knows by name, and the named parts of it. */
export interface NamedBuffer {
  readonly home: 'input' | 'data' | 'state';
  readonly dtype: DType;
  /** In elements. */
  readonly length: number;
}

/** What is to be computed. */
export interface Computation {
  /** New numbers for inputs whose home is `state`. */
  readonly updates?: ReadonlyMap<Tensor, Tensor>;
  /** Tensors that the host reads, by name. */
  readonly outputs?: Readonly<Record<string, Tensor>>;
  /** Buffers that hold several inputs each, or more than the program touches; others are as large as their one input. */
  readonly buffers?: Readonly<Record<string, NamedBuffer>>;
  readonly labels?: Labels;
}

/**
 * Turns a computation into kernels over buffers.
 *
 * @throws NeuriteError `unsupported` where `capabilities` lack a dtype.
 */
export function lower(computation: Computation, capabilities: Capabilities): Program {
  const labels = computation.labels ?? new Map();
  const targets = [...(computation.updates ?? new Map<Tensor, Tensor>()).keys()];
  const outputNames = Object.keys(computation.outputs ?? {});
  const simplified = simplify(
    [...targets, ...targets.map((target) => computation.updates?.get(target) as Tensor), ...Object.values(computation.outputs ?? {})],
    labels,
  );
  const states = simplified.slice(0, targets.length);
  // A root that computes nothing is copied, so that every root is the work of a kernel.
  const roots = simplified
    .slice(targets.length)
    .map((root) => (root.sources.length === 0 ? new Tensor(cast(root.dtype), [root]) : root));
  states.forEach((state, i) => {
    const value = roots[i] as Tensor;
    if (!isInput(state) || state.op.home !== 'state') throw new NeuriteError('internal', 'only state can be updated');
    if (!sameShape(state.shape, value.shape) || state.dtype !== value.dtype) {
      throw new NeuriteError(
        'shape',
        `update of "${state.op.name}" takes ${state.dtype} ${printShape(state.shape)}, but got ${value.dtype} ${printShape(value.shape)}`,
      );
    }
  });
  for (const { dtype } of topologicalOrder(roots)) {
    if (!capabilities.dtypes.includes(dtype)) {
      throw new NeuriteError('unsupported', `the backend computes with ${capabilities.dtypes.join(', ')}, but the program needs ${dtype}`);
    }
  }

  const { clusters, place } = fuse(roots);
  const drafts = new Map(clusters.map((cluster) => [cluster, new Draft(cluster, place)]));
  const writers = states.map((state, i) => ({ state: state as InputTensor, value: roots[i] as Tensor }));
  const { inPlace, order } = orderKernels(writers, drafts, place, capabilities);

  const layout = new Layout(computation.buffers ?? {});
  for (const input of [...states, ...topologicalOrder(roots)].filter(isInput)) layout.addInput(input);
  for (const { state, value } of writers) {
    if (inPlace.has(state)) layout.addTarget(value, layout.regionOf(state));
  }
  roots.slice(states.length).forEach((root, i) => {
    layout.addTarget(root, layout.addOutput(outputNames[i] as string, root));
  });
  for (const cluster of order) {
    for (const tensor of cluster.stored) layout.addScratch(tensor);
  }

  const kernels = order.map((cluster) => (drafts.get(cluster) as Draft).finish(layout, labels));
  for (const { state, value } of writers) {
    if (!inPlace.has(state)) kernels.push(copyKernel(value, state, layout));
  }
  return layout.finish(kernels.map(collapseAxes));
}

/**
 * The order of kernels, and which state can be overwritten where it lies: that whose other readers can all run before,
 * and which its own kernel reads at the very element that it writes. Other new state is computed aside and copied last.
 */
function orderKernels(
  writers: readonly { state: InputTensor; value: Tensor }[],
  drafts: ReadonlyMap<Cluster, Draft>,
  place: ReadonlyMap<Tensor, Cluster>,
  capabilities: Capabilities,
): { inPlace: Set<Tensor>; order: Cluster[] } {
  const clusters = [...drafts.keys()];
  const inPlace = new Set<Tensor>();
  let before: (readonly [Cluster, Cluster])[] = [];
  let order = schedule(clusters, before);
  const written = new Set<Tensor>();
  for (const { state, value } of writers) {
    const writer = place.get(value) as Cluster;
    if (!capabilities.inPlace || written.has(value) || !drafts.get(writer)?.readsOnlyHere(state)) continue;
    const readers = clusters.filter((cluster) => cluster !== writer && drafts.get(cluster)?.reads(state));
    const wanted = [...before, ...readers.map((reader) => [reader, writer] as const)];
    const possible = schedule(clusters, wanted);
    if (!possible) continue; // a reader of the old numbers needs what the writer computes
    order = possible;
    before = wanted;
    inPlace.add(state);
    written.add(value);
  }
  if (!order) throw new NeuriteError('internal', 'kernels wait for each other in a circle');
  return { inPlace, order };
}

/** A read of a tensor that lies in a buffer; the view counts from the tensor's own first element. */
interface Read {
  readonly tensor: Tensor;
  readonly view: Affine;
}

/** A kernel whose buffers are still tensors. */
class Draft {
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
        const same = uses.findIndex((use, i) => use.buffer === buffer && sameAffine(use.view, view) && !this.#operands.includes(i));
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
        return { ...base, kind: 'reduce', over, reduction: anchor.op.reduction, input: this.#input as Expression };
      }
      case 'contract': {
        const [left, right] = this.#operands as [number, number];
        return { ...base, kind: 'matmul', k: anchor.sources[0]?.shape[1] as number, dtype: anchor.dtype, left, right };
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
        return { kind: 'random', dtype: 'int32', stream: op.stream, step, element: this.#address(shape, index) };
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
        if (keepsElements(tensor)) return this.#resolve(source, regroupOnes(index, shape, source.shape, this.#rank));
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
            const moved = index.map((sum, axis) => (axis === op.axis ? { ...sum, offset: sum.offset - low } : sum));
            const high = low + (source.shape[op.axis] as number);
            return { kind: 'within', dtype, index: along, low, high, inside: this.#resolve(source, moved), outside };
          },
          { kind: 'constant', dtype, value: op.fill },
        );
      default:
        break;
    }
    throw new NeuriteError('internal', `${op.key} ${printShape(shape)} is not in reach of the kernel that reads it`);
  }

  /** Whether another kernel, which runs before, stores `tensor`. */
  #liesInBuffer(tensor: Tensor): boolean {
    const home = this.#place.get(tensor);
    return home !== undefined && home !== this.#cluster && home.stored.has(tensor) && this.#cluster.dependencies.has(home);
  }

  #address(shape: Shape, index: readonly Affine[]): Affine {
    return combine(index, rowMajorStrides(shape), this.#rank);
  }

  #read(tensor: Tensor, view: Affine): Expression {
    const same = this.#reads.findIndex((read, i) => read.tensor === tensor && sameAffine(read.view, view) && !this.#operands.includes(i));
    const use = same >= 0 ? same : this.#reads.push({ tensor, view }) - 1;
    return { kind: 'read', dtype: tensor.dtype, use };
  }

  /** The number of the read of a whole operand, through views, by strides. */
  #operand(tensor: Tensor, index: readonly Affine[]): number {
    const rank = this.#rank;
    this.#rank = tensor.shape.length;
    const expression = this.#resolve(tensor, index);
    this.#rank = rank;
    if (expression.kind !== 'read') throw new NeuriteError('internal', `${tensor.op.key} is no operand that lies in a buffer`);
    return expression.use;
  }
}

/** The index of each axis of a reduction's source: first the axes that stay, then those that go. */
function reduceIndex(shape: Shape, axes: readonly number[]): Affine[] {
  const loops = [...shape.keys()].sort((a, b) => Number(axes.includes(a)) - Number(axes.includes(b)) || a - b);
  return shape.map((_, axis) => ({ offset: 0, strides: loops.map((loop) => (loop === axis ? 1 : 0)) }));
}

/** The index of `shape` in loops over `loops`, which has the same elements. */
const localIndex = (shape: Shape, loops: Shape): Affine[] => regroupOnes(identityIndex(loops), loops, shape, loops.length);

/** `index` of `from`, as an index of `to`, which differs in axes of size 1 alone. */
function regroupOnes(index: readonly Affine[], from: Shape, to: Shape, rank: number): Affine[] {
  const long = index.filter((_, axis) => from[axis] !== 1);
  return to.map((size) => (size === 1 ? constantIndex(0, rank) : (long.shift() as Affine)));
}

/** Puts new state, which was computed aside, in its place. */
function copyKernel(value: Tensor, state: InputTensor, layout: Layout): Kernel {
  const [from, to] = [layout.regionOf(value), layout.regionOf(state)];
  return {
    kind: 'map',
    label: `→ ${state.op.name}`,
    shape: [value.size],
    uses: [
      { buffer: from.buffer, access: 'read', view: { offset: from.offset, strides: [1] } },
      { buffer: to.buffer, access: 'write', view: { offset: to.offset, strides: [1] } },
    ],
    outputs: [{ kind: 'read', dtype: value.dtype, use: 0 }],
  };
}

type OpenBuffer = Omit<BufferInfo, 'offset' | 'live'>;

/** Which numbers lie where. */
class Layout {
  readonly #declared: Readonly<Record<string, NamedBuffer>>;
  readonly #buffers: OpenBuffer[] = [];
  readonly #byName = new Map<string, BufferId>();
  readonly #names: Record<string, Region> = {};
  readonly #regions = new Map<Tensor, Region[]>();

  constructor(declared: Readonly<Record<string, NamedBuffer>>) {
    this.#declared = declared;
    for (const [name, { home, dtype, length }] of Object.entries(declared)) this.#open(name, home, dtype, length);
  }

  addInput(tensor: InputTensor): void {
    const { name, buffer, offset, home } = tensor.op;
    const id = this.#byName.get(buffer) ?? this.#open(buffer, home, tensor.dtype, tensor.size);
    const region = { buffer: id, offset, shape: tensor.shape };
    this.#names[name] = region;
    this.#regions.set(tensor, [region]);
  }

  addOutput(name: string, tensor: Tensor): Region {
    const region = { buffer: this.#open(name, 'output', tensor.dtype, tensor.size), offset: 0, shape: tensor.shape };
    this.#names[name] = region;
    return region;
  }

  addTarget(tensor: Tensor, region: Region): void {
    this.#regions.set(tensor, [...(this.#regions.get(tensor) ?? []), region]);
  }

  addScratch(tensor: Tensor): void {
    if (this.#regions.has(tensor)) return;
    const id = this.#open(`scratch${this.#buffers.length}`, 'scratch', tensor.dtype, tensor.size);
    this.#regions.set(tensor, [{ buffer: id, offset: 0, shape: tensor.shape }]);
  }

  /** Where `tensor` is read. */
  regionOf(tensor: Tensor): Region {
    return this.targetsOf(tensor)[0] as Region;
  }

  /** Where `tensor` is written. */
  targetsOf(tensor: Tensor): readonly Region[] {
    const regions = this.#regions.get(tensor);
    if (!regions) throw new NeuriteError('internal', `${tensor.op.key} lies nowhere`);
    return regions;
  }

  /** The name of the state that begins at `offset` of `buffer`. */
  stateName(buffer: BufferId, offset: number): string | undefined {
    if (this.#buffers[buffer]?.home !== 'state') return undefined;
    return Object.keys(this.#names).find((name) => this.#names[name]?.buffer === buffer && this.#names[name]?.offset === offset);
  }

  finish(kernels: readonly Kernel[]): Program {
    const last = Math.max(0, kernels.length - 1);
    const lives = this.#buffers.map(({ id, home }): [number, number] => {
      if (home !== 'scratch') return [0, last];
      const touching = kernels.flatMap(({ uses }, i) => (uses.some((use) => use.buffer === id) ? [i] : []));
      return [touching[0] ?? 0, touching.at(-1) ?? 0];
    });
    const scratch = this.#buffers.filter(({ home }) => home === 'scratch');
    const plan = planMemory(
      scratch.map(({ id, dtype, length }) => ({ bytes: byteSize(dtype) * length, live: lives[id] as [number, number] })),
    );
    const offsets = new Map(scratch.map(({ id }, i) => [id, plan.offsets[i] as number]));
    return {
      buffers: this.#buffers.map((buffer) => ({
        ...buffer,
        offset: offsets.get(buffer.id) ?? 0,
        live: lives[buffer.id] as [number, number],
      })),
      kernels,
      names: this.#names,
      scratchBytes: plan.bytes,
    };
  }

  #open(name: string, home: Home, dtype: DType, length: number): BufferId {
    const id = this.#buffers.push({ id: this.#buffers.length, name, home, dtype, length }) - 1;
    this.#byName.set(name, id);
    return id;
  }
}
