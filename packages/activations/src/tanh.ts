import { activation, glorotUniform } from '@neurite/core';

/** tanh x = 2 σ(2x) − 1, between −1 and 1, zero-centred. PyTorch's Tanh. */
export const tanh = activation('tanh', (x) => x.tanh(), { initializer: glorotUniform() });
