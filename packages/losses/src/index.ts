export { meanSquaredError } from './meanSquaredError.ts';
export { multiclassHinge } from './multiclassHinge.ts';
export { softmaxCrossEntropy } from './softmaxCrossEntropy.ts';
