// How the numbers of a buffer lie on the device: in rows, so that a kernel's threads have two coordinates.
import { NeuriteError } from '@neurite/core/program';
import { type Mode, modeNames } from './modes.ts';

export interface Geometry {
  readonly columns: number;
  readonly rows: number;
}

/** What a mode takes. */
export interface Limits {
  /** Whether memory has one dimension only, and kernels one counter. */
  readonly flat: boolean;
  /** Elements of one buffer. */
  readonly elements: number;
  /** The longest side of a texture that is as wide as its rows are; longer ones are folded. */
  readonly side: number;
}

/** Whole numbers up to here are exact in the float32 in which kernels compute addresses. */
export const exact = 2 ** 24;

/** Rows as long as the axes after the first of `shape`: what a gather takes, and what most kernels write. */
export function geometryOf(shape: readonly number[]): Geometry {
  const long = shape.filter((size) => size !== 1);
  if (long.length < 2) return { columns: long[0] ?? 1, rows: 1 };
  return { columns: long.slice(1).reduce((product, size) => product * size, 1), rows: long[0] as number };
}

/** gpu.js's `output` setting. With a third dimension it folds textures that would be too long. */
export function outputOf({ columns, rows }: Geometry, { flat, side }: Limits): number[] {
  if (flat) return [columns * rows];
  return isFolded({ columns, rows }, side) ? [columns, 1, rows] : [columns, rows];
}

export const isFolded = ({ columns, rows }: Geometry, side: number): boolean =>
  rows > 1 && Math.max(columns, rows) > side;

/** @throws NeuriteError `unsupported` where a buffer is larger than the device takes. */
export function requireSize(
  name: string,
  length: number,
  { limits: { elements }, mode }: { readonly limits: Limits; readonly mode: Mode },
): void {
  if (length <= elements) return;
  throw new NeuriteError(
    'unsupported',
    `gpu: "${name}" has ${length} elements, but ${modeNames[mode]} takes at most ${elements} here: use a smaller network, batch or data set, or the wasm backend`,
  );
}
