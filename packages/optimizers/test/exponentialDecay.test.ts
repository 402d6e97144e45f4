// The learning rate as a schedule.
import { describe, expect, test } from 'vitest';
import { adam, exponentialDecay, momentum, sgd } from '../src/index.ts';
import { walk } from './walk.ts';

describe('exponentialDecay', () => {
  test('is initial · factor ^ (step / every)', () => {
    const schedule = exponentialDecay({ initial: 0.8, factor: 0.25, every: 10 });
    expect([0, 10, 20, 30].map((step) => schedule.rate(step))).toEqual([0.8, 0.2, 0.05, 0.0125]);
    expect(schedule.rate(5)).toBeCloseTo(0.4, 15);
    expect(exponentialDecay().rate(0)).toBe(0.01);
    expect(exponentialDecay().rate(1000)).toBe(0.005);
  });

  test('of factor 1 stays', () => {
    expect(exponentialDecay({ initial: 0.3, factor: 1 }).rate(12345)).toBe(0.3);
  });

  test('gives each step its rate, the first step the rate of 0', async () => {
    const learningRate = exponentialDecay({ initial: 1, factor: 0.5, every: 1 });
    expect(await walk(sgd({ learningRate }), [0], [[1], [1], [1], [1]])).toEqual([
      [-1],
      [-1.5],
      [-1.75],
      [-1.875],
    ]);
  });

  test.each([sgd, momentum, adam])(
    'that does not fall is the same as its number, for $type',
    async (definition) => {
      const gradients = [[1], [-0.5], [2], [0.25]];
      const scheduled = definition({ learningRate: exponentialDecay({ initial: 0.05, factor: 1 }) });
      expect(await walk(scheduled, [1], gradients)).toEqual(
        await walk(definition({ learningRate: 0.05 }), [1], gradients),
      );
    },
  );
});
