import { relu, tanh } from '@neurite/activations';
import { concat, constant, graph } from '@neurite/core';
import { dense } from '@neurite/layers';

export const network = graph({ left: [4], 'right side': [4] }, ({ left, 'right side': right_side }, use) => {
  const encodeLayer = dense({ units: 4, activation: tanh(), name: 'encode' });
  const encode = use(encodeLayer, left);
  const encodeAgain1 = use(encodeLayer, right_side);
  const hidden1 = use(dense({ units: 4, activation: relu() }), encode.sub(encodeAgain1).mul(2));
  const concatenate1 = concat(
    [hidden1.add(constant(1).div(encode.maximum(0.5)).minimum(hidden1)), encodeAgain1, left],
    1,
  );
  return {
    sum: use(dense({ units: 3 }), concatenate1),
    'for each': use(dense({ units: 2 }), hidden1),
    all: concatenate1,
  };
});
