// A hill in the middle of a flat line.
import { regressionSet } from './regressionSet.ts';

/** y = exp(−x² / (2 · 0.15²)), over −1 … 1. `examples`: 100. `noise`, of y: 0.1. `seed`: 0. */
export const bumpCurve = regressionSet<[x: number]>('bumpCurve', 1, 0.1, (x) =>
  Math.exp(-(x ** 2) / (2 * 0.15 ** 2)),
);
