import { activation, glorotUniform } from '@neurite/core';

/** σ(x) = 1 / (1 + e⁻ˣ), between 0 and 1; both tails saturate. PyTorch's Sigmoid. */
export const sigmoid = activation('sigmoid', (x) => x.sigmoid(), {
  initializer: glorotUniform(),
  givesProbabilities: true,
});
