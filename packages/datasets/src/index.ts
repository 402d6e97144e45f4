// Data sets that are computed or small, and readers of file formats: all that runs anywhere. Sets that come as files have
// doors of their own (./mnist, ./fashionMnist, ./cifar10), which need Node.
export { bumpCurve } from './bumpCurve.ts';
export { circle } from './circle.ts';
export { gaussianClouds } from './gaussianClouds.ts';
export { hillsSurface } from './hillsSurface.ts';
export { iris } from './iris.ts';
export type { LabelledSet } from './labelledSet.ts';
export { moons } from './moons.ts';
export { planeSurface } from './planeSurface.ts';
export type { PointSet } from './pointSet.ts';
export { randomLabels } from './randomLabels.ts';
export { type CifarOptions, type CifarPictures, readCifar } from './readCifar.ts';
export { type CsvOptions, type CsvTable, type LabelledCsv, readCsv, type TargetCsv } from './readCsv.ts';
export { type IdxArray, readIdx } from './readIdx.ts';
export { type NpyArray, readNpy } from './readNpy.ts';
export type { RegressionSet } from './regressionSet.ts';
export { simple } from './simple.ts';
export { sineCurve } from './sineCurve.ts';
export { spiral } from './spiral.ts';
export { type SplitOptions, split } from './split.ts';
export { stepCurve } from './stepCurve.ts';
export { type Sheet, type TileOptions, tileImages } from './tileImages.ts';
export { xor } from './xor.ts';
