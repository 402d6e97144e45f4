// Sizes of tensors: pure functions over lists of whole numbers.
import { NeuriteError } from '../errors.ts';
import type { Affine } from './affine.ts';

/** Sizes, outermost first; `[]` is a single number. */
export type Shape = readonly number[];

/** The number of elements of a tensor of this shape. */
export const sizeOf = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((size, i) => size === b[i]);

/** A shape as messages print it: [64, 10]. */
export const printShape = (shape: Shape): string => `[${shape.join(', ')}]`;

/** Distance in elements between neighbours along each axis, in row-major order. */
export function rowMajorStrides(shape: Shape): number[] {
  const strides: number[] = new Array(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis] as number;
  }
  return strides;
}

/** The index of each element of `shape` itself, one sum per axis. */
export const identityIndex = (shape: Shape): Affine[] =>
  shape.map((_, axis) => ({ offset: 0, strides: shape.map((_, other) => (other === axis ? 1 : 0)) }));

/** NumPy's rule: sizes are aligned at the end; 1 stretches. Undefined where they do not fit. */
export function broadcastShape(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const result: number[] = [];
  for (let i = 0; i < rank; i++) {
    const left = a[a.length - rank + i] ?? 1;
    const right = b[b.length - rank + i] ?? 1;
    if (left !== right && left !== 1 && right !== 1) return undefined;
    result.push(left === 1 ? right : left);
  }
  return result;
}

/** Axes as a sorted list without negative numbers; all axes if none are given. */
export function normalizeAxes(
  axes: number | readonly number[] | undefined,
  rank: number,
  who: string,
): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, axis) => axis);
  const list = (typeof axes === 'number' ? [axes] : [...axes]).map((axis) => (axis < 0 ? axis + rank : axis));
  for (const axis of list) {
    if (
      !Number.isInteger(axis) ||
      axis < 0 ||
      axis >= rank ||
      list.filter((other) => other === axis).length > 1
    ) {
      throw new NeuriteError(
        'shape',
        `${who}: axes ${JSON.stringify(axes)} do not fit a tensor of ${rank} axes: give distinct whole numbers from ${-rank} to ${rank - 1}`,
      );
    }
  }
  return list.sort((a, b) => a - b);
}

/** Throws unless every size is a positive whole number. */
export function requireShape(shape: Shape, who: string): Shape {
  for (const size of shape) {
    if (!Number.isInteger(size) || size < 1) {
      throw new NeuriteError(
        'shape',
        `${who}: ${printShape(shape)} is no shape: sizes are positive whole numbers`,
      );
    }
  }
  return shape;
}
