import { activation, heNormal } from '@neurite/core';

/** max(0, x), with f′(0) = 0. PyTorch's ReLU. */
export const relu = activation('relu', (x) => x.greater(0).select(x, 0), { initializer: heNormal() });
