import { describe, expect, it } from 'vitest';
import {
  concat,
  constant,
  type DType,
  iota,
  logSoftmax,
  logSumExp,
  normal,
  softmax,
  type Tensor,
  uniform,
} from '../../src/index.ts';
import { byIndex, counting, expectNear, numbersOf } from '../support/numbers.ts';

const unary = {
  neg: (x) => -x,
  square: (x) => x * x,
  sqrt: Math.sqrt,
  exp: Math.exp,
  log: Math.log,
  sin: Math.sin,
  cos: Math.cos,
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  abs: Math.abs,
  sign: Math.sign,
  floor: Math.floor,
  reciprocal: (x) => 1 / x,
} satisfies Partial<Record<keyof Tensor, (x: number) => number>>;

const binary = {
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: (x, y) => x * y,
  div: (x, y) => x / y,
  pow: (x, y) => x ** y,
  maximum: (x, y) => (x > y ? x : y),
  minimum: (x, y) => (x < y ? x : y),
  equal: (x, y) => Number(x === y),
  notEqual: (x, y) => Number(x !== y),
  less: (x, y) => Number(x < y),
  lessEqual: (x, y) => Number(x <= y),
  greater: (x, y) => Number(x > y),
  greaterEqual: (x, y) => Number(x >= y),
} satisfies Partial<Record<keyof Tensor, (x: number, y: number) => number>>;

describe('element by element', () => {
  const numbers = [-2.5, -1, -0.25, 0, 0.5, 1, 3];
  it.each(Object.entries(unary))('%s is what it says', (name, formula) => {
    const result = numbersOf((x) => x[name as keyof typeof unary](), [[7], numbers]);
    expect(result).toEqual(numbers.map(formula));
  });

  const others = [2.5, -1, 0.5, 2, 0.5, -3, 2];
  it.each(Object.entries(binary))('%s is what it says', (name, formula) => {
    const op = name as keyof typeof binary;
    const result = numbersOf((x, y) => x[op](y), [[7], numbers], [[7], others]);
    expect(result).toEqual(numbers.map((x, i) => formula(x, others[i] as number)));
  });

  it.each(Object.entries(binary))(
    '%s takes a plain number, which takes the dtype of the tensor',
    (name, formula) => {
      const op = name as keyof typeof binary;
      expect(numbersOf((x) => x[op](2), [[3], [1, 2, 3]])).toEqual([1, 2, 3].map((x) => formula(x, 2)));
    },
  );

  it('select takes the first where the condition holds, else the second', () => {
    expect(numbersOf((x, y) => x.greater(y).select(x, y), [[3], [1, 5, 3]], [[3], [2, 2, 3]])).toEqual([
      2, 5, 3,
    ]);
    expect(numbersOf((x) => x.greater(0).select(1, x), [[3], [-1, 0, 2]])).toEqual([-1, 0, 1]);
    expect(numbersOf((x) => x.greater(0).select(x, 7), [[3], [-1, 0, 2]])).toEqual([7, 7, 2]);
  });

  it('NaN wins maximum and minimum, and is equal to nothing', () => {
    const [x, y] = [[2], [2]] as const;
    expect(numbersOf((a, b) => a.maximum(b), [x, [NaN, 1]], [y, [1, NaN]])).toEqual([NaN, NaN]);
    expect(numbersOf((a, b) => a.minimum(b), [x, [NaN, 1]], [y, [1, NaN]])).toEqual([NaN, NaN]);
    expect(numbersOf((a) => a.equal(a), [x, [NaN, 1]])).toEqual([0, 1]);
  });

  it('casts truncate to int32, wrap to uint8 and round to float32', () => {
    const cast = (dtype: DType, values: number[]) =>
      numbersOf((x) => x.cast(dtype), [[values.length], values]);
    expect(cast('int32', [1.9, -1.9, 0.5])).toEqual([1, -1, 0]);
    expect(cast('uint8', [7.9, 255, 256, 0])).toEqual([7, 255, 0, 0]);
    expect(cast('float32', [0.1])).toEqual([Math.fround(0.1)]);
  });

  it('each result is rounded to float32 where that is the dtype', () => {
    const third = Math.fround(Math.fround(0.1) * Math.fround(3));
    expect(numbersOf((x) => x.mul(3), [[1], [0.1], 'float32'])).toEqual([third]);
  });

  it('int32 multiplies and adds whole numbers, and wraps around', () => {
    expect(numbersOf((x) => x.mul(x).sub(1), [[2], [3, -4], 'int32'])).toEqual([8, 15]);
    expect(numbersOf((x) => x.add(1), [[1], [2 ** 31 - 1], 'int32'])).toEqual([-(2 ** 31)]);
  });

  it('a constant tensor takes the dtype of what it meets', () => {
    expect(numbersOf((x) => constant(2).mul(x), [[2], [1, 3], 'int32'])).toEqual([2, 6]);
  });
});

describe('broadcasting', () => {
  it('aligns shapes at the end and stretches sizes of 1, as NumPy does', () => {
    const add = (...inputs: Parameters<typeof numbersOf> extends [unknown, ...infer R] ? R : never) =>
      numbersOf((x, y) => x.add(y), ...inputs);
    expect(add([[2, 3], counting([2, 3])], [[3], [10, 20, 30]])).toEqual([11, 22, 33, 14, 25, 36]);
    expect(
      add(
        [
          [2, 1],
          [1, 2],
        ],
        [
          [1, 3],
          [10, 20, 30],
        ],
      ),
    ).toEqual([11, 21, 31, 12, 22, 32]);
    expect(add([[], [1]], [[2], [10, 20]])).toEqual([11, 21]);
    expect(add([[2], [10, 20]], [[1, 1, 1], [1]])).toEqual([11, 21]);
  });

  it('broadcastTo adds axes in front', () => {
    expect(
      numbersOf(
        (x) => x.broadcastTo([2, 2, 3]),
        [
          [1, 3],
          [1, 2, 3],
        ],
      ),
    ).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3]);
  });
});

describe('reductions', () => {
  const shape = [2, 3, 4] as const;
  const x = byIndex(shape, (i, j, k) => i + 10 * j + 100 * k - 5 * i * j * k);
  const at = (i: number, j: number, k: number): number => x[12 * i + 4 * j + k] as number;
  const all = [...x.keys()];

  it('sum adds along any axes, which go away', () => {
    expect(numbersOf((t) => t.sum(0), [shape, x])).toEqual(
      byIndex([3, 4], (j, k) => at(0, j, k) + at(1, j, k)),
    );
    expect(numbersOf((t) => t.sum([0, 2]), [shape, x])).toEqual(
      byIndex([3], (j) =>
        [0, 1].flatMap((i) => [0, 1, 2, 3].map((k) => at(i, j, k))).reduce((a, b) => a + b),
      ),
    );
    expect(numbersOf((t) => t.sum(-1), [shape, x])).toEqual(numbersOf((t) => t.sum(2), [shape, x]));
    expect(numbersOf((t) => t.sum(), [shape, x])).toEqual([
      all.reduce((sum, i) => sum + (x[i] as number), 0),
    ]);
  });

  it('mean divides by how many were added', () => {
    expect(
      numbersOf(
        (t) => t.mean(1),
        [
          [2, 3],
          [1, 2, 6, 3, 3, 3],
        ],
      ),
    ).toEqual([3, 3]);
    expect(numbersOf((t) => t.mean(), [[4], [1, 2, 3, 6]])).toEqual([3]);
  });

  it('max and min are the extremes along any axes', () => {
    expect(numbersOf((t) => t.max([1, 2]), [shape, x])).toEqual([
      Math.max(...x.slice(0, 12)),
      Math.max(...x.slice(12)),
    ]);
    expect(numbersOf((t) => t.min(), [shape, x])).toEqual([Math.min(...x)]);
    expect(numbersOf((t) => t.max(), [[2], [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]])).toEqual([
      Number.NEGATIVE_INFINITY,
    ]);
  });

  it('argmax is the place of the largest, the first of equals, as int32', () => {
    const input = [
      [2, 4],
      [1, 7, 7, 2, -1, -3, -1, -2],
    ] as const;
    expect(numbersOf((t) => t.argmax(), input)).toEqual([1, 0]);
    expect(numbersOf((t) => t.argmax(0), input)).toEqual([0, 0, 0, 0]);
    expect(iota([3]).argmax().dtype).toBe('int32');
  });

  it('a reduction over no axes is the tensor itself', () => {
    const t = constant(3, { shape: [2] });
    expect(t.sum([])).toBe(t);
    expect(t.max([])).toBe(t);
  });
});

describe('matmul', () => {
  const plain = (m: number, k: number, n: number, a: number[], b: number[]): number[] =>
    byIndex([m, n], (i, j) =>
      Array.from({ length: k }, (_, p) => (a[i * k + p] as number) * (b[p * n + j] as number)).reduce(
        (x, y) => x + y,
      ),
    );
  const [a, b] = [counting([2, 3]), counting([3, 4]).map((x) => x * x - 20)];

  it('multiplies matrices', () => {
    expect(numbersOf((x, y) => x.matmul(y), [[2, 3], a], [[3, 4], b])).toEqual(plain(2, 3, 4, a, b));
  });

  it('takes transposed operands', () => {
    const transposed = byIndex([3, 2], (i, j) => a[j * 3 + i] as number);
    expect(numbersOf((x, y) => x.transpose().matmul(y), [[3, 2], transposed], [[3, 4], b])).toEqual(
      plain(2, 3, 4, a, b),
    );
  });
});

describe('views', () => {
  it('transpose reorders axes; without an order it turns them around', () => {
    const shape = [2, 3, 4];
    const x = counting(shape);
    const at = (i: number, j: number, k: number): number => x[12 * i + 4 * j + k] as number;
    expect(numbersOf((t) => t.transpose([1, 2, 0]), [shape, x])).toEqual(
      byIndex([3, 4, 2], (j, k, i) => at(i, j, k)),
    );
    expect(numbersOf((t) => t.transpose(), [shape, x])).toEqual(byIndex([4, 3, 2], (k, j, i) => at(i, j, k)));
  });

  it('reshape keeps the row-major order and finds out one size', () => {
    expect(numbersOf((t) => t.reshape([3, -1]), [[2, 3], counting([2, 3])])).toEqual(counting([6]));
    expect(constant(0, { shape: [4, 6] }).reshape([2, -1, 3]).shape).toEqual([2, 4, 3]);
  });

  it('slice cuts out a box; axes that are not named stay whole', () => {
    const input = [[3, 4], counting([3, 4])] as const;
    expect(numbersOf((t) => t.slice([1, 1], [3, 3]), input)).toEqual([6, 7, 10, 11]);
    expect(numbersOf((t) => t.slice([2], []), input)).toEqual([9, 10, 11, 12]);
  });

  it('pad puts a fill in front and behind', () => {
    expect(
      numbersOf(
        (t) => t.pad([1, 0], [0, 2], 9),
        [
          [1, 2],
          [1, 2],
        ],
      ),
    ).toEqual([9, 9, 9, 9, 1, 2, 9, 9]);
    expect(numbersOf((t) => t.pad([1], [1]), [[2], [1, 2]])).toEqual([0, 1, 2, 0]);
  });

  it('concat puts tensors one after the other along any axis', () => {
    const inputs = [
      [
        [2, 2],
        [1, 2, 3, 4],
      ],
      [
        [2, 1],
        [5, 6],
      ],
    ] as const;
    expect(numbersOf((x, y) => concat([x, y, x], 1), ...inputs)).toEqual([1, 2, 5, 1, 2, 3, 4, 6, 3, 4]);
    expect(numbersOf((x, y) => concat([x, y.transpose()]), ...inputs)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(numbersOf((x) => concat([x, x], -2), inputs[0])).toEqual([1, 2, 3, 4, 1, 2, 3, 4]);
  });

  it('concat of one tensor is that tensor', () => {
    const t = constant(1, { shape: [2] });
    expect(concat([t])).toBe(t);
  });

  it('gather takes rows by their numbers, any row as often as it is named', () => {
    const rows = [
      [3, 2],
      [1, 2, 3, 4, 5, 6],
    ] as const;
    expect(numbersOf((x, i) => x.gather(i), rows, [[4], [2, 0, 2, 1], 'int32'])).toEqual([
      5, 6, 1, 2, 5, 6, 3, 4,
    ]);
    expect(numbersOf((x, i) => x.gather(i), [[3], [7, 8, 9]], [[2], [2, 2], 'int32'])).toEqual([9, 9]);
  });

  it('oneHot has a 1 in the column of the number', () => {
    expect(numbersOf((i) => i.oneHot(3), [[3], [2, 0, 5], 'int32'])).toEqual([0, 0, 1, 1, 0, 0, 0, 0, 0]);
  });

  it('iota counts along an axis', () => {
    expect(numbersOf(() => iota([2, 3], 1))).toEqual([0, 1, 2, 0, 1, 2]);
    expect(numbersOf(() => iota([2, 3]))).toEqual([0, 0, 0, 1, 1, 1]);
  });

  it('stopGradient changes no number', () => {
    expect(numbersOf((x) => x.stopGradient(), [[2], [1, 2]])).toEqual([1, 2]);
  });
});

describe('what needs several operations', () => {
  const numbers: number[] = [1, 2, 3, -1, 0, 5];
  const rows = [[2, 3], numbers] as const;
  const sums = [numbers.slice(0, 3), numbers.slice(3)].map((row) =>
    row.reduce((sum, x) => sum + Math.exp(x), 0),
  );

  it('logSumExp, softmax and logSoftmax agree with their formulas', () => {
    expectNear(
      numbersOf((x) => logSumExp(x), rows),
      sums.map(Math.log),
    );
    expectNear(
      numbersOf((x) => softmax(x), rows),
      numbers.map((x, i) => Math.exp(x) / (sums[Math.floor(i / 3)] as number)),
    );
    expectNear(
      numbersOf((x) => logSoftmax(x), rows),
      numbers.map((x, i) => x - Math.log(sums[Math.floor(i / 3)] as number)),
    );
  });

  it('softmax takes any axis', () => {
    const input = [
      [2, 2],
      [1, 2, 3, 4],
    ] as const;
    const down = numbersOf((x) => softmax(x, 0), input);
    const across = numbersOf((x) => softmax(x.transpose(), 1).transpose(), input);
    expect(down).toEqual(across);
  });
});

describe('random tensors', () => {
  const many = { shape: [20_000], source: { seed: 5, purpose: 'test' } } as const;

  it('uniform is spread evenly over 0 ≤ x < 1', () => {
    const x = numbersOf(() => uniform(many.shape, many.source, 'float64'));
    const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
    expect(Math.min(...x)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...x)).toBeLessThan(1);
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 / Math.sqrt(12 * x.length));
  });

  it('normal has mean 0, variance 1 and the tails that it should have', () => {
    const x = numbersOf(() => normal(many.shape, many.source, 'float64'));
    const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
    const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length;
    const beyondTwo = x.filter((value) => Math.abs(value) > 2).length / x.length;
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(x.length));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / x.length));
    expect(Math.abs(beyondTwo - 0.0455)).toBeLessThan(0.006);
    expect(x.every(Number.isFinite)).toBe(true);
  });

  it('draws other numbers for another seed, purpose or step, and the same for the same', () => {
    const draw = (seed: number, purpose: string, step: number) =>
      numbersOf((s) => uniform([5], { seed, purpose, step: s }, 'float64'), [[], [step], 'int32']).join();
    expect(draw(1, 'a', 0)).toBe(draw(1, 'a', 0));
    expect(new Set([draw(1, 'a', 0), draw(2, 'a', 0), draw(1, 'b', 0), draw(1, 'a', 1)]).size).toBe(4);
  });
});
