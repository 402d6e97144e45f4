export { identity } from './identity.ts';
export { leakyRelu } from './leakyRelu.ts';
export { relu } from './relu.ts';
export { sigmoid } from './sigmoid.ts';
export { tanh } from './tanh.ts';
