import { describe, expect, it } from 'vitest';
import { constant, evaluate, grad, placeholder, type Tensor } from '../../src/index.ts';
import { topologicalOrder } from '../../src/tensor/graph.ts';
import { label } from '../../src/tensor/labels.ts';
import { simplify } from '../../src/tensor/simplify.ts';

const x = placeholder('x', [2]);
const deep = (length: number): Tensor => Array.from({ length }).reduce<Tensor>((tensor) => tensor.add(1), x);

describe('topologicalOrder', () => {
  it('puts everything after its sources, once', () => {
    const shared = x.square();
    const roots = [shared.add(shared.exp()), shared, shared.add(x)];
    const order = topologicalOrder(roots);
    expect(new Set(order).size).toBe(order.length);
    for (const [i, tensor] of order.entries()) {
      for (const source of tensor.sources) expect(order.indexOf(source)).toBeLessThan(i);
    }
    expect(roots.every((root) => order.includes(root))).toBe(true);
    expect(order).toHaveLength(5);
  });

  it('does not overflow on a chain of 10,000', () => {
    const order = topologicalOrder([deep(10_000)]);
    expect(order[0]).toBe(x);
    expect(order.filter(({ op }) => op.key === 'add')).toHaveLength(10_000);
  });

  it('is quick where everything is used twice', () => {
    const doubled = Array.from({ length: 28 }).reduce<Tensor>((tensor) => tensor.add(tensor), x);
    expect(topologicalOrder([doubled])).toHaveLength(29);
  });
});

describe('a chain of 10,000', () => {
  it('can be evaluated, differentiated and simplified', () => {
    const end = deep(10_000);
    expect(evaluate([end], { x: [0, 1] })[0]).toEqual(Float32Array.of(10_000, 10_001));
    const [gradient] = grad(end.sum(), [x]) as [Tensor];
    expect(evaluate([gradient], { x: [0, 1] })[0]).toEqual(Float32Array.of(1, 1));
    expect(simplify([end])).toHaveLength(1);
  });

  it('can be labelled', () => {
    const labels = new Map<Tensor, string>();
    label(labels, deep(10_000), 'layer');
    expect(labels.get(x)).toBe('layer');
  });
});

describe('labels', () => {
  it('stay with whoever was first', () => {
    const labels = new Map<Tensor, string>();
    const hidden = x.square();
    const output = hidden.exp();
    label(labels, hidden, 'hidden1');
    label(labels, output, 'output');
    expect([x, hidden, output].map((tensor) => labels.get(tensor))).toEqual(['hidden1', 'hidden1', 'output']);
  });

  it('of the way back have a ∂ in front', () => {
    const labels = new Map<Tensor, string>();
    const hidden = x.exp();
    const loss = hidden.sum();
    label(labels, hidden, 'hidden1');
    label(labels, loss, 'loss');
    const [gradient] = grad(loss, [x], labels) as [Tensor];
    expect(labels.get(gradient)).toBe('∂hidden1');
  });

  it('of tensors that turn out to be one are that of the first, and what has none gets none', () => {
    const labels = new Map<Tensor, string>();
    const [first, second, third] = [x.exp(), x.exp().mul(1), x.sin()];
    labels.set(first, 'first');
    labels.set(second, 'second');
    const [a, , c] = simplify([first, second, third], labels) as [Tensor, Tensor, Tensor];
    expect(labels.get(a)).toBe('first');
    expect(labels.has(c)).toBe(false);
  });

  it('survive simplification', () => {
    const labels = new Map<Tensor, string>();
    const hidden = x.exp().mul(1);
    label(labels, hidden, 'hidden1');
    const [simple] = simplify([hidden], labels) as [Tensor];
    expect(simple.op.key).toBe('exp');
    expect(labels.get(simple)).toBe('hidden1');
  });
});

describe('constants', () => {
  it('tell −0 from 0', () => {
    const [a, b] = simplify([constant(0), constant(-0)]) as [Tensor, Tensor];
    expect(a).not.toBe(b);
  });
});
