import { gelu, leakyRelu, softmax } from '@neurite/activations';
import { orthogonal, sequential } from '@neurite/core';
import { dense, dropout, flatten, reshape } from '@neurite/layers';
import { maxNorm, orthogonal as orthogonalRegularizer } from '@neurite/regularizers';

export const network = sequential(
  [5],
  [
    dense({
      units: 6,
      activation: leakyRelu({ slope: 0.3 }),
      initializer: orthogonal(),
      regularizer: orthogonalRegularizer({ strength: 1e-7 }),
      constraint: maxNorm({ limit: 3 }),
      bias: false,
      name: "first 'one'",
    }),
    dropout({ rate: 0.25 }),
    dense({ units: 6, name: 'hidden2', trainable: false, rateMultiplier: 0.5 }),
    dense({ units: 6, activation: softmax() }),
    reshape({ sizes: [2, 3] }),
    flatten(),
    dense({ units: 1, activation: gelu() }),
  ],
);
