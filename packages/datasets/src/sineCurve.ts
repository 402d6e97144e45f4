// A wave over a line.
import { regressionSet } from './regressionSet.ts';

/** y = sin(π x), one period over −1 … 1. `examples`: 100. `noise`, of y: 0.1. `seed`: 0. */
export const sineCurve = regressionSet<[x: number]>('sineCurve', 1, 0.1, (x) => Math.sin(Math.PI * x));
