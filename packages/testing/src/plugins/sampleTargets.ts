// Targets to try losses with.
import { type Shape, sizeOf } from '@neurite/core';
import { sampleNumbers } from '../sampleNumbers.ts';

const kinds = {
  /** −3 ≤ t < 3. */
  numbers: (count, _, seed) => sampleNumbers(count, { seed, low: -3, high: 3 }),
  /** Rows that add up to 1. */
  probabilities: (count, width, seed) => {
    const numbers = sampleNumbers(count, { seed, low: 0.1, high: 1 });
    return numbers.map((number, i) => {
      const start = i - (i % width);
      return number / numbers.slice(start, start + width).reduce((sum, each) => sum + each, 0);
    });
  },
  /** Rows of zeros with a single 1. */
  'one-hot': (count, width, seed) => {
    const labels = sampleNumbers(count / width, { seed, low: 0, high: width }).map(Math.floor);
    return Array.from({ length: count }, (_, i) => Number(labels[Math.floor(i / width)] === i % width));
  },
  /** 0 or 1. */
  bits: (count, _, seed) => sampleNumbers(count, { seed }).map((x) => Number(x > 0)),
  /** −1 or 1. */
  signs: (count, _, seed) => sampleNumbers(count, { seed }).map((x) => (x > 0 ? 1 : -1)),
  /** Whole numbers from 0 to 4. */
  counts: (count, _, seed) => sampleNumbers(count, { seed, low: 0, high: 5 }).map(Math.floor),
} satisfies Record<string, (count: number, width: number, seed: number) => number[]>;

/** What targets of a loss may be. */
export type TargetKind = keyof typeof kinds;

/** Targets of a shape, row-major. */
export const sampleTargets = (kind: TargetKind, shape: Shape, seed: number): number[] =>
  kinds[kind](sizeOf(shape), shape.at(-1) as number, seed + 1000);

/** The number of each row's largest. */
export const labelsOf = (rows: readonly number[], width: number): number[] =>
  Array.from({ length: rows.length / width }, (_, i) => {
    const row = rows.slice(i * width, (i + 1) * width);
    return row.indexOf(Math.max(...row));
  });
