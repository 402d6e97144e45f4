// Chance for tests: the same for each seed, on every machine.
import { generatorKey, random24, type Shape } from '@neurite/core';

export class Draw {
  readonly #key: readonly [high: number, low: number];
  #count = 0;

  constructor(seed: number) {
    this.#key = generatorKey(seed, 'draw');
  }

  /** A whole number from 0, below `limit`. */
  below(limit: number): number {
    return Math.floor((random24(...this.#key, 0, this.#count++) / 2 ** 24) * limit);
  }

  /** A whole number in low ≤ x ≤ high. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  one<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  chance(probability: number): boolean {
    return this.below(1000) < 1000 * probability;
  }

  /** A size around a vector's, a cache line's or a register tile's, more often small. */
  size(): number {
    return this.one([1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 32, 33]);
  }

  /** Up to `rank` sizes, at most some 3000 elements. */
  shape(rank: number): Shape {
    const shape: number[] = [];
    let elements = 1;
    for (let axis = 0; axis < rank; axis++) {
      const size = this.size();
      shape.push(elements * size > 3000 ? 2 : size);
      elements *= shape[axis] as number;
    }
    return shape;
  }
}
