// Values and slopes of the classic activations; everyActivation.test.ts has the whole family.
import { cpu } from '@neurite/backend-cpu';
import { type Activation, evaluate, glorotUniform, grad, heNormal, placeholder, toData } from '@neurite/core';
import { computeOn } from '@neurite/testing';
import { describe, expect, test } from 'vitest';
import * as activations from '../src/index.ts';
import reference from './fixtures/activations.json' with { type: 'json' };

const { identity, leakyRelu, relu, sigmoid, tanh } = activations;
type DType = 'float32' | 'float64';

/** y and dy/dx at each x, by the oracle and by the CPU backend. */
async function valueAndSlope(f: Activation, xs: readonly number[], dtype: DType) {
  const x = placeholder('x', [xs.length], { dtype });
  const y = f.apply(x);
  const roots = [y, grad(y.sum(), [x])[0]!];
  const asLists = (results: readonly ArrayLike<number>[]) => ({
    y: Array.from(results[0]!),
    dy: Array.from(results[1]!),
  });
  return {
    oracle: asLists(evaluate(roots, { x: xs })),
    cpu: asLists(await computeOn(cpu(), roots, { x: xs })),
  };
}

const all: readonly Activation[] = [identity, leakyRelu, relu, sigmoid, tanh].map((make) => make());

describe('PyTorch', () => {
  const ours: Record<keyof typeof reference.activations, Activation> = {
    sigmoid: sigmoid(),
    tanh: tanh(),
    relu: relu(),
    'leakyRelu(slope=0.01)': leakyRelu(),
    'leakyRelu(slope=0.2)': leakyRelu({ slope: 0.2 }),
  };

  test('has something to say to each of them but the identity', () => {
    const compared = new Set(Object.values(ours).map(({ type }) => type));
    expect([...compared, 'identity'].sort()).toEqual(all.map(({ type }) => type).sort());
  });

  test.each(
    Object.entries(ours).flatMap(([name, f]) => [
      { name, f, dtype: 'float64' as const, tolerance: 1e-9 },
      { name, f, dtype: 'float32' as const, tolerance: 1e-6 },
    ]),
  )('$name agrees in value and slope, in $dtype to $tolerance', async ({ name, f, dtype, tolerance }) => {
    const expected = reference.activations[name as keyof typeof ours];
    const computed = await valueAndSlope(f, reference.x, dtype);
    for (const { y, dy } of Object.values(computed)) {
      reference.x.forEach((x, i) => {
        expect(Math.abs(y[i]! - expected.y[i]!), `${name}(${x})`).toBeLessThanOrEqual(tolerance);
        expect(Math.abs(dy[i]! - expected.dy[i]!), `slope of ${name} at ${x}`).toBeLessThanOrEqual(tolerance);
      });
    }
  });

  test('the far tail of sigmoid has its digits, where 1 − y would have none', async () => {
    const { cpu: far } = await valueAndSlope(sigmoid(), [-100, -20], 'float64');
    expect(far.y[0]! / 3.72007598e-44).toBeCloseTo(1, 8);
    expect(far.dy[0]! / 3.72007598e-44).toBeCloseTo(1, 8);
    expect(far.dy[1]! / 2.06115361e-9).toBeCloseTo(1, 8);
  });
});

test.each(all)('$type never falls: a larger x gives no smaller y', async (f) => {
  const xs = Array.from({ length: 401 }, (_, i) => (i - 200) / 10);
  const { y } = (await valueAndSlope(f, xs, 'float32')).cpu;
  for (let i = 1; i < xs.length; i++) expect(y[i]).toBeGreaterThanOrEqual(y[i - 1]!);
});

describe('kinks', () => {
  test('relu′(0) = 0, from either side of zero', async () => {
    const { oracle, cpu: computed } = await valueAndSlope(relu(), [0, -0, 1e-40, -1e-40], 'float64');
    expect(oracle.dy).toEqual([0, 0, 1, 0]);
    expect(computed.dy).toEqual([0, 0, 1, 0]);
    expect(oracle.y).toEqual([0, 0, 1e-40, 0]);
  });

  test('leakyRelu′(0) is the slope', async () => {
    const { oracle, cpu: computed } = await valueAndSlope(
      leakyRelu({ slope: 0.3 }),
      [0, -0, 1, -1],
      'float64',
    );
    expect(oracle.dy).toEqual([0.3, 0.3, 1, 0.3]);
    expect(computed.dy).toEqual(oracle.dy);
  });

  test('the slope of leakyRelu may be 0, 1 or negative', async () => {
    const at = async (slope: number) => (await valueAndSlope(leakyRelu({ slope }), [-2, 3], 'float64')).cpu;
    expect(await at(0)).toEqual({ y: [-0, 3], dy: [0, 1] });
    expect(await at(1)).toEqual({ y: [-2, 3], dy: [1, 1] });
    expect(await at(-1)).toEqual({ y: [2, 3], dy: [-1, 1] });
  });
});

describe('formulas', () => {
  const xs = Array.from({ length: 801 }, (_, i) => (i - 400) / 20);

  test.each([
    { dtype: 'float64' as const, tolerance: 1e-15 },
    { dtype: 'float32' as const, tolerance: 4e-7 },
  ])('tanh x = 2 σ(2x) − 1 on −20 … 20, in $dtype to $tolerance', async ({ dtype, tolerance }) => {
    const x = placeholder('x', [xs.length], { dtype });
    const roots = [tanh().apply(x), sigmoid().apply(x.mul(2)).mul(2).sub(1)];
    for (const [a, b] of [evaluate(roots, { x: xs }), await computeOn(cpu(), roots, { x: xs })]) {
      const worst = Math.max(...Array.from(a!, (y, i) => Math.abs(y - b![i]!)));
      expect(worst).toBeLessThanOrEqual(tolerance);
    }
  });

  test('σ lies in 0 … 1, is 0.5 at 0, steepest there with 1/4, and σ(−x) = 1 − σ(x)', async () => {
    const { y, dy } = (await valueAndSlope(sigmoid(), xs, 'float64')).cpu;
    expect(y[400]).toBe(0.5);
    expect(Math.max(...dy)).toBe(0.25);
    expect(dy[400]).toBe(0.25);
    expect(Math.min(...y)).toBeGreaterThan(0);
    expect(Math.max(...y)).toBeLessThan(1);
    y.forEach((value, i) => void expect(value + y[800 - i]!).toBeCloseTo(1, 15));
  });

  test('leakyRelu is 1(x < 0)(a x) + 1(x ≥ 0)(x)', async () => {
    const { y } = (await valueAndSlope(leakyRelu(), xs, 'float64')).cpu;
    y.forEach(
      (value, i) =>
        void expect(value).toBe((xs[i]! < 0 ? 1 : 0) * 0.01 * xs[i]! + (xs[i]! >= 0 ? 1 : 0) * xs[i]!),
    );
    const [at] = (await valueAndSlope(leakyRelu(), [-1], 'float64')).oracle.y;
    expect(at).toBe(-0.01);
  });

  test('the identity gives what it gets, the very tensor', () => {
    const x = placeholder('x', [2]);
    expect(identity().apply(x)).toBe(x);
  });

  test('no two activations are the same function', async () => {
    const values = await Promise.all(
      all.map(async (f) => (await valueAndSlope(f, [-1.5, 0.5], 'float32')).cpu.y.join()),
    );
    expect(new Set(values).size).toBe(all.length);
  });
});

test('rectifiers ask for He’s weights, the others for Glorot’s, the identity for none', () => {
  const wanted = Object.fromEntries(all.map((f) => [f.type, f.initializer && toData(f.initializer)]));
  const [he, glorot] = [toData(heNormal()), toData(glorotUniform())];
  expect(wanted).toEqual({ identity: undefined, leakyRelu: he, relu: he, sigmoid: glorot, tanh: glorot });
});

test('each is called what its export is called', () => {
  for (const [name, definition] of Object.entries(activations)) expect(definition.type).toBe(name);
});
