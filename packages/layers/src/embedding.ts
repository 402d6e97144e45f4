import { layer, option, randomNormal } from '@neurite/core';

/**
 * Row x of W in place of each number x: [batch, …] of whole numbers 0 … count − 1 → [batch, …, size]. What is no such
 * number becomes NaN, so that the loss shows it. uint8 inputs are divided by 255 before they get here: give another kind
 * of array. PyTorch's Embedding.
 *
 * - `count`: how many rows there are; must be given.
 * - `size`: how long each is; must be given.
 * - `initializer`: of W [count, size]; normal with mean 0 and variance 1 by default.
 * - `regularizer`: a penalty on W, in place of the training's.
 * - `constraint`: where W is kept after each step, in place of the training's.
 */
export const embedding = layer(
  'embedding',
  {
    count: option.count(),
    size: option.count(),
    initializer: option.plugin('initializer'),
    regularizer: option.plugin('regularizer'),
    constraint: option.plugin('constraint'),
  },
  ({ count, size, initializer = randomNormal(), regularizer, constraint }) => ({
    parameters: (_) => ({
      weight: {
        shape: [count, size],
        initializer,
        fanIn: count,
        fanOut: size,
        role: 'weight',
        regularizer,
        constraint,
      },
    }),
    apply: ({ weight }, x) => {
      const numbers = x.reshape([-1, 1]);
      // A row that there is, whatever x is: backends do not look whether an index fits.
      const rows = numbers
        .cast('int32')
        .maximum(0)
        .minimum(count - 1);
      return rows
        .cast(x.dtype)
        .equal(numbers)
        .select(weight.gather(rows.reshape([-1])), Number.NaN)
        .reshape([...x.shape, size]);
    },
  }),
);
