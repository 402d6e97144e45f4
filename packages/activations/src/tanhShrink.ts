import { activation, glorotUniform } from '@neurite/core';

/** x − tanh x: nothing near 0, nearly x far away. PyTorch's Tanhshrink. */
export const tanhShrink = activation('tanhShrink', (x) => x.sub(x.tanh()), {
  initializer: glorotUniform(),
});
