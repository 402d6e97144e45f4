// What each operation on single numbers means. The oracle evaluates with these functions; every backend prints its own
// form of them and is tested against them.
import type { DType } from './dtype.ts';

/** Operations on single numbers. Comparisons give 1 or 0. */
export const scalarOperations = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  pow: (a, b) => a ** b,
  maximum: (a, b) => Math.max(a, b), // NaN if either is
  minimum: (a, b) => Math.min(a, b),
  neg: (a) => -a,
  square: (a) => a * a,
  sqrt: Math.sqrt,
  exp: Math.exp,
  log: Math.log,
  sin: Math.sin,
  cos: Math.cos,
  tanh: Math.tanh,
  sigmoid: (a) => 1 / (1 + Math.exp(-a)),
  abs: Math.abs,
  sign: Math.sign,
  floor: Math.floor,
  reciprocal: (a) => 1 / a,
  equal: (a, b) => (a === b ? 1 : 0),
  notEqual: (a, b) => (a !== b ? 1 : 0),
  less: (a, b) => (a < b ? 1 : 0),
  lessEqual: (a, b) => (a <= b ? 1 : 0),
  greater: (a, b) => (a > b ? 1 : 0),
  greaterEqual: (a, b) => (a >= b ? 1 : 0),
  select: (condition, a, b) => (condition !== 0 ? a : b),
  cast: (a) => a, // the conversion happens on storing
} satisfies Record<string, (...numbers: [number, number, number]) => number>;

/** The name of an operation on single numbers: "add", "exp" and so on. */
export type ScalarOperation = keyof typeof scalarOperations;

/** `value` as an element of `dtype`: rounded to float32, truncated to an integer. */
export function convert(value: number, dtype: DType): number {
  switch (dtype) {
    case 'float64':
      return value;
    case 'float32':
      return Math.fround(value);
    case 'int32':
      return value | 0;
    case 'uint8':
      return value & 255;
    default:
      return dtype satisfies never;
  }
}
