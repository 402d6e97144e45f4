import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shuffledOrder } from '../../src/train/shuffle.ts';

const sorted = (order: Int32Array): number[] => Array.from(order).sort((a, b) => a - b);

describe('shuffledOrder', () => {
  it('has each number once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer(), fc.nat(100), (count, seed, epoch) => {
        expect(sorted(shuffledOrder(count, seed, epoch))).toEqual(Array.from({ length: count }, (_, i) => i));
      }),
      { numRuns: 50, seed: 1 },
    );
  });

  it('is the same for the same seed and epoch, and another for others', () => {
    const order = (seed: number, epoch: number): string => shuffledOrder(30, seed, epoch).join();
    expect(order(1, 2)).toBe(order(1, 2));
    expect(new Set([order(1, 0), order(1, 1), order(2, 0), order(0, 1), order(-1, 0)]).size).toBe(5);
  });

  it('is what it has always been', () => {
    expect(Array.from(shuffledOrder(10, 42, 0))).toMatchInlineSnapshot(`
      [
        4,
        2,
        5,
        1,
        0,
        6,
        3,
        9,
        7,
        8,
      ]
    `);
  });

  it('puts every number in every place equally often', () => {
    const [count, epochs] = [6, 6000];
    const seen = Array.from({ length: count }, () => new Array<number>(count).fill(0));
    for (let epoch = 0; epoch < epochs; epoch++) {
      shuffledOrder(count, 3, epoch).forEach((value, place) => {
        const row = seen[place] as number[];
        row[value] = (row[value] as number) + 1;
      });
    }
    const expected = epochs / count;
    const deviations = seen.flat().map((times) => Math.abs(times - expected) / Math.sqrt(expected));
    expect(Math.max(...deviations)).toBeLessThan(4.5);
  });

  it('has neighbours of its own in each epoch', () => {
    const pairs = (epoch: number) => {
      const order = Array.from(shuffledOrder(200, 1, epoch));
      return new Set(order.slice(1).map((value, i) => `${order[i]} ${value}`));
    };
    const [first, second] = [pairs(0), pairs(1)];
    expect([...first].filter((pair) => second.has(pair)).length).toBeLessThan(8);
  });
});
