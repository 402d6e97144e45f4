// Rows of flat, row-major arrays.
import type { NumberArray } from '../scalar/dtype.ts';

/** Rows `from` up to but not including `to`, of so many `rows`: the same memory. */
export function sliceRows(values: NumberArray, rows: number, from: number, to: number): NumberArray {
  const width = values.length / rows;
  return values.subarray(from * width, to * width);
}

/** A copy of the `chosen` rows, in their order, of so many `rows`. */
export function pickRows(values: NumberArray, rows: number, chosen: Int32Array): NumberArray {
  const width = values.length / rows;
  const picked = values.slice(0, chosen.length * width);
  chosen.forEach((row, i) => {
    picked.set(values.subarray(row * width, (row + 1) * width), i * width);
  });
  return picked;
}
