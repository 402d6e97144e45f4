// Elementary functions against Math in double precision: how many units in the last place (ulp) they are off.
import { describe, expect, it } from 'vitest';
import { Code, type Local } from '../src/code.ts';
import { Functions, type VectorFunction } from '../src/functions.ts';
import { Module } from '../src/module.ts';

const references: Readonly<Record<VectorFunction, (x: number) => number>> = {
  exp: Math.exp,
  log: Math.log,
  tanh: Math.tanh,
  sigmoid: (x) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x))),
  sin: Math.sin,
  cos: Math.cos,
};
const names = Object.keys(references) as VectorFunction[];

const count = 1 << 16;
const memory = new WebAssembly.Memory({ initial: 8, maximum: 8 });
const numbers = new Float32Array(memory.buffer, 0, count);
const exported = makeFunctions();

/** Functions of a number of bytes, each on all float32 in so much memory, in place. */
function makeFunctions(): Readonly<Record<string, (bytes: number) => void>> {
  const module = new Module();
  const functions = new Functions(module);
  for (const name of names) {
    const index = functions.index(name);
    const code = new Code(['i32']);
    const [bytes] = code.parameters as readonly [Local];
    const at = code.local('i32');
    code.loop(at, { from: 0, to: bytes, step: 16 }, () => {
      code.get(at).get(at).op('v128.load', 0).op('call', index).op('v128.store', 0);
    });
    module.export(code, name);
  }
  const compiled = new WebAssembly.Module(module.toBytes({ initial: 1, maximum: 8, shared: false }));
  const { exports } = new WebAssembly.Instance(compiled, { neurite: { memory }, Math: Math as never });
  return exports as Record<string, (bytes: number) => void>;
}

/** f of up to `count` float32. */
function apply(name: VectorFunction, xs: ArrayLike<number>): Float32Array {
  numbers.set(xs);
  exported[name]?.(4 * Math.ceil(xs.length / 4) * 4);
  return numbers.slice(0, xs.length);
}

const smallestNormal = 2 ** -126;

/**
 * How far `got` is from the real number `wanted`, in units of the last place that float32 has there; infinity where one is
 * NaN or infinite and the other is not.
 */
function ulps(got: number, wanted: number): number {
  const rounded = Math.fround(wanted);
  if (Number.isNaN(wanted) || Number.isNaN(got))
    return Object.is(got, rounded) ? 0 : Number.POSITIVE_INFINITY;
  if (!Number.isFinite(rounded) || !Number.isFinite(got))
    return got === rounded ? 0 : Number.POSITIVE_INFINITY;
  const size = Math.max(Math.abs(wanted), smallestNormal);
  return Math.abs(got - wanted) / 2 ** (Math.floor(Math.log2(size)) - 23);
}

/** The largest error over some numbers, and where it is. */
function worst(name: VectorFunction, xs: Float32Array): { error: number; at: number } {
  let result = { error: 0, at: 0 };
  const ys = apply(name, xs);
  ys.forEach((y, i) => {
    const x = xs[i] as number;
    const error = ulps(y, references[name](x));
    if (error > result.error) result = { error, at: x };
  });
  return result;
}

/** Numbers in low ≤ x < high, closely. */
const spread = (low: number, high: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => low + ((high - low) * i) / count);

/** All exponents and both signs; what is behind the point looks random. */
function bitPatterns(): Float32Array {
  const bits = Uint32Array.from({ length: count }, (_, i) => Math.imul(i, 0x9e3779b1) ^ (i << 16));
  return new Float32Array(bits.buffer);
}

const samples: Readonly<Record<string, Float32Array>> = {
  'all exponents': bitPatterns(),
  '−1 … 1': spread(-1, 1),
  '−10 … 10': spread(-10, 10),
  '−104 … 104': spread(-104, 104),
  '½ … 2': spread(0.5, 2),
  '−1000 … 1000': spread(-1000, 1000),
  '−10⁶ … 10⁶': spread(-1e6, 1e6),
  'multiples of π/2': Float32Array.from({ length: count }, (_, i) => ((i - count / 2) * Math.PI) / 2),
  'around multiples of π': Float32Array.from(
    { length: count },
    (_, i) => (i % 64) * Math.PI + (i - count / 2) * 1e-7,
  ),
};

/** The bound of each function, in ulp, as the header of functions.ts states it. */
const bounds: Readonly<Record<VectorFunction, number>> = {
  exp: 1,
  log: 0.9,
  tanh: 1.4,
  sigmoid: 1.5,
  sin: 1.6,
  cos: 1.6,
};

describe.each(names)('%s', (name) => {
  it.each(Object.keys(samples))('is right to the stated bound: %s', (sample) => {
    const { error, at } = worst(name, samples[sample] as Float32Array);
    expect(error, `at ${at}`).toBeLessThanOrEqual(bounds[name]);
  });

  it('has the right values at the ends', () => {
    const ends = [
      0, -0, 1e-45, -1e-45, 1e-40, -1e-40, 1e-38, 88.7, -88.7, 88.73, 104, -104, 1e30, -1e30, 3.4e38, -3.4e38,
    ];
    const xs = Float32Array.from([...ends, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]);
    apply(name, xs).forEach((y, i) => {
      expect(ulps(y, references[name](xs[i] as number)), `${name}(${xs[i]}) = ${y}`).toBeLessThanOrEqual(1);
    });
  });
});

describe('exact results', () => {
  const at = (name: VectorFunction, x: number): number => apply(name, [x])[0] as number;

  it.each<[VectorFunction, number, number]>([
    ['exp', 0, 1],
    ['exp', -0, 1],
    ['exp', 88.8, Number.POSITIVE_INFINITY],
    ['exp', Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    ['exp', Number.NEGATIVE_INFINITY, 0],
    ['exp', -1e30, 0],
    ['log', 1, 0],
    ['log', 0, Number.NEGATIVE_INFINITY],
    ['log', -0, Number.NEGATIVE_INFINITY],
    ['log', -1e-45, Number.NaN],
    ['log', -1, Number.NaN],
    ['log', Number.NEGATIVE_INFINITY, Number.NaN],
    ['log', Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    ['tanh', 0, 0],
    ['tanh', -0, -0],
    ['tanh', 1e30, 1],
    ['tanh', -1e30, -1],
    ['tanh', Number.NEGATIVE_INFINITY, -1],
    ['sigmoid', 0, 0.5],
    ['sigmoid', Number.POSITIVE_INFINITY, 1],
    ['sigmoid', Number.NEGATIVE_INFINITY, 0],
    ['sigmoid', -1e30, 0],
    ['sin', 0, 0],
    ['sin', -0, -0],
    ['sin', Number.POSITIVE_INFINITY, Number.NaN],
    ['cos', 0, 1],
    ['cos', Number.NEGATIVE_INFINITY, Number.NaN],
  ])('%s(%d) is %d', (name, x, y) => {
    expect(at(name, x)).toBe(y);
  });

  it.each(names)('%s of NaN is NaN', (name) => {
    expect(at(name, Number.NaN)).toBeNaN();
  });
});
