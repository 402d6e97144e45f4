import { concat, placeholder as input, type Tensor } from '@neurite/core';
import { describe, it } from 'vitest';
import { expectOracle, numbers } from './oracle.ts';

/** Whole numbers below a limit, the same for each seed. */
function chooser(seed: number): (limit: number) => number {
  let state = seed * 16807 + 11;
  return (limit) => {
    state = (state * 48271) % 2147483647;
    return state % limit;
  };
}

/** A computation of operations that were drawn by lot, with numbers that stay small. */
function drawOutputs(choose: (limit: number) => number, inputs: readonly Tensor[]): Record<string, Tensor> {
  const pool = [...inputs];
  const matrix = (): Tensor => {
    const found = pool.filter(({ shape }) => shape.length === 2);
    return found[choose(found.length)] as Tensor;
  };
  const steps: ((x: Tensor) => Tensor)[] = [
    (x) => x.tanh(),
    (x) => x.sigmoid(),
    (x) => x.square().add(0.5).sqrt(),
    (x) => x.neg().exp().add(1).reciprocal(),
    (x) => x.greater(0.123).select(x, x.mul(0.1)),
    (x) => x.less(-0.0567).select(x.exp(), x.tanh()),
    (x) => x.maximum(0.2).minimum(matrix().sum().tanh()),
    (x) => x.sum(choose(x.shape.length)).tanh(),
    (x) => x.max(choose(x.shape.length)),
    (x) => x.sum(),
    (x) => x.transpose(),
    (x) => x.slice([1], []).add(x.slice([0], [(x.shape[0] as number) - 1])),
    (x) => x.pad([1, 0], [0, 2], 0.5),
    (x) => concat([x, x.tanh()], choose(x.shape.length)),
    (x) => x.matmul(x.transpose()).tanh(),
    (x) => x.transpose().matmul(x).mul(0.1).tanh(),
    (x) => x.sub(x.max(1).reshape([x.shape[0] as number, 1])),
    (x) => x.mul(x.sum(0)),
    (x) => x.reshape([x.size]).reshape([1, x.size]).mul(0.5),
  ];
  for (let i = 0; i < 10; i++) {
    const result = (steps[choose(steps.length)] as (x: Tensor) => Tensor)(matrix()).tanh();
    if (result.size < 2000 && result.shape.every((size) => size > 1)) pool.push(result);
  }
  return Object.fromEntries(pool.slice(-4).map((tensor, i) => [`output${i}`, tensor.mul(2)]));
}

describe('programs that were drawn by lot', () => {
  it.each(Array.from({ length: 60 }, (_, seed) => seed + 1))('agree with the oracle: %i', async (seed) => {
    const choose = chooser(seed);
    const shapes = [
      [3, 4],
      [4, 3],
      [2 + choose(5), 2 + choose(7)],
    ];
    const inputs = shapes.map((shape, i) => input(`input${i}`, shape));
    const values = Object.fromEntries(
      shapes.map(([m = 1, n = 1], i) => [`input${i}`, numbers(m * n, seed + i)]),
    );
    await expectOracle({ outputs: drawOutputs(choose, inputs) }, values, { tolerance: 1e-4 });
  });
});
