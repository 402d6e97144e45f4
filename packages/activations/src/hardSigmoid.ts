import { activation, glorotUniform } from '@neurite/core';

/** x/6 + 1/2, cut to 0 … 1, with f′(±3) = 0. PyTorch's Hardsigmoid; Keras before version 3 has x/5 + 1/2. */
export const hardSigmoid = activation(
  'hardSigmoid',
  (x) => x.lessEqual(-3).select(0, x.greaterEqual(3).select(1, x.div(6).add(0.5))),
  { initializer: glorotUniform() },
);
