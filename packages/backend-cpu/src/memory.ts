// The typed arrays of a program's buffers.
import {
  byteSize,
  NeuriteError,
  type NumberArray,
  newArray,
  type Program,
  viewArray,
} from '@neurite/core/program';

/** The arrays of a program's buffers, in order. */
export type Buffers = readonly NumberArray[];

/** Buffers by name that another executable may use as well. */
export type Shared = ReadonlyMap<string, NumberArray>;

/**
 * Zeroed memory; `data` and `state` are `shared` where name, dtype and length agree.
 * @throws NeuriteError `unsupported` where the platform does not have that much.
 */
export function allocate(program: Program, shared: Shared = new Map()): Buffers {
  try {
    return takeMemory(program, shared);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const bytes = program.buffers.reduce(
      (sum, { home, dtype, length }) => sum + (home === 'scratch' ? 0 : byteSize(dtype) * length),
      program.scratchBytes,
    );
    throw new NeuriteError(
      'unsupported',
      `cpu: there is no memory for ${Math.ceil(bytes / 2 ** 20)} MiB: use a smaller network, batch or data set`,
      { cause },
    );
  }
}

function takeMemory({ buffers, scratchBytes }: Program, shared: Shared): Buffers {
  const scratch = new ArrayBuffer(scratchBytes);
  return buffers.map(({ name, home, dtype, length, offset }) => {
    if (home === 'scratch') return viewArray(dtype, scratch, offset, length);
    const own = newArray(dtype, length);
    const other = home === 'data' || home === 'state' ? shared.get(name) : undefined;
    return other && sameType(other, own) && other.length === length ? other : own;
  });
}

/** What others may share of `buffers`. */
export const sharedOf = ({ buffers: infos }: Program, buffers: Buffers): Shared =>
  new Map(
    infos.flatMap(({ id, name, home }) =>
      home === 'data' || home === 'state' ? [[name, buffers[id] as NumberArray]] : [],
    ),
  );

/** Whether two arrays have one dtype; they may come from different windows. */
export const sameType = (a: NumberArray, b: NumberArray): boolean =>
  a[Symbol.toStringTag] === b[Symbol.toStringTag];
