export { adam } from './adam.ts';
export { exponentialDecay } from './exponentialDecay.ts';
export { momentum } from './momentum.ts';
export { sgd } from './sgd.ts';
