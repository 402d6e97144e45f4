/**
 * The counter-based random generator: `(key, step, element) → 24 bits`, the same on every backend. Reads
 * nothing; read by the oracle and by every backend's printer.
 *
 * There is no state and no order: each number is addressed, so a mask may be computed in any order, on any
 * machine, twice. Float32 shaders must agree with integer code bit for bit, so only sums, products below
 * 2^24, floor division by a power of two and remainders by a power of two are used. No xor, no 32-bit
 * product.
 *
 * With H = 4096, `⌊a / b⌋` floor division, and the one non-linear function
 *
 *     F(x) = ⌊x (x + 1) / 64⌋                              x < H, product ≤ 4095 · 4096 < 2^24
 *
 * **Round keys** (once for each key and step; `additions` is A, `warmUp` is W, `rounds` is R): a six-word
 * register,
 *
 *     w[0] = ⌊keyHigh / H⌋   w[1] = keyHigh mod H   w[2] = ⌊keyLow / H⌋   w[3] = keyLow mod H
 *     w[4] = ⌊step / H⌋      w[5] = step mod H
 *     w[n + 6] = (w[n] + F(w[n + 5]) + A[n]) mod H                       n = 0 … W + 2R − 1
 *     key[i]   = w[6 + W + 2i + 1]                                       i = 0 … R − 1
 *
 * **Element** (a Feistel network on two 12-bit halves, then a feed-forward):
 *
 *     high = ⌊element / H⌋   low = element mod H   (left, right) = (high, low)
 *     R times:  (left, right) ← (right, (left + F(right) + key[i]) mod H)
 *     result = ((left + high) mod H) · H + (right + low) mod H
 *
 * The largest intermediate is the product in F; all others, but the result, are below 2^19. With floats,
 * `a mod H` is `a - floor(a / H) * H`.
 *
 * Why so. The square is what makes the network good: with F(x) = ⌊(C x + k) / 64⌋ the results of two
 * neighbouring elements, under one key, have a difference that can be guessed even after nine rounds. The
 * feed-forward turns the permutation (which never repeats a value) into a function, which repeats values as
 * often as chance does.
 *
 * It is not a cipher: nobody should keep secrets with it.
 */

import { NeuriteError } from '../errors.ts';

/** All that a printer needs to know: the constants of the formulas above. */
export interface GeneratorTable {
  /** Size of a half word, H: all words are in [0, H). */
  readonly half: number;
  /** Divisor in F. */
  readonly divisor: number;
  /** Feistel rounds, R: as many round keys. */
  readonly rounds: number;
  /** Register steps before the first round key, W. */
  readonly warmUp: number;
  /** A: what each register step adds, W + 2R of them (the fraction of π, three hexadecimal digits each). */
  readonly additions: readonly number[];
}

/** The constants. Changing one changes every number that was ever drawn. */
export const generatorTable: GeneratorTable = /* @__PURE__ */ Object.freeze({
  half: 4096,
  divisor: 64,
  rounds: 9,
  warmUp: 24,
  additions: /* @__PURE__ */ Object.freeze([
    0x243, 0xf6a, 0x888, 0x5a3, 0x08d, 0x313, 0x198, 0xa2e, 0x037, 0x073, 0x44a, 0x409, 0x382, 0x229, 0x9f3,
    0x1d0, 0x082, 0xefa, 0x98e, 0xc4e, 0x6c8, 0x945, 0x282, 0x1e6, 0x38d, 0x013, 0x77b, 0xe54, 0x66c, 0xf34,
    0xe90, 0xc6c, 0xc0a, 0xc29, 0xb7c, 0x97c, 0x50d, 0xd3f, 0x84d, 0x5b5, 0xb54, 0x709,
  ]),
});

/** F(x) = ⌊x (x + 1) / 64⌋; x in [0, 4096). */
const bend = (x: number): number => (x * (x + 1)) >> 6;

/**
 * The round keys of one key and step: all the work that does not depend on the element. Each argument is an
 * integer in [0, 2^24). One key for each round, each in [0, 4096).
 */
export function roundKeys(keyHigh: number, keyLow: number, step: number): number[] {
  const { warmUp, additions } = generatorTable;
  const keys: number[] = [];
  // the six-word register, oldest word first
  let a = keyHigh >> 12;
  let b = keyHigh & 4095;
  let c = keyLow >> 12;
  let d = keyLow & 4095;
  let e = step >> 12;
  let f = step & 4095;
  for (const [n, addition] of additions.entries()) {
    const next = (a + bend(f) + addition) & 4095;
    a = b;
    b = c;
    c = d;
    d = e;
    e = f;
    f = next;
    // every second word: neighbours are tied by the register's own formula
    if (n >= warmUp && (n - warmUp) % 2 === 1) keys.push(next);
  }
  return keys;
}

/** The random number of one element, given the round keys: an integer in [0, 2^24), as `element` is. */
export function encrypt(keys: readonly number[], element: number): number {
  const high = element >> 12;
  const low = element & 4095;
  let left = high;
  let right = low;
  for (const key of keys) {
    const next = (left + bend(right) + key) & 4095;
    left = right;
    right = next;
  }
  return ((left + high) & 4095) * 4096 + ((right + low) & 4095);
}

/**
 * A random integer in [0, 2^24), addressed by key, step and element, each an integer in [0, 2^24). Divide by
 * 2^24 for a uniform number in [0, 1).
 *
 * @example
 * const [keyHigh, keyLow] = generatorKey(42, 'dropout1');
 * const keep = random24(keyHigh, keyLow, step, element) / 2 ** 24 >= rate;
 */
export function random24(keyHigh: number, keyLow: number, step: number, element: number): number {
  return encrypt(roundKeys(keyHigh, keyLow, step), element);
}

/** Rotates a 32-bit word to the left. */
const rotate = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits));

/** The finalizer of MurmurHash3: every bit of the result depends on every bit of `x`. */
function finalize(x: number): number {
  let h = x;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/**
 * The 48-bit key of a stream, `[keyHigh, keyLow]`, from a seed and what the numbers are for (a parameter's
 * name, say). Runs on the host only. Two streams from one place have two purposes: `'dropout1'` and
 * `'dropout1/second'`.
 *
 * MurmurHash3's mixing on two 32-bit lanes, fed with the seed's low and high words, the UTF-16 units, and
 * their count.
 */
export function generatorKey(seed: number, purpose: string): [keyHigh: number, keyLow: number] {
  if (!Number.isSafeInteger(seed)) {
    throw new NeuriteError('option', `the seed must be a whole number up to ±2^53, but got ${String(seed)}`);
  }
  let first = 0;
  let second = 0;
  const absorb = (word: number): void => {
    first ^= Math.imul(rotate(Math.imul(word, 0x239b961b), 15), 0xab0e9789);
    first = Math.imul(rotate(first, 19) + second, 5) + 0x561ccd1b;
    second ^= Math.imul(rotate(Math.imul(word, 0xab0e9789), 16), 0x38b34ae5);
    second = Math.imul(rotate(second, 17) + first, 5) + 0x0bcaa747;
  };
  absorb(seed | 0);
  absorb(Math.floor(seed / 2 ** 32));
  for (let i = 0; i < purpose.length; i++) absorb(purpose.charCodeAt(i));
  absorb(purpose.length);
  first = (first + second) | 0;
  second = (second + first) | 0;
  first = finalize(first);
  second = finalize(second);
  first = (first + second) | 0;
  second = (second + first) | 0;
  return [first >>> 8, second >>> 8];
}
