// Random numbers one after the other, from core's counter-based generator.
import { generatorKey, random24 } from '@neurite/core';

export interface RandomNumbers {
  /** Evenly from [low, high). */
  uniform(low: number, high: number): number;
  /** With mean 0 and standard deviation 1. */
  normal(): number;
}

/** A stream of its own for each seed and purpose. */
export function randomNumbers(seed: number, purpose: string): RandomNumbers {
  const [keyHigh, keyLow] = generatorKey(seed, purpose);
  let drawn = 0;
  /** In [0, 1): what 24 bits can tell apart. The step goes on where the elements end. */
  const next = (): number => {
    const element = drawn % 2 ** 24;
    const step = Math.floor(drawn++ / 2 ** 24);
    return random24(keyHigh, keyLow, step, element) / 2 ** 24;
  };
  return {
    uniform: (low, high) => low + (high - low) * next(),
    // Box and Muller; 1 − u is never 0
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  };
}
