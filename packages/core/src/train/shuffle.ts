// The order in which an epoch visits the examples.
import { encrypt, generatorKey, roundKeys } from '../scalar/generator.ts';

/**
 * The numbers 0 … count − 1, each once, in an order that depends on `seed` and `epoch` alone: that in which `fit` visits
 * the examples in its epoch `epoch`, counted from 0 over all calls. Fisher and Yates, with 48 random bits for each draw.
 */
export function shuffledOrder(count: number, seed: number, epoch: number): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  const high = roundKeys(...generatorKey(seed, 'shuffle/high'), epoch);
  const low = roundKeys(...generatorKey(seed, 'shuffle/low'), epoch);
  for (let i = count - 1; i > 0; i--) {
    const fraction = (encrypt(high, i % 2 ** 24) * 2 ** 24 + encrypt(low, i % 2 ** 24)) / 2 ** 48;
    const j = Math.floor(fraction * (i + 1));
    const taken = order[i] as number;
    order[i] = order[j] as number;
    order[j] = taken;
  }
  return order;
}
