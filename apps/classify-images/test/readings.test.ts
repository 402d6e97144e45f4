// From outputs to what was read, and how surely.
import { expect, test } from 'vitest';
import { readPictures } from '../src/readings.ts';

test('the largest output is what was read, softmax how surely', () => {
  const readings = readPictures([0, Math.log(3), 0, 1000, 0, -1000], 3);
  expect(readings.map(({ index, label }) => [index, label])).toEqual([
    [0, 1],
    [1, 0],
  ]);
  expect(readings[0]?.confidence).toBeCloseTo(0.6, 12);
  expect(readings[1]?.confidence).toBe(1);
});
