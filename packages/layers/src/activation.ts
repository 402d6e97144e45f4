import { layer, NeuriteError, option } from '@neurite/core';

/** y = f(x), f being `activation`, on any shape. */
export const activation = layer(
  'activation',
  { activation: option.plugin('activation') },
  ({ activation }) => {
    if (!activation) throw new NeuriteError('option', 'activation: activation must be given, such as relu()');
    return { activation, apply: (_, x) => x };
  },
);
