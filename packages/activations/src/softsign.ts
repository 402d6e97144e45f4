import { activation, glorotUniform } from '@neurite/core';

/** x / (1 + |x|), between −1 and 1: slower to saturate than tanh. Glorot and Bengio, 2010; PyTorch's Softsign. */
export const softsign = activation('softsign', (x) => x.div(x.abs().add(1)), {
  initializer: glorotUniform(),
});
