import { activation, glorotUniform, logSoftmax as logSoftmaxOf } from '@neurite/core';

/** x − ln Σ eˣ along the last axis: the logarithm of softmax. PyTorch's LogSoftmax. */
export const logSoftmax = activation('logSoftmax', (x) => logSoftmaxOf(x, -1), {
  initializer: glorotUniform(),
});
