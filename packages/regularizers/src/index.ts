export { elasticNet } from './elasticNet.ts';
export { l1 } from './l1.ts';
export { l2 } from './l2.ts';
export { maxNorm } from './maxNorm.ts';
export { nonNegative } from './nonNegative.ts';
export { orthogonal } from './orthogonal.ts';
export { unitNorm } from './unitNorm.ts';
