import { initializer } from '../plugin/initializer.ts';
import { normal } from '../tensor/random.ts';

/**
 * Normal with standard deviation √(2 / (fanIn + fanOut)): for sigmoid, tanh and linear units. Glorot and Bengio, 2010;
 * PyTorch's xavier_normal_.
 */
export const glorotNormal = initializer(
  'glorotNormal',
  {},
  () =>
    ({ shape, dtype, fanIn, fanOut, random }) =>
      normal(shape, random, dtype).mul(Math.sqrt(2 / (fanIn + fanOut))),
);
