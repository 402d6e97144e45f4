// Which tensors are computed together. Every tensor ends up in one of three ways: computed by one kernel (a reduction,
// product or gather, or element-wise work after it), computed inside whatever reads it, or not at all.
//
// Rules: reductions, products and gathers open a kernel. Element-wise work joins the kernel of an operand when it has the
// same elements and everything else that it needs is there before; so bias, activation and the optimizer's update end up
// behind the matrix product that they belong to. What is left is computed where it is read, unless it is costly and read
// by two kernels. Nothing here knows an operation by name.

import { rowMajorStrides, type Shape, sameShape, sizeOf } from '../scalar/shape.ts';
import { topologicalOrder } from '../tensor/graph.ts';
import type { InputOp } from '../tensor/op.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Tensors that one kernel computes. */
export interface Cluster {
  /** The reduction, product or gather; none in a plain map. */
  readonly anchor: Tensor | undefined;
  /** Shape of the results; members have the same, up to axes of size 1. */
  readonly shape: Shape;
  readonly members: Tensor[];
  /** Members that others read, or that leave the program. */
  readonly stored: Set<Tensor>;
  readonly dependencies: Set<Cluster>;
}

export type InputTensor = Tensor & { readonly op: InputOp };

export const isInput = (tensor: Tensor): tensor is InputTensor => tensor.op.kind === 'input';

/** Equal up to axes of size 1. */
const sameElements = (a: Shape, b: Shape): boolean => {
  const isLong = (size: number): boolean => size !== 1;
  return sameShape(a.filter(isLong), b.filter(isLong));
};

/** A view or reshape that only adds or takes away axes of size 1, so that elements stay in place. */
export const keepsElements = (tensor: Tensor): boolean => {
  const source = tensor.sources[0] as Tensor;
  if (!sameElements(tensor.shape, source.shape)) return false;
  if (tensor.op.kind === 'reshape') return true;
  if (tensor.op.kind !== 'view') return false;
  const from = tensor.op.sourceIndex(
    tensor.shape.map((_, axis) => ({
      offset: 0,
      strides: tensor.shape.map((_s, other) => (axis === other ? 1 : 0)),
    })),
    source,
  );
  // Row-major order is kept when the sum of the source's address equals the result's own.
  const [mine, its] = [rowMajorStrides(tensor.shape), rowMajorStrides(source.shape)];
  return tensor.shape.every(
    (size, axis) =>
      size === 1 ||
      from.reduce((total, index, s) => total + (index.strides[axis] as number) * (its[s] as number), 0) ===
        mine[axis],
  );
};

/** A reshape that regroups axes: only possible on numbers that lie in a buffer. */
const regroups = (tensor: Tensor): boolean => tensor.op.kind === 'reshape' && !keepsElements(tensor);

/** Numbers of its sources under other coordinates. */
const isMoved = ({ op }: Tensor): boolean =>
  op.kind === 'view' || op.kind === 'reshape' || op.kind === 'pieces';

/** Something that `reader` needs, found on the way through everything that is computed where it is read. */
interface Access {
  readonly tensor: Tensor;
  /** Whether it is needed at the very element that is being computed. */
  readonly local: boolean;
}

/** The clusters that compute `roots`, in no particular order. Every root is stored by one of them. */
export function fuse(roots: readonly Tensor[]): { clusters: Cluster[]; place: ReadonlyMap<Tensor, Cluster> } {
  const clusters: Cluster[] = [];
  const place = new Map<Tensor, Cluster>();
  /** For costly tensors that are computed where they are read: by which clusters so far. */
  const inlinedIn = new Map<Tensor, Set<Cluster>>();

  const open = (anchor: Tensor | undefined, shape: Shape): Cluster => {
    const cluster: Cluster = { anchor, shape, members: [], stored: new Set(), dependencies: new Set() };
    clusters.push(cluster);
    return cluster;
  };
  const put = (tensor: Tensor, cluster: Cluster): void => {
    place.set(tensor, cluster);
    cluster.members.push(tensor);
  };
  const dependsOn = (from: Cluster, on: Cluster, seen = new Set<Cluster>()): boolean => {
    if (from === on) return true;
    if (seen.has(from)) return false;
    seen.add(from);
    return [...from.dependencies].some((next) => dependsOn(next, on, seen));
  };

  const order = topologicalOrder(roots);
  /** Maps that a reduction chooses from, under views or not: who looks for the chosen one must find it, to the last digit. */
  const chosenFrom = new Set<Tensor>();
  for (const { op, sources } of order) {
    if (op.kind !== 'reduce' || !op.chooses) continue;
    const pending = [...sources];
    for (const tensor of pending) {
      if (tensor.op.kind === 'map') chosenFrom.add(tensor);
      else if (isMoved(tensor)) pending.push(...tensor.sources);
    }
  }
  /** A map that is worth storing, or has to be stored, rather than computed by two kernels. */
  const isKept = (tensor: Tensor): boolean =>
    tensor.op.kind === 'map' && (tensor.op.costly || chosenFrom.has(tensor));

  /** What `tensor`, computed where it is read, needs from elsewhere: placed tensors and inputs. */
  const accesses = (tensor: Tensor): Access[] => {
    const found: Access[] = [];
    const seen = new Set<string>();
    const ids = new Map<Tensor, number>();
    const visit = (source: Tensor, local: boolean): void => {
      if (!ids.has(source)) ids.set(source, ids.size);
      const key = `${ids.get(source)} ${local}`;
      if (seen.has(key)) return;
      seen.add(key);
      if (place.has(source) || isInput(source)) found.push({ tensor: source, local });
      else for (const next of source.sources) visit(next, local && localThrough(source));
    };
    for (const source of tensor.sources) visit(source, localThrough(tensor));
    return found;
  };

  /** Whether computing `tensor` where it is read means costly work: its own or of what is computed with it. */
  const isCostly = (tensor: Tensor): boolean => {
    const seen = new Set<Tensor>();
    const visit = (source: Tensor): boolean => {
      if (place.has(source) || seen.has(source)) return false;
      seen.add(source);
      const { op } = source;
      return op.kind === 'random' || isKept(source) || source.sources.some(visit);
    };
    return visit(tensor);
  };

  /**
   * Whether `source`, a member of `home` that is not stored, is cheaper to compute again than to store: light work on
   * numbers that lie in buffers anyway, none of which may have been overwritten since.
   */
  const canBeRepeated = (source: Tensor, home: Cluster, seen = new Set<Tensor>()): boolean => {
    if (home.stored.has(source) || source.op.kind !== 'map' || isKept(source)) return false;
    return source.sources.every((operand) => isAtHand(operand, seen));
  };
  const isAtHand = (tensor: Tensor, seen: Set<Tensor>): boolean => {
    if (seen.has(tensor)) return true; // else the search would have ended there
    seen.add(tensor);
    const home = place.get(tensor);
    if (home) return home.stored.has(tensor) || canBeRepeated(tensor, home, seen);
    if (isInput(tensor)) return tensor.op.home !== 'state';
    return !isCostly(tensor) && tensor.sources.every((source) => isAtHand(source, seen));
  };

  /** Makes everything that `tensor`, a new member of `cluster` or its anchor, is made of available to `cluster`. */
  const absorb = (tensor: Tensor, cluster: Cluster, localHere: boolean): void => {
    const seen = { here: new Set<Tensor>(), elsewhere: new Set<Tensor>() };
    const visit = (source: Tensor, local: boolean): void => {
      const before = local ? seen.here : seen.elsewhere;
      if (before.has(source)) return;
      before.add(source);
      const home = place.get(source);
      if (home) {
        if (home === cluster) return;
        if (!canBeRepeated(source, home)) {
          home.stored.add(source);
          cluster.dependencies.add(home);
          return;
        }
      }
      if ((source.op.kind === 'map' || source.op.kind === 'random') && isCostly(source)) {
        const readers = inlinedIn.get(source) ?? new Set();
        if (readers.size === 0 && local && sameElements(source.shape, cluster.shape)) {
          put(source, cluster);
        } else {
          inlinedIn.set(source, readers.add(cluster));
          const waits = accesses(source).some(({ tensor: needed }) => {
            const origin = place.get(needed);
            return origin && [...readers].some((reader) => dependsOn(origin, reader));
          });
          if (readers.size > 1 && !waits) {
            forget(source, readers);
            materialize(source, readers).stored.add(source);
            return;
          }
        }
      }
      for (const next of source.sources) visit(next, local && localThrough(source));
    };
    for (const source of tensor.sources) visit(source, localHere && localThrough(tensor));
  };

  /** `readers` will read `tensor` from a buffer: they no longer compute what it is made of. */
  const forget = (tensor: Tensor, readers: ReadonlySet<Cluster>, seen = new Set<Tensor>()): void => {
    for (const source of tensor.sources) {
      if (place.has(source) || seen.has(source)) continue;
      seen.add(source);
      for (const reader of readers) inlinedIn.get(source)?.delete(reader);
      forget(source, readers, seen);
    }
  };

  /** Whether `tensor` may be computed by `cluster`, which so far knows nothing of it. */
  const fits = (tensor: Tensor, cluster: Cluster): boolean =>
    sameElements(tensor.shape, cluster.shape) &&
    accesses(tensor).every(({ tensor: needed, local }) => {
      const home = place.get(needed);
      return !home || (home === cluster ? local : !dependsOn(home, cluster));
    });

  /** Puts `tensor`, which `readers` wait for, in a map kernel: one that reads the same numbers, if it fits, or a new one. */
  const materialize = (tensor: Tensor, readers: ReadonlySet<Cluster> = new Set()): Cluster => {
    const needs = new Set(accesses(tensor).map((access) => access.tensor));
    const shared = clusters.findLast(
      (cluster) =>
        !cluster.anchor &&
        fits(tensor, cluster) &&
        ![...readers].some((reader) => dependsOn(cluster, reader)) &&
        cluster.members.some(
          (member) => needs.has(member) || accesses(member).some((access) => needs.has(access.tensor)),
        ),
    );
    const cluster = shared ?? open(undefined, tensor.shape);
    for (const reader of readers) reader.dependencies.add(cluster);
    put(tensor, cluster);
    absorb(tensor, cluster, true);
    return cluster;
  };

  /** Makes sure that `tensor` lies in a buffer, row by row. */
  const store = (tensor: Tensor): Cluster | undefined => {
    if (isInput(tensor)) return undefined;
    if (tensor.op.kind === 'reshape') return store(tensor.sources[0] as Tensor);
    const cluster = place.get(tensor) ?? materialize(tensor);
    cluster.stored.add(tensor);
    return cluster;
  };

  /** Makes sure that `tensor` can be read by strides; views of stored tensors can. */
  const storeOperand = (tensor: Tensor): Cluster | undefined => {
    const { op } = tensor;
    const viewed = tensor.sources[0];
    if (viewed && (op.kind === 'reshape' || (op.kind === 'view' && isStrided(tensor)))) {
      return op.kind === 'reshape' ? store(viewed) : storeOperand(viewed);
    }
    return store(tensor);
  };

  for (const tensor of order) {
    const { op } = tensor;
    if (op.kind === 'reduce' || op.kind === 'contract' || op.kind === 'gather') {
      const cluster = open(tensor, tensor.shape);
      const buffers =
        op.kind === 'contract' ? tensor.sources : op.kind === 'gather' ? tensor.sources.slice(0, 1) : [];
      for (const source of buffers) {
        const home = storeOperand(source);
        if (home) cluster.dependencies.add(home);
      }
      absorb(tensor, cluster, false);
      put(tensor, cluster);
    } else if (op.kind === 'map') {
      const candidates = new Set(
        accesses(tensor).flatMap(({ tensor: needed, local }) => (local && place.get(needed)) || []),
      );
      const cluster = clusters.findLast((candidate) => candidates.has(candidate) && fits(tensor, candidate));
      if (cluster) {
        put(tensor, cluster);
        absorb(tensor, cluster, true);
      }
    } else if (regroups(tensor)) {
      store(tensor.sources[0] as Tensor);
    }
  }
  for (const root of roots) {
    const cluster = place.get(root) ?? materialize(root);
    cluster.stored.add(root);
  }
  return { clusters, place };
}

/** Whether what `tensor` reads is read at the same element. */
const localThrough = (tensor: Tensor): boolean =>
  tensor.op.kind === 'map' ||
  ((tensor.op.kind === 'view' || tensor.op.kind === 'reshape') && keepsElements(tensor));

/** A view in which each axis moves through the source by itself, none of them repeated, as matrix operands must. */
const isStrided = (tensor: Tensor): boolean =>
  tensor.op.kind === 'view' && sizeOf(tensor.shape) <= sizeOf((tensor.sources[0] as Tensor).shape);

/**
 * The order of kernels: each after those that it needs. Undefined where they wait for each other in a circle.
 *
 * @param before further pairs (first, then).
 */
export function schedule(
  clusters: readonly Cluster[],
  before: readonly (readonly [Cluster, Cluster])[],
): Cluster[] | undefined {
  const waits = new Map(clusters.map((cluster) => [cluster, new Set(cluster.dependencies)]));
  for (const [first, then] of before) waits.get(then)?.add(first);
  const order: Cluster[] = [];
  const remaining = new Set(clusters);
  while (remaining.size > 0) {
    const ready = [...remaining].find((cluster) =>
      [...(waits.get(cluster) as Set<Cluster>)].every((other) => !remaining.has(other)),
    );
    if (!ready) return undefined;
    remaining.delete(ready);
    order.push(ready);
  }
  return order;
}
