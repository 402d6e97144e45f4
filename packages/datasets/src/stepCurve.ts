// A jump in the middle of a line, which no smooth function fits.
import { regressionSet } from './regressionSet.ts';

/** y = 0 below x = 0 and 1 from there on, over −1 … 1. `examples`: 100. `noise`, of y: 0.1. `seed`: 0. */
export const stepCurve = regressionSet<[x: number]>('stepCurve', 1, 0.1, (x) => (x < 0 ? 0 : 1));
