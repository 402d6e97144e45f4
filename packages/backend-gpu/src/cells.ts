// State in pieces. A kernel on the GPU writes a whole buffer, but core puts parameters side by side in one and updates each by
// itself: so each becomes a buffer of its own, here called a cell.
import type { BufferId, BufferInfo, Expression, Kernel, Program, Use } from '@neurite/core/program';
import { loopsAround, rangeOf } from './loops.ts';

/** The first element of each cell of a buffer, and the buffer's length last. */
export type Bounds = readonly number[];

/** A program whose every written use is a whole buffer. */
export interface Separated {
  readonly buffers: readonly BufferInfo[];
  readonly kernels: readonly Kernel[];
  /** For each buffer of the original program its cells, in order. */
  readonly cells: readonly (readonly BufferId[])[];
}

/** Bounds that a program wants, for each state buffer: around its named tensors, and around what its kernels write. */
export function boundsOf({ buffers, kernels, names }: Program): Map<string, Bounds> {
  const found = new Map<BufferId, Set<number>>();
  for (const { id, home, length } of buffers) if (home === 'state') found.set(id, new Set([0, length]));
  const add = (buffer: BufferId, [first, end]: Range): void => {
    found.get(buffer)?.add(first).add(end);
  };
  for (const { buffer, offset, shape } of Object.values(names)) {
    add(buffer, [offset, offset + shape.reduce((product, size) => product * size, 1)]);
  }
  for (const kernel of kernels) {
    kernel.uses.forEach((use, u) => {
      if (use.access !== 'read') add(use.buffer, reach(kernel, u));
    });
  }
  return new Map([...found].map(([id, bounds]) => [(buffers[id] as BufferInfo).name, sorted(bounds)]));
}

export const sorted = (numbers: Iterable<number>): number[] => [...numbers].sort((a, b) => a - b);

type Range = readonly [first: number, end: number];

/** The elements between the lowest and the highest address of a use. */
const reach = (kernel: Kernel, use: number): Range =>
  rangeOf((kernel.uses[use] as Use).view, loopsAround(kernel, use));

/**
 * `program` with state in cells of these bounds; its kernels write once each.
 *
 * @param limit how many buffers a kernel may read.
 */
export function separate(program: Program, bounds: ReadonlyMap<string, Bounds>, limit: number): Separated {
  const buffers: BufferInfo[] = [];
  const open = (info: Omit<BufferInfo, 'id'>): BufferId => buffers.push({ ...info, id: buffers.length }) - 1;
  const starts = program.buffers.map(({ name, home, length }) =>
    home === 'state' ? (bounds.get(name) as Bounds) : [0, length],
  );
  const cells = program.buffers.map((info, b) => {
    const limits = starts[b] as Bounds;
    return limits
      .slice(0, -1)
      .map((start, i) => open({ ...info, length: (limits[i + 1] as number) - start }));
  });
  const kernels: Kernel[] = [];

  /** The cells of a buffer that `range` touches: their ids, and the first element of the first. */
  const touched = (buffer: BufferId, [first, end]: Range): { ids: readonly BufferId[]; start: number } => {
    const limits = starts[buffer] as Bounds;
    const inside = limits.slice(0, -1).map((start, i) => start < end && (limits[i + 1] as number) > first);
    const at = Math.max(0, inside.indexOf(true));
    const ids = (cells[buffer] as readonly BufferId[]).filter((_, i) => inside[i] || i === at);
    return { ids, start: limits[at] as number };
  };
  const lengthOf = (ids: readonly BufferId[]): number =>
    ids.reduce((sum, id) => sum + (buffers[id] as BufferInfo).length, 0);
  const scratch = (like: BufferId, length: number): BufferId =>
    open({ ...(buffers[like] as BufferInfo), name: `scratch${buffers.length}`, home: 'scratch', length });

  for (const kernel of program.kernels) {
    const after: Kernel[] = [];
    const written: Use[] = [];
    const uses = kernel.uses.map((use, u): Use => {
      const range = reach(kernel, u);
      const { ids, start } = touched(use.buffer, range);
      const view = { ...use.view, offset: use.view.offset - start };
      const [only, ...others] = ids as [BufferId, ...BufferId[]];
      if (others.length === 0) return { ...use, buffer: only, view };
      const whole = scratch(only, lengthOf(ids));
      if (use.access !== 'write') kernels.push(...join(ids, whole, buffers, limit, scratch));
      if (use.access === 'read') return { buffer: whole, access: 'read', view };
      const result = scratch(only, lengthOf(ids));
      after.push(...distribute(result, ids, buffers));
      if (use.access === 'write') return { buffer: result, access: 'write', view };
      written.push({ buffer: result, access: 'write', view });
      return { buffer: whole, access: 'read', view };
    });
    kernels.push({ ...kernel, uses: [...uses, ...written] }, ...after);
  }
  return { buffers, kernels, cells };
}

const contiguous = { offset: 0, strides: [1] };

/** Kernels that put `parts` one after the other into `whole`. */
function join(
  parts: readonly BufferId[],
  whole: BufferId,
  buffers: readonly BufferInfo[],
  limit: number,
  scratch: (like: BufferId, length: number) => BufferId,
): Kernel[] {
  const lengthOf = (id: BufferId): number => (buffers[id] as BufferInfo).length;
  if (parts.length > limit) {
    const first = parts.slice(0, limit);
    const joined = scratch(
      whole,
      first.reduce((sum, id) => sum + lengthOf(id), 0),
    );
    return [
      ...join(first, joined, buffers, limit, scratch),
      ...join([joined, ...parts.slice(limit)], whole, buffers, limit, scratch),
    ];
  }
  const { dtype } = buffers[whole] as BufferInfo;
  let end = lengthOf(whole);
  let output: Expression = { kind: 'constant', dtype, value: 0 };
  const uses: Use[] = [];
  for (const part of parts.toReversed()) {
    const low = end - lengthOf(part);
    const use = uses.push({ buffer: part, access: 'read', view: { offset: -low, strides: [1] } }) - 1;
    const inside: Expression = { kind: 'read', dtype, use };
    output = { kind: 'within', dtype, index: contiguous, low, high: end, inside, outside: output };
    end = low;
  }
  uses.push({ buffer: whole, access: 'write', view: contiguous });
  return [{ kind: 'map', label: 'join', shape: [lengthOf(whole)], uses, outputs: [output] }];
}

/** Kernels that write each of `parts` from `whole`. */
function distribute(whole: BufferId, parts: readonly BufferId[], buffers: readonly BufferInfo[]): Kernel[] {
  let offset = 0;
  return parts.map((part): Kernel => {
    const { dtype, length } = buffers[part] as BufferInfo;
    const from: Use = { buffer: whole, access: 'read', view: { offset, strides: [1] } };
    offset += length;
    const to: Use = { buffer: part, access: 'write', view: contiguous };
    return {
      kind: 'map',
      label: 'distribute',
      shape: [length],
      uses: [from, to],
      outputs: [{ kind: 'read', dtype, use: 0 }],
    };
  });
}
