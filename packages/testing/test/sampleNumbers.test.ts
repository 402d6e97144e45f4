import { expect, it } from 'vitest';
import { sampleNumbers } from '../src/index.ts';

it('sampleNumbers lie in their range, are the same for the same seed and others for another', () => {
  const numbers = sampleNumbers(1000, { seed: 3, low: 2, high: 5 });
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(2);
  expect(Math.max(...numbers)).toBeLessThan(5);
  expect(Math.abs(numbers.reduce((sum, x) => sum + x, 0) / 1000 - 3.5)).toBeLessThan(0.1);
  expect(sampleNumbers(5, { seed: 3, low: 2, high: 5 })).toEqual(numbers.slice(0, 5));
  expect(sampleNumbers(5, { seed: 4 })).not.toEqual(sampleNumbers(5, { seed: 3 }));
  expect(sampleNumbers(1000).some((x) => x < 0)).toBe(true);
});
