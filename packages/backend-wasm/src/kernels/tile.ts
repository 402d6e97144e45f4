// The innermost part of all products: a tile of sums in registers.
import type { Code, Local } from '../code.ts';

export interface TileShape {
  readonly rows: number;
  /** Columns by four. */
  readonly vectors: number;
  /** Bytes between neighbours in a column and in a row of the left operand. */
  readonly leftRow: number;
  readonly leftColumn: number;
  /** Bytes between rows of the right operand. */
  readonly rightRow: number;
  /** Whether a multiplication and an addition may be one instruction. */
  readonly relaxed: boolean;
}

export interface Tile {
  /** Sums by row and vector. */
  readonly totals: readonly (readonly Local[])[];
  /** Adds left[rows, step] · right[step, columns] to the sums; `left` and `right` are addresses of step 0. */
  multiply(left: Local, right: Local, step: number): void;
  free(): void;
}

/** Registers that a tile takes: its sums, the shorter of what lies beside and above it, one number, and one product. */
const registers = (rows: number, vectors: number, relaxed: boolean): number =>
  rows * vectors + Math.min(rows, vectors) + (relaxed ? 1 : 2);

/** Rows of the highest tile of so many vectors that fits the registers: 16, of which engines keep one for themselves. */
export function tileRows(vectors: number, relaxed: boolean): number {
  let rows = 1;
  while (registers(rows + 1, vectors, relaxed) <= 15) rows += 1;
  return rows;
}

export function tileOf(code: Code, shape: TileShape): Tile {
  const { rows, vectors, leftRow, leftColumn, rightRow, relaxed } = shape;
  const totals = Array.from({ length: rows }, () =>
    Array.from({ length: vectors }, () => code.local('v128')),
  );
  const held = Array.from({ length: Math.min(rows, vectors) }, () => code.local('v128'));
  const passing = code.local('v128');
  const multiply = (left: Local, right: Local, step: number): void => {
    const load = (side: 'left' | 'right', place: number): Code =>
      side === 'left'
        ? code.get(left).op('v128.load32_splat', place * leftRow + step * leftColumn)
        : code.get(right).op('v128.load', 16 * place + step * rightRow);
    const isHigh = rows >= vectors;
    held.forEach((local, place) => void load(isHigh ? 'right' : 'left', place).set(local));
    for (let other = 0; other < Math.max(rows, vectors); other++) {
      load(isHigh ? 'left' : 'right', other).set(passing);
      held.forEach((local, place) => {
        const total = (isHigh ? totals[other]?.[place] : totals[place]?.[other]) as Local;
        code.get(local).get(passing);
        if (relaxed) code.get(total).op('f32x4.relaxed_madd').set(total);
        else code.op('f32x4.mul').get(total).op('f32x4.add').set(total);
      });
    }
  };
  return { totals, multiply, free: () => code.free(...totals.flat(), ...held, passing) };
}
