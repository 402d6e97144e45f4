import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  concat,
  constant,
  grad,
  logSoftmax,
  logSumExp,
  placeholder,
  type Shape,
  softmax,
  type Tensor,
} from '../../src/index.ts';
import { checkGradient } from '../support/testing.ts';

/** Small shapes of 1 to 3 axes. */
const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 });
/** Two shapes that broadcast together: one loses axes in front and has some sizes stretched from 1. */
const pairs: fc.Arbitrary<[Shape, Shape]> = fc
  .tuple(shapes, fc.nat(3), fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }), fc.boolean())
  .map(([shape, cut, ones, turned]) => {
    const other = shape.map((size, axis) => (ones[axis] ? 1 : size)).slice(Math.min(cut, shape.length));
    return turned ? [other, shape] : [shape, other];
  });
const seeds = fc.nat(1000);

const runs = { numRuns: 12, seed: 1 };

describe('on one tensor', () => {
  /** Where each is smooth. */
  const cases: [name: string, formula: (x: Tensor) => Tensor, range: [number, number]][] = [
    ['neg', (x) => x.neg(), [-2, 2]],
    ['square', (x) => x.square(), [-2, 2]],
    ['sqrt', (x) => x.sqrt(), [0.1, 3]],
    ['exp', (x) => x.exp(), [-2, 2]],
    ['log', (x) => x.log(), [0.1, 3]],
    ['sin', (x) => x.sin(), [-4, 4]],
    ['cos', (x) => x.cos(), [-4, 4]],
    ['tanh', (x) => x.tanh(), [-3, 3]],
    ['sigmoid', (x) => x.sigmoid(), [-5, 5]],
    ['abs of positive numbers', (x) => x.abs(), [0.1, 2]],
    ['abs of negative numbers', (x) => x.abs(), [-2, -0.1]],
    ['reciprocal', (x) => x.reciprocal(), [0.2, 3]],
    ['sign, which is flat', (x) => x.sign().mul(x), [0.1, 2]],
    ['floor, which is flat', (x) => x.floor().mul(x), [0.1, 0.9]],
    ['pow of a plain number', (x) => x.pow(3), [-2, 2]],
    ['pow of a fraction', (x) => x.pow(-1.5), [0.3, 2]],
    ['a power of a plain number', (x) => constant(2, { dtype: 'float64' }).pow(x), [-2, 2]],
    ['a cast to the same', (x) => x.cast('float64').mul(2), [-2, 2]],
    ['select', (x) => x.greater(5).select(x, x.mul(3)), [-2, 2]],
    ['a sum of uses', (x) => x.mul(x).add(x).sub(x.square().mul(x)), [-2, 2]],
  ];
  it.each(cases)('%s', (_, formula, range) => {
    fc.assert(
      fc.property(shapes, seeds, (shape, seed) => {
        checkGradient(formula, [{ shape, range }], { seed });
      }),
      runs,
    );
  });
});

describe('on two tensors that broadcast', () => {
  const away: [number, number] = [0.2, 2];
  const cases: [name: string, formula: (x: Tensor, y: Tensor) => Tensor][] = [
    ['add', (x, y) => x.add(y)],
    ['sub', (x, y) => x.sub(y)],
    ['mul', (x, y) => x.mul(y)],
    ['div', (x, y) => x.div(y)],
    ['pow', (x, y) => x.pow(y)],
    ['maximum, the first larger', (x, y) => x.add(3).maximum(y)],
    ['maximum, the second larger', (x, y) => x.maximum(y.add(3))],
    ['minimum, the first smaller', (x, y) => x.minimum(y.add(3))],
    ['minimum, the second smaller', (x, y) => x.add(3).minimum(y)],
    ['select between', (x, y) => x.greater(1).select(x.add(3), y.square())],
  ];
  it.each(cases)('%s', (_, formula) => {
    fc.assert(
      fc.property(pairs, seeds, ([a, b], seed) => {
        checkGradient(
          formula,
          [
            { shape: a, range: away },
            { shape: b, range: away },
          ],
          { seed },
        );
      }),
      runs,
    );
  });
});

describe('along axes', () => {
  const withAxes = shapes.chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      axes: fc.subarray([...shape.keys()], { minLength: 1 }),
      seed: seeds,
    }),
  );
  const cases: [name: string, formula: (x: Tensor, axes: number[]) => Tensor][] = [
    ['sum', (x, axes) => x.sum(axes)],
    ['sum of squares', (x, axes) => x.square().sum(axes)],
    ['mean', (x, axes) => x.square().mean(axes)],
    ['max', (x, axes) => x.max(axes).square()],
    ['min', (x, axes) => x.min(axes).square()],
    ['logSumExp', (x, axes) => logSumExp(x, axes)],
    ['softmax', (x, axes) => softmax(x, axes[0])],
    ['logSoftmax', (x, axes) => logSoftmax(x, axes[0])],
  ];
  it.each(cases)('%s', (_, formula) => {
    fc.assert(
      fc.property(withAxes, ({ shape, axes, seed }) => {
        checkGradient((x) => formula(x, axes), [{ shape, range: [-2, 2] }], { seed });
      }),
      runs,
    );
  });
});

describe('of products and views', () => {
  const size = fc.integer({ min: 1, max: 4 });
  it('matmul, with either operand transposed', () => {
    fc.assert(
      fc.property(size, size, size, fc.boolean(), fc.boolean(), seeds, (m, k, n, left, right, seed) => {
        checkGradient(
          (a, b) => (left ? a.transpose() : a).matmul(right ? b.transpose() : b),
          [{ shape: left ? [k, m] : [m, k] }, { shape: right ? [n, k] : [k, n] }],
          { seed },
        );
      }),
      runs,
    );
  });

  it('a matrix times itself, transposed', () => {
    checkGradient((a) => a.matmul(a.transpose()), [{ shape: [3, 4] }]);
    checkGradient((a) => a.matmul(a), [{ shape: [3, 3] }]);
  });

  it('reshape, transpose, slice, pad and broadcastTo', () => {
    fc.assert(
      fc.property(
        shapes.chain((shape) =>
          fc.record({
            shape: fc.constant(shape),
            order: fc.shuffledSubarray([...shape.keys()], { minLength: shape.length }),
            start: fc.tuple(...shape.map((each) => fc.nat(each - 1))),
            front: fc.array(fc.nat(2), { maxLength: shape.length }),
            seed: seeds,
          }),
        ),
        ({ shape, order, start, front, seed }) => {
          checkGradient(
            (x) => {
              const turned = x.transpose(order).square();
              const cut = x.slice(start, shape).sum();
              return turned
                .reshape([-1])
                .mul(cut)
                .reshape(turned.shape)
                .pad(front, front, 2)
                .broadcastTo([2, ...turned.pad(front, front).shape]);
            },
            [{ shape }],
            { seed },
          );
        },
      ),
      runs,
    );
  });

  it('concat, of one tensor twice and along any axis', () => {
    for (const axis of [0, 1, 2]) {
      checkGradient((x, y) => concat([x, y, x.square()], axis), [{ shape: [2, 3, 2] }, { shape: [2, 3, 2] }]);
    }
  });

  it('gather adds up rows that were chosen twice', () => {
    const indices = { shape: [4], values: [2, 0, 2, 2], dtype: 'int32' } as const;
    checkGradient((x, i) => x.gather(i).square(), [{ shape: [3, 2] }, indices]);
    checkGradient((x, i) => x.gather(i).square(), [{ shape: [3] }, indices]);
    checkGradient((x, i) => x.gather(i).square(), [{ shape: [3, 2, 2] }, indices]);
  });
});

describe('grad', () => {
  const [x, y] = [placeholder('x', [2, 3]), placeholder('y', [4])];

  it('gives each variable a gradient of its own shape and dtype, zeros where nothing depends on it', () => {
    const [gx, gy] = grad(x.square().sum(), [x, y]) as [Tensor, Tensor];
    expect([gx.shape, gy.shape]).toEqual([[2, 3], [4]]);
    expect(gy.op).toMatchObject({ kind: 'constant', value: 0 });
  });

  it('takes the gradient in a tensor on the way as well', () => {
    const middle = x.mul(3);
    const [gm] = grad(middle.sum(), [middle]) as [Tensor];
    expect(gm.shape).toEqual([2, 3]);
    checkGradient((z) => grad(z.mul(3).square().sum(), [z])[0] as Tensor, [{ shape: [2] }]);
  });

  it('lets nothing through stopGradient, comparisons, integers and argmax', () => {
    const blocked = [
      x.stopGradient().sum(),
      x.greater(0).cast('float32').sum(),
      x.cast('int32').cast('float32').sum(),
      x.argmax().cast('float32').sum(),
    ];
    for (const loss of blocked) expect(grad(loss, [x])[0]?.op).toMatchObject({ kind: 'constant', value: 0 });
  });

  it('goes through casts between floats', () => {
    const [g] = grad(x.cast('float64').square().sum(), [x]) as [Tensor];
    expect(g.dtype).toBe('float32');
  });

  it('refuses what is no single float number', () => {
    expect(() => grad(x, [x])).toThrow(
      /gradient of a single number, but got float32 \[2, 3\]: use sum\(\) or mean\(\)/,
    );
    expect(() => grad(x.argmax().sum(), [x])).toThrow(/but got int32 \[\]/);
  });
});
