import { activation, heNormal } from '@neurite/core';

/** min(max(0, x), 6), with f′(0) = f′(6) = 0. Krizhevsky, 2010; PyTorch's ReLU6. */
export const relu6 = activation('relu6', (x) => x.lessEqual(0).select(0, x.greaterEqual(6).select(6, x)), {
  initializer: heNormal(),
});
