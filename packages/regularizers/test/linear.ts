// A linear layer for tests: plugin packages do not import each other.
import {
  type Constraint,
  glorotUniform,
  layer,
  loss,
  optimizer,
  option,
  type Regularizer,
  zeros,
} from '@neurite/core';

/** y = x W + b: weight [inputs, units], and bias [units], which begins as zeros. */
export const linear = layer(
  'linear',
  {
    units: option.count(),
    regularizer: option.plugin('regularizer'),
    constraint: option.plugin('constraint'),
  },
  ({ units, regularizer, constraint }) => ({
    parameters: (input) => {
      const fans = { fanIn: input[0] as number, fanOut: units };
      return {
        weight: {
          shape: [fans.fanIn, units],
          initializer: glorotUniform(),
          ...fans,
          role: 'weight' as const,
          regularizer: regularizer as Regularizer | undefined,
          constraint: constraint as Constraint | undefined,
        },
        bias: { shape: [units], initializer: zeros(), ...fans, role: 'bias' as const },
      };
    },
    apply: ({ weight, bias }, x) => x.matmul(weight).add(bias),
  }),
);

/** Half the squared distance. */
export const squares = loss('squares', {}, () => (y, target) => y.sub(target).square().sum(-1).div(2));

/** w ← w − learningRate · g. */
export const descent = optimizer('descent', 1, {}, () => ({
  state: () => ({}),
  update: ({ gradient }) => ({ direction: gradient, state: {} }),
}));
