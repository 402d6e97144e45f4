// Numbers to try things out with: they look random and are the same on every machine.
import { generatorKey } from '@neurite/core';
import { encrypt, roundKeys } from '@neurite/core/program';

/** `count` numbers in low ≤ x < high; another seed gives others. */
export function sampleNumbers(
  count: number,
  { seed = 0, low = -1, high = 1 }: { seed?: number; low?: number; high?: number } = {},
): number[] {
  const keys = roundKeys(...generatorKey(seed, 'sample'), 0);
  return Array.from({ length: count }, (_, i) => low + ((high - low) * encrypt(keys, i)) / 2 ** 24);
}
