import { activation, glorotUniform, softmax as softmaxOf } from '@neurite/core';

/**
 * eˣ / Σ eˣ along the last axis: numbers above 0 that add up to 1. PyTorch's Softmax. Losses over classes take the logits
 * themselves: no softmax in front of `softmaxCrossEntropy`.
 */
export const softmax = activation('softmax', (x) => softmaxOf(x, -1), {
  initializer: glorotUniform(),
  givesProbabilities: true,
});
