// The option that is a list of numbers.
import { expect, test } from 'vitest';
import { type Initializer, initializer, ones, option, toData } from '../../src/index.ts';

const weighted = initializer(
  'weighted',
  { weights: option.numbers({ minimum: 0 }) },
  ({ weights }) =>
    (context) => {
      const list: readonly number[] | undefined = weights;
      return ones()
        .apply(context)
        .mul(list?.[0] ?? 1);
    },
);

test('takes a list, keeps it, and hands it to data as it is', () => {
  const made: Initializer = weighted({ weights: [2, 0.5] });
  expect(toData(made)).toEqual({ type: 'weighted', weights: [2, 0.5] });
  expect(weighted(JSON.parse(JSON.stringify({ weights: [2, 0.5] }))).options).toEqual(made.options);
});

test('may be left out', () => {
  expect(weighted().options).toEqual({ weights: undefined });
  expect(toData(weighted())).toEqual({ type: 'weighted' });
});

test.each([
  [[]],
  [[1, -1]],
  [[Number.NaN]],
  [[Infinity]],
  [['1']],
  ['1'],
  [1],
  [null],
  [{ length: 1, 0: 1 }],
])('refuses %j', (weights) => {
  expect(() => weighted({ weights: weights as never })).toThrow(
    'weighted: weights must be a list, each a number from 0, but got',
  );
});
