// Data sets that are computed, and readers of file formats: all that runs anywhere. Sets that come as files have doors of
// their own (./mnist), which need Node.
export { circle } from './circle.ts';
export { gaussianClouds } from './gaussianClouds.ts';
export { moons } from './moons.ts';
export type { PointSet } from './pointSet.ts';
export { type IdxArray, readIdx } from './readIdx.ts';
export { spiral } from './spiral.ts';
export { xor } from './xor.ts';
