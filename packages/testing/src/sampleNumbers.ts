// Numbers to try things out with: they look random and are the same on every machine.
import { generatorKey, random24 } from '@neurite/core';

/** `count` numbers in low ≤ x < high; another seed gives others. */
export function sampleNumbers(
  count: number,
  { seed = 0, low = -1, high = 1 }: { seed?: number; low?: number; high?: number } = {},
): number[] {
  const [keyHigh, keyLow] = generatorKey(seed, 'sample');
  return Array.from(
    { length: count },
    (_, i) => low + ((high - low) * random24(keyHigh, keyLow, 0, i)) / 2 ** 24,
  );
}
