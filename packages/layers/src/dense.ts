import { glorotUniform, layer, option, requireRank, zeros } from '@neurite/core';

/**
 * y = f(x W + b): [batch, fanIn] → [batch, units].
 *
 * - `units`: how many; must be given.
 * - `activation`: f; none by default, as an output layer has none.
 * - `initializer`: of W [fanIn, units]; by default what suits the activation, Glorot's uniform where there is none.
 * - `regularizer`: a penalty on W, in place of the training's.
 * - `constraint`: where W is kept after each step, in place of the training's; along its first axis are a unit's inputs.
 * - `bias`: whether there is b [units], which begins as zeros. true.
 */
export const dense = layer(
  'dense',
  {
    units: option.count(),
    activation: option.plugin('activation'),
    initializer: option.plugin('initializer'),
    regularizer: option.plugin('regularizer'),
    constraint: option.plugin('constraint'),
    bias: true,
  },
  ({
    units,
    activation,
    initializer = activation?.initializer ?? glorotUniform(),
    regularizer,
    constraint,
    bias,
  }) => ({
    neurons: units,
    activation,
    parameters: (input) => {
      requireRank(input, 1, 'add flatten() before it');
      const fans = { fanIn: input[0] as number, fanOut: units };
      return {
        weight: { shape: [fans.fanIn, units], initializer, ...fans, role: 'weight', regularizer, constraint },
        bias: bias ? { shape: [units], initializer: zeros(), ...fans, role: 'bias' } : undefined,
      };
    },
    apply: ({ weight, bias: offset }, x) => {
      const product = x.matmul(weight);
      return offset ? product.add(offset) : product;
    },
  }),
);
