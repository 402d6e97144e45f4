// Loops over the elements of a kernel, four at a time where that is possible, and each thread's share of them.
import type { Width } from './addresses.ts';
import type { Code, Local } from './code.ts';

/** The parameters of a kernel's function: which thread this is, and how many there are. */
export interface Team {
  readonly thread: Local;
  readonly threads: Local;
}

/** A range that is computed when the kernel runs. */
export interface Range {
  readonly from: Local;
  readonly to: Local;
}

/** This thread's part of 0 … count in whole units: units · thread / threads. */
export function writeShare(code: Code, team: Team, count: number, unit = 1): Range {
  const units = Math.ceil(count / unit);
  const bound = (next: boolean): Local => {
    const local = code.local('i32');
    code.i32(units).get(team.thread);
    if (next) code.i32(1).op('i32.add');
    code.op('i32.mul').get(team.threads).op('i32.div_u').i32(unit).op('i32.mul').set(local);
    if (next && units * unit !== count) {
      code.get(local).i32(count).get(local).i32(count).op('i32.lt_s').op('select').set(local);
    }
    return local;
  };
  return { from: bound(false), to: bound(true) };
}

/**
 * Along an axis of `size` elements tile by tile: `counter` is the first element of each, and the last may be smaller. A range
 * begins at a tile's first element, and ends at one or at the end.
 */
export function writeTiles(
  code: Code,
  counter: Local,
  { size, tile, range }: { size: number; tile: number; range?: Range | undefined },
  body: (extent: number) => void,
): void {
  const rest = size % tile;
  if (!range) {
    if (rest < size) code.loop(counter, { from: 0, to: size - rest, step: tile }, () => body(tile));
    else code.i32(0).set(counter);
    if (rest > 0) body(rest);
    return;
  }
  const whole = code.local('i32');
  code.get(range.to);
  if (rest > 0) code.get(range.to).i32(tile).op('i32.rem_u').op('i32.sub');
  code.set(whole);
  code.loop(counter, { from: range.from, to: whole, step: tile, guarded: true }, () => body(tile));
  if (rest > 0) {
    code.get(counter).get(range.to).op('i32.lt_s').op('if');
    body(rest);
    code.op('end');
  }
  code.free(whole);
}

export interface Nest {
  /** Sizes, outermost first; the last is the row. */
  readonly shape: readonly number[];
  readonly outer: readonly Local[];
  readonly inner: Local | undefined;
  /** This thread's part of the outermost axis, in elements; all of it if not given. */
  readonly share?: Range | undefined;
  /** This thread's part of the row, where the row is not the outermost axis. Shares of rows begin at multiples of 4. */
  readonly rowShare?: Range | undefined;
  /** Whether up to four elements of a row are computed at once. */
  readonly widest: 1 | 4;
  readonly row: () => void;
  readonly elements: (width: Width) => void;
}

/** Counters for `shape`: one for each outer axis, and one that counts along rows in steps of 4. */
export function counters(code: Code, shape: readonly number[]): { outer: Local[]; inner: Local | undefined } {
  return {
    outer: shape.slice(0, -1).map(() => code.local('i32')),
    inner: shape.length > 0 ? code.local('i32') : undefined,
  };
}

export function writeNest(code: Code, nest: Nest): void {
  const { shape, outer, inner, share, rowShare, row, elements } = nest;
  const walk = (axis: number): void => {
    if (axis < outer.length) {
      const range =
        axis === 0 && share ? { ...share, guarded: true } : { from: 0, to: shape[axis] as number };
      code.loop(outer[axis] as Local, range, () => walk(axis + 1));
      return;
    }
    row();
    if (!inner) elements(1);
    else writeRow(code, nest, inner, outer.length === 0 ? share : rowShare);
  };
  walk(0);
}

function writeRow(
  code: Code,
  { shape, widest, elements }: Nest,
  inner: Local,
  range: Range | undefined,
): void {
  const size = shape.at(-1) as number;
  const rest = size % 4;
  if (!range) {
    if (widest === 1) code.loop(inner, { from: 0, to: size * 4, step: 4 }, () => elements(1));
    else {
      if (rest < size) code.loop(inner, { from: 0, to: 4 * (size - rest), step: 16 }, () => elements(4));
      else code.i32(0).set(inner);
      if (rest > 0) elements(rest as Width);
    }
    return;
  }
  const [from, to] = [code.local('i32'), code.local('i32')];
  code.get(range.from).i32(2).op('i32.shl').set(from);
  code.get(range.to).i32(2).op('i32.shl').set(to);
  if (widest === 1) code.loop(inner, { from, to, step: 4, guarded: true }, () => elements(1));
  else {
    const whole = code.local('i32');
    code.get(to).i32(-16).op('i32.and').set(whole);
    code.loop(inner, { from, to: whole, step: 16, guarded: true }, () => elements(4));
    if (rest > 0) {
      code.get(inner).get(to).op('i32.lt_s').op('if');
      elements(rest as Width);
      code.op('end');
    }
    code.free(whole);
  }
  code.free(from, to);
}
