import { expect, it } from 'vitest';
import { encrypt, generatorKey, generatorTable, random24, roundKeys } from '../../src/scalar/generator.ts';

const size = 2 ** 24;

/** Another generator for the arguments, so that the subject does not examine itself (mulberry32). */
function source(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 8;
  };
}

/** The chi-square of `counts` against equally likely cells, in standard deviations above its mean. */
function deviation(counts: ArrayLike<number>): number {
  const cells = Array.from(counts);
  const expected = cells.reduce((sum, count) => sum + count, 0) / cells.length;
  const chi = cells.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  const freedom = cells.length - 1;
  return (chi - freedom) / Math.sqrt(2 * freedom);
}

/** Pearson's correlation of neighbours in a stream, times √n: a standard deviation is 1. */
function neighbourDeviation(stream: readonly number[]): number {
  const mean = (size - 1) / 2;
  const variance = (size * size - 1) / 12;
  let sum = 0;
  for (let i = 1; i < stream.length; i++) {
    sum += ((stream[i] ?? 0) - mean) * ((stream[i - 1] ?? 0) - mean);
  }
  return sum / variance / Math.sqrt(stream.length - 1);
}

const range = (length: number, at: (i: number) => number): number[] =>
  Array.from({ length }, (_, i) => at(i));

/** The formulas of generator.ts in float32 alone: each intermediate is rounded, exact only if below 2^24. */
function float24(keyHigh: number, keyLow: number, step: number, element: number): number {
  const round = Math.fround;
  const { half, divisor, rounds, warmUp, additions } = generatorTable;
  const over = (x: number, divisor: number): number => Math.floor(round(x / divisor));
  const modulo = (x: number): number => round(x - round(over(x, half) * half));
  const bend = (x: number): number => over(round(x * round(x + 1)), divisor);
  const sum = (a: number, b: number, c: number): number => modulo(round(round(a + b) + c));
  const words: number[] = [];
  for (const word of [keyHigh, keyLow, step]) words.push(over(word, half), modulo(word));
  const word = (n: number): number => words[n] ?? NaN;
  for (let n = 0; n < warmUp + 2 * rounds; n++) {
    words.push(sum(word(n), bend(word(n + 5)), additions[n] ?? NaN));
  }
  let [left, right] = [over(element, half), modulo(element)];
  for (let i = 0; i < rounds; i++) {
    [left, right] = [right, sum(left, bend(right), word(6 + warmUp + 2 * i + 1))];
  }
  left = sum(left, over(element, half), 0);
  right = sum(right, modulo(element), 0);
  return round(round(left * half) + right);
}

const pinned: [keyHigh: number, keyLow: number, step: number, element: number, result: number][] = [
  [0, 0, 0, 0, 9339079],
  [0, 0, 0, 1, 4642266],
  [0, 0, 1, 0, 9588694],
  [0, 1, 0, 0, 7818576],
  [1, 0, 0, 0, 13195549],
  [0xffffff, 0xffffff, 0xffffff, 0xffffff, 7025021],
  [0x123456, 0x789abc, 0xdef012, 0x345678, 7662431],
];

it.each(pinned)('draws the same number for (%i, %i, %i, %i) as ever', (...row) => {
  const [keyHigh, keyLow, step, element, result] = row;
  expect(random24(keyHigh, keyLow, step, element)).toBe(result);
  expect(float24(keyHigh, keyLow, step, element)).toBe(result);
});

it('derives the same round keys as ever', () => {
  expect(roundKeys(0, 0, 0)).toEqual([1459, 2195, 2092, 3095, 1971, 2887, 182, 3357, 3085]);
  expect(roundKeys(0xffffff, 0xffffff, 0xffffff)).toEqual([2562, 1520, 1622, 492, 1565, 459, 2, 1531, 2274]);
});

it('derives the same keys as ever', () => {
  expect(generatorKey(0, '')).toEqual([8679034, 782715]);
  expect(generatorKey(-0, '')).toEqual([8679034, 782715]);
  expect(generatorKey(42, 'dropout1')).toEqual([2155130, 6602241]);
  expect(generatorKey(42, 'dropout1/second')).toEqual([7191311, 10146354]);
  expect(generatorKey(-1, 'hidden1.weight')).toEqual([4028371, 15315492]);
  expect(generatorKey(Number.MAX_SAFE_INTEGER, 'é😀')).toEqual([15281412, 16072709]);
});

it.each([0.5, NaN, Infinity, 2 ** 53])('refuses the seed %d', (seed) => {
  expect(() => generatorKey(seed, 'dropout1')).toThrow(
    expect.objectContaining({
      code: 'option',
      message: `the seed must be a whole number up to ±2^53, but got ${seed}`,
    }),
  );
});

it('has a table that agrees with itself, and is frozen', () => {
  const { half, divisor, rounds, warmUp, additions } = generatorTable;
  expect(additions).toHaveLength(warmUp + 2 * rounds);
  expect(roundKeys(1, 2, 3)).toHaveLength(rounds);
  expect(additions.filter((addition) => addition !== (addition & (half - 1)))).toEqual([]);
  expect((half - 1) * half).toBeLessThan(size);
  expect(half * divisor).toBe(2 ** 18);
  expect(Object.isFrozen(generatorTable) && Object.isFrozen(additions)).toBe(true);
});

it('is the same in float32', () => {
  const next = source(1);
  const places = Array.from({ length: 5000 }, () => [next(), next(), next(), next()] as const);
  expect(places.filter((place) => float24(...place) !== random24(...place))).toEqual([]);
});

it('flips every output bit with probability one half, for a flip of any input bit', () => {
  const next = source(2);
  const trials = 500;
  let worst = 0;
  for (let flip = 0; flip < 96; flip++) {
    const flips = new Uint32Array(24);
    for (let trial = 0; trial < trials; trial++) {
      const place: [number, number, number, number] = [next(), next(), next(), next()];
      const before = random24(...place);
      const argument = Math.floor(flip / 24) as 0 | 1 | 2 | 3;
      place[argument] ^= 1 << (flip % 24);
      const changed = before ^ random24(...place);
      for (let bit = 0; bit < 24; bit++) flips[bit] = (flips[bit] ?? 0) + ((changed >> bit) & 1);
    }
    for (const count of flips) worst = Math.max(worst, Math.abs(count - trials / 2) / Math.sqrt(trials / 4));
  }
  // the largest of 2304 normal deviations is above 5.5 once in ten thousand times
  expect(worst).toBeLessThan(5.5);
});

const [keyHigh, keyLow] = generatorKey(7, 'dropout1');
const fixed = roundKeys(keyHigh, keyLow, 3);
const length = 2 ** 13;
const streams: Record<string, (i: number) => number> = {
  'consecutive elements': (i) => encrypt(fixed, i),
  'elements 128 apart': (i) => encrypt(fixed, i * 128),
  'elements 4096 apart': (i) => encrypt(fixed, ((i * 4096) % size) + (i >> 12)),
  'consecutive steps': (i) => random24(keyHigh, keyLow, i, 5),
  'consecutive keys': (i) => random24(keyHigh, i, 3, 5),
  'consecutive seeds': (i) => random24(...generatorKey(i, 'hidden1.weight'), 0, 5),
  'similar purposes': (i) => random24(...generatorKey(7, `hidden${i}.weight`), 0, 5),
  'alternating purposes': (i) => random24(...generatorKey(7, `hidden${(i & 1) + 1}.weight`), 0, i >> 1),
  'first and second': (i) => random24(...generatorKey(7, i & 1 ? 'dropout1/second' : 'dropout1'), 0, i >> 1),
};

it.each(Object.entries(streams))('is uniform and uncorrelated over %s', (_, at) => {
  const stream = range(length, at);
  for (const shift of [0, 8, 16]) {
    const bytes = new Uint32Array(256);
    // the differences of neighbours must be uniform too: a linear network fails here
    const differences = new Uint32Array(256);
    let previous = 0;
    for (const value of stream) {
      bytes[(value >> shift) & 255] = (bytes[(value >> shift) & 255] ?? 0) + 1;
      const difference = ((value - previous) >> shift) & 255;
      differences[difference] = (differences[difference] ?? 0) + 1;
      previous = value;
    }
    expect(deviation(bytes)).toBeLessThan(5);
    expect(deviation(differences)).toBeLessThan(5);
  }
  for (let bit = 0; bit < 24; bit++) {
    const ones = stream.reduce((sum, value) => sum + ((value >> bit) & 1), 0);
    expect(Math.abs(ones - length / 2) / Math.sqrt(length / 4)).toBeLessThan(4.8);
  }
  expect(Math.abs(neighbourDeviation(stream))).toBeLessThan(4.8);
});

it('repeats values as often as chance does', () => {
  let repeats = 0;
  const masks = 8;
  const elements = 2 ** 14;
  for (let step = 0; step < masks; step++) {
    const keys = roundKeys(keyHigh, keyLow, step);
    repeats += elements - new Set(range(elements, (element) => encrypt(keys, element))).size;
  }
  const expected = masks * (elements - size * (1 - (1 - 1 / size) ** elements));
  expect(Math.abs(repeats - expected)).toBeLessThan(5 * Math.sqrt(expected));
});
