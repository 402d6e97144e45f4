import { activation, heNormal } from '@neurite/core';

/** max(0, x), with f′(0) = 0; NaN stays NaN. PyTorch's ReLU. */
export const relu = activation('relu', (x) => x.lessEqual(0).select(0, x), { initializer: heNormal() });
