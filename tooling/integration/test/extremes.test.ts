// Every activation far out and next to 0, and every loss, in float32 on every backend: finite, and as the oracle has it.
import * as activations from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { gpu } from '@neurite/backend-gpu';
import { wasm } from '@neurite/backend-wasm';
import { type Activation, evaluate, grad, type Loss, placeholder } from '@neurite/core';
import * as losses from '@neurite/losses';
import { computeOn, sampleNumbers } from '@neurite/testing';
import { describe, expect, test } from 'vitest';

const functions: readonly Activation[] = [
  ...Object.values(activations).map((make) => make()),
  activations.gelu({ approximation: 'tanh' }),
];
const named = functions.map((f) => ({ name: `${f.type} ${JSON.stringify(f.options)}`, f }));
const exact = [cpu(), wasm({ threads: 1 })];
/** As GPUs compute: the sine of numbers beyond this is a number between −1 and 1, no more. */
const farthestAngle = 1e4;
const likeGpus = [gpu({ mode: 'webasm' }), gpu({ mode: 'cpu' })];
const backends = [...exact, ...likeGpus];

/** What `f` and its slope are at each x, by the oracle and on each backend. */
async function everywhere(f: Activation, xs: readonly number[]) {
  const x = placeholder('x', [xs.length, 1]);
  const y = f.apply(x);
  const roots = [y, grad(y.sum(), [x])[0]!];
  const [oracle, ...others] = [
    evaluate(roots, { x: xs }),
    ...(await Promise.all(backends.map((backend) => computeOn(backend, roots, { x: xs })))),
  ].map((results) => results.map((list) => Array.from(list)));
  return { oracle: oracle!, others };
}

function expectNear(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  actual.forEach((value, i) => {
    const wanted = expected[i]!;
    expect(Math.abs(value - wanted) / Math.max(1, Math.abs(wanted)), `${value}, not ${wanted}`).toBeLessThan(
      tolerance,
    );
  });
}

describe.each(named)('$name', ({ f }) => {
  test('is finite, and as the oracle has it, at 0, ±1e-8, ±30, ±750, ±1e30 and in between', async () => {
    const far = [0, 1e-8, 30, 750, 1e30].flatMap((x) => [x, -x]);
    const xs = [...far, ...sampleNumbers(53, { seed: 2, low: -12, high: 12 })];
    const { oracle, others } = await everywhere(f, xs);
    [oracle, ...others].forEach((results, which) => {
      for (const value of results.flat()) expect(value).toSatisfy(Number.isFinite);
      const reach = f.type === 'sine' && which > exact.length ? farthestAngle : Number.POSITIVE_INFINITY;
      const compared = (list: readonly number[]) => list.filter((_, i) => Math.abs(xs[i]!) <= reach);
      results.forEach((list, i) => {
        expectNear(compared(list), compared(oracle[i]!), 2e-5);
      });
    });
  });

  test('lets NaN through', async () => {
    const { oracle, others } = await everywhere(f, [Number.NaN, 1, Number.NaN, -1, 0]);
    for (const [y] of [oracle, ...others]) expect([y![0], y![2]]).toEqual([Number.NaN, Number.NaN]);
  });
});

describe.each(Object.values(losses).map((make) => ({ name: make.type, loss: make() as Loss })))(
  '$name',
  ({ loss }) => {
    test('and its gradient are the oracle’s on every backend', async () => {
      const [x, y] = [placeholder('x', [7, 5]), placeholder('y', [7, 5])];
      const each = loss.compute(x, y);
      const roots = [each, grad(each.mean(), [x])[0]!];
      const inputs = {
        x: sampleNumbers(35, { seed: 4, low: -4, high: 4 }),
        y: Array.from({ length: 35 }, (_, i) => Number(i % 5 === (i * i) % 3)),
      };
      const oracle = evaluate(roots, inputs);
      for (const backend of backends) {
        const results = await computeOn(backend, roots, inputs);
        results.forEach((list, i) => {
          expectNear(Array.from(list), Array.from(oracle[i]!), 1e-5);
        });
      }
    });
  },
);
