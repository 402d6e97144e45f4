import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  concat,
  constant,
  evaluate,
  grad,
  iota,
  placeholder,
  type Tensor,
  uniform,
} from '../../src/index.ts';
import { topologicalOrder } from '../../src/tensor/graph.ts';
import { simplify } from '../../src/tensor/simplify.ts';

const x = placeholder('x', [2, 3]);
const y = placeholder('y', [2, 3]);
const simple = (tensor: Tensor): Tensor => simplify([tensor])[0] as Tensor;
const count = (...roots: Tensor[]): number => topologicalOrder(simplify(roots)).length;

describe('what is equal', () => {
  it('is shared, wherever it was written', () => {
    const [a, b] = simplify([x.add(y).exp(), x.add(y).exp().neg()]) as [Tensor, Tensor];
    expect(b.sources[0]).toBe(a);
  });

  it('is shared where it becomes equal by simplifying', () => {
    const [a, b] = simplify([x.mul(1).exp(), x.add(0).exp()]) as [Tensor, Tensor];
    expect(a).toBe(b);
  });

  it('must have the same attributes, dtype and sources', () => {
    const different = [
      x.sum(0),
      x.sum(1),
      x.sub(y),
      y.sub(x),
      x.cast('int32'),
      x.cast('float64'),
      x.slice([0], [1]),
    ];
    expect(new Set(simplify(different)).size).toBe(different.length);
    const draws = ['a', 'b'].map((purpose) => uniform([2], { seed: 1, purpose }));
    expect(new Set(simplify(draws)).size).toBe(2);
    expect(new Set(simplify([iota([2, 2], 0), iota([2, 2], 1)])).size).toBe(2);
    expect(new Set(simplify([x.pad([1], [0], 1), x.pad([1], [0], 2)])).size).toBe(2);
  });

  it('needs no more than one tensor of each kind in a gradient', () => {
    const [g] = grad(x.tanh().square().sum(), [x]) as [Tensor];
    const tanhs = topologicalOrder(simplify([g, x.tanh()])).filter(({ op }) => op.key === 'tanh');
    expect(tanhs).toHaveLength(1);
  });
});

describe('constants', () => {
  it('are folded', () => {
    expect(simple(constant(2).mul(3).add(1)).op).toMatchObject({ kind: 'constant', value: 7 });
    expect(simple(constant(1).less(2).select(constant(5), constant(6))).op).toMatchObject({ value: 5 });
    expect(simple(constant(0.1).mul(3)).op).toMatchObject({ value: Math.fround(Math.fround(0.1) * 3) });
  });

  it('keep their value under views, and shape and dtype', () => {
    const stretched = simple(constant(2, { dtype: 'float64' }).broadcastTo([2, 3]).transpose());
    expect(stretched).toMatchObject({ shape: [3, 2], dtype: 'float64', op: { kind: 'constant', value: 2 } });
  });
});

describe('what has no effect', () => {
  it.each([
    ['x + 0', (t: Tensor) => t.add(0)],
    ['0 + x', (t: Tensor) => constant(0).add(t)],
    ['x − 0', (t: Tensor) => t.sub(0)],
    ['x · 1', (t: Tensor) => t.mul(1)],
    ['1 · x', (t: Tensor) => constant(1).mul(t)],
    ['x / 1', (t: Tensor) => t.div(1)],
    ['x ** 1', (t: Tensor) => t.pow(1)],
    ['true ? x : y', (t: Tensor) => constant(1).greater(0).select(t, y)],
    ['false ? y : x', (t: Tensor) => constant(1).less(0).select(y, t)],
    ['stopGradient', (t: Tensor) => t.stopGradient()],
    ['a reshape there and back', (t: Tensor) => t.reshape([3, 2]).reshape([6]).reshape([2, 3])],
    ['a sum over an axis of size 1', (t: Tensor) => t.reshape([2, 3, 1]).sum(2)],
    ['a maximum over an axis of size 1', (t: Tensor) => t.reshape([1, 2, 3]).max(0)],
  ])('%s is x', (_, formula) => {
    expect(simple(formula(x))).toBe(x);
  });

  it.each([
    ['0 − x', (t: Tensor) => constant(0).sub(t)],
    ['x · 0, which is NaN at ∞', (t: Tensor) => t.mul(0)],
    ['1 / x', (t: Tensor) => constant(1).div(t)],
    ['argmax over an axis of size 1, which is 0', (t: Tensor) => t.reshape([2, 3, 1]).argmax(2)],
    ['x + −0.5', (t: Tensor) => t.add(-0.5)],
  ])('%s is not x', (_, formula) => {
    expect(simple(formula(x))).not.toBe(x);
  });
});

describe('a graph', () => {
  /** Graphs by lot: each instruction takes one or two of the tensors before it. */
  const graphs = fc.array(fc.tuple(fc.nat(11), fc.nat(20), fc.nat(20)), {
    minLength: 1,
    maxLength: 14,
    size: 'max',
  });
  const build = (instructions: readonly (readonly [number, number, number])[]): Tensor[] => {
    const pool: Tensor[] = [x, y, constant(1), constant(0, { shape: [2, 3] })];
    for (const [op, i, j] of instructions) {
      const a = (pool[pool.length - 1 - (i % pool.length)] as Tensor).broadcastTo([2, 3]);
      const b = (pool[pool.length - 1 - (j % pool.length)] as Tensor).broadcastTo([2, 3]);
      const made = [
        () => a.add(b),
        () => a.mul(b),
        () => a.sub(b),
        () => a.maximum(b).mul(0.5),
        () => a.greater(b).select(a, b.mul(0.25)),
        () => a.transpose().reshape([2, 3]),
        () => a.sum(0).sub(b.max(1).sum()),
        () => a.matmul(b.transpose()).matmul(a).mul(0.125),
        () => concat([a, b]).slice([1], [3]),
        () => a.reshape([6, 1]).sum(1).reshape([2, 3]),
        () => a.pad([0, 1], [1, 0]).slice([0, 0], [2, 3]),
        () => a.stopGradient().neg().tanh(),
      ][op] as () => Tensor;
      pool.push(made().broadcastTo([2, 3]).tanh());
    }
    return pool.slice(-3);
  };
  const values = { x: [0.5, -1, 0.25, 2, 0, -0.75], y: [1, -1, 0.5, 0.125, 0, 3] };

  /** −0 + 0 is 0, so the sign of zero may change. */
  const numbers = (roots: readonly Tensor[]) =>
    evaluate(roots, values).map((result) => Array.from(result, (value) => value + 0));

  it('keeps its numbers', () => {
    fc.assert(
      fc.property(graphs, (instructions) => {
        const roots = build(instructions);
        expect(numbers(simplify(roots))).toEqual(numbers(roots));
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it('is not larger for it, and has nothing more to simplify', () => {
    fc.assert(
      fc.property(graphs, (instructions) => {
        const roots = build(instructions);
        const once = simplify(roots);
        expect(topologicalOrder(once).length).toBeLessThanOrEqual(topologicalOrder(roots).length);
        expect(topologicalOrder(simplify(once))).toHaveLength(topologicalOrder(once).length);
      }),
      { numRuns: 100, seed: 2 },
    );
  });

  it('gives one simplified tensor for each root, in order', () => {
    expect(simplify([x, y, x])).toEqual([x, y, x]);
    expect(count(x.add(y), x.add(y))).toBe(3);
  });
});
