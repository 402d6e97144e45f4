import { glorotUniform, layer, option, requireRank, zeros } from '@neurite/core';

/**
 * The largest of `pieces` numbers x W + b for each unit: [batch, fanIn] → [batch, units]. A convex function that is
 * learned, in place of an activation. Equal numbers share the gradient evenly. Goodfellow et al., 2013: Maxout Networks.
 *
 * - `units`: how many; must be given.
 * - `pieces`: how many numbers each chooses from. 2.
 * - `initializer`: of W [fanIn, units · pieces], whose columns are the pieces of the first unit, then of the second …;
 *   Glorot's uniform by default.
 * - `regularizer`: a penalty on W, in place of the training's.
 * - `constraint`: where W is kept after each step, in place of the training's; along its first axis are a piece's inputs.
 * - `bias`: whether there is b [units · pieces], which begins as zeros. true.
 */
export const maxout = layer(
  'maxout',
  {
    units: option.count(),
    pieces: option.number(2, { minimum: 1, whole: true }),
    initializer: option.plugin('initializer'),
    regularizer: option.plugin('regularizer'),
    constraint: option.plugin('constraint'),
    bias: true,
  },
  ({ units, pieces, initializer = glorotUniform(), regularizer, constraint, bias }) => ({
    neurons: units,
    parameters: (input) => {
      requireRank(input, 1, 'add flatten() before it');
      // One piece of each unit passes something on.
      const fans = { fanIn: input[0] as number, fanOut: units };
      const columns = units * pieces;
      return {
        weight: {
          shape: [fans.fanIn, columns],
          initializer,
          ...fans,
          role: 'weight',
          regularizer,
          constraint,
        },
        bias: bias ? { shape: [columns], initializer: zeros(), ...fans, role: 'bias' } : undefined,
      };
    },
    apply: ({ weight, bias: offset }, x) => {
      const product = x.matmul(weight);
      const all = offset ? product.add(offset) : product;
      return all.reshape([-1, units, pieces]).max(-1);
    },
  }),
);
