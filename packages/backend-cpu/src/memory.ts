// The typed arrays of a program's buffers.
import { type NumberArray, newArray, type Program, viewArray } from '@neurite/core/program';

/** The arrays of a program's buffers, in order. */
export type Buffers = readonly NumberArray[];

/** Buffers by name that another executable may use as well. */
export type Shared = ReadonlyMap<string, NumberArray>;

/** Zeroed memory; `data` and `state` are `shared` where name, dtype and length agree. */
export function allocate({ buffers, scratchBytes }: Program, shared: Shared = new Map()): Buffers {
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
