import { expect, test } from 'vitest';
import { gather, oneHot, shuffled } from '../src/shuffle.ts';

test('shuffles all of it', () => {
  const order = shuffled(100);
  expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  expect(shuffled(3, () => 0)).toEqual(Int32Array.of(1, 2, 0));
});

test('gathers rows as numbers up to one', () => {
  expect(gather(Uint8Array.of(0, 51, 102, 153, 204, 255), 2, Int32Array.of(2, 0))).toEqual(
    Float32Array.of(0.8, 1, 0, 0.2),
  );
});

test('one at the class, zero elsewhere', () => {
  expect(oneHot(Int32Array.of(1, 0), 3)).toEqual(Float32Array.of(0, 1, 0, 1, 0, 0));
});
