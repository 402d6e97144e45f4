// From the graph to a program: what is computed together (fuse), the formulas (draft), in which order, and where each
// number lies (layout).
import { NeuriteError } from '../errors.ts';
import { printShape, sameShape } from '../scalar/shape.ts';
import { topologicalOrder } from '../tensor/graph.ts';
import type { Labels } from '../tensor/labels.ts';
import { cast } from '../tensor/ops/arithmetic.ts';
import { simplify } from '../tensor/simplify.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { Capabilities } from './capabilities.ts';
import { collapseAxes } from './collapse.ts';
import { Draft } from './draft.ts';
import { type Cluster, fuse, type InputTensor, isInput, schedule } from './fuse.ts';
import { Layout, type NamedBuffer } from './layout.ts';
import type { Kernel, Program } from './program.ts';

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
    [
      ...targets,
      ...targets.map((target) => computation.updates?.get(target) as Tensor),
      ...Object.values(computation.outputs ?? {}),
    ],
    labels,
  );
  const states = simplified.slice(0, targets.length);
  // A root that computes nothing is copied, so that every root is the work of a kernel.
  const roots = simplified
    .slice(targets.length)
    .map((root) => (root.sources.length === 0 ? new Tensor(cast(root.dtype), [root]) : root));
  states.forEach((state, i) => {
    const value = roots[i] as Tensor;
    if (!isInput(state) || state.op.home !== 'state')
      throw new NeuriteError('internal', 'only state can be updated');
    if (!sameShape(state.shape, value.shape) || state.dtype !== value.dtype) {
      throw new NeuriteError(
        'shape',
        `update of "${state.op.name}" takes ${state.dtype} ${printShape(state.shape)}, but got ${value.dtype} ${printShape(value.shape)}`,
      );
    }
  });
  for (const { dtype } of topologicalOrder(roots)) {
    if (!capabilities.dtypes.includes(dtype)) {
      throw new NeuriteError(
        'unsupported',
        `the backend computes with ${capabilities.dtypes.join(', ')}, but the program needs ${dtype}`,
      );
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
  const { limits } = capabilities;
  const parts = limits ? kernels.flatMap((kernel) => limits.split(kernel, layout)) : kernels;
  return layout.finish(parts.map(collapseAxes));
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
