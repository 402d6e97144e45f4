// elasticNet and orthogonal: values by hand, gradients, options, and a pull that does not depend on the batch.
import { cpu } from '@neurite/backend-cpu';
import {
  evaluate,
  glorotUniform,
  grad,
  layer,
  loss,
  optimizer,
  placeholder,
  type Regularizer,
  sequential,
  train,
} from '@neurite/core';
import { checkGradient, computeOn } from '@neurite/testing';
import { describe, expect, test } from 'vitest';
import { elasticNet, l1, l2, orthogonal } from '../src/index.ts';

/** The penalty on `values` and its gradient, by the oracle and by the CPU backend. */
async function penaltiesOf(regularizer: Regularizer, shape: readonly number[], values: readonly number[]) {
  const w = placeholder('w', shape, { dtype: 'float64' });
  const penalty = regularizer.penalty(w);
  expect([penalty.shape, penalty.dtype]).toEqual([[], 'float64']);
  const roots = [penalty, grad(penalty, [w])[0]!];
  return [evaluate(roots, { w: values }), await computeOn(cpu(), roots, { w: values })].map(
    ([value, gradient]) => ({ value: value![0]!, gradient: [...gradient!] }),
  );
}

const close = (actual: readonly number[], wanted: readonly number[]): void => {
  expect(actual.length).toBe(wanted.length);
  actual.forEach((value, i) => void expect(value).toBeCloseTo(wanted[i]!, 13));
};

describe('elasticNet', () => {
  test('is l1 · Σ |w| + l2 / 2 · Σ w²', async () => {
    for (const { value, gradient } of await penaltiesOf(elasticNet({ l1: 0.5, l2: 0.25 }), [3], [3, -4, 0])) {
      expect(value).toBeCloseTo(0.5 * 7 + 0.125 * 25, 14);
      close(gradient, [0.5 + 0.75, -0.5 - 1, 0]);
    }
  });

  test('is l1 and l2 added up, and either of them where the other is 0', async () => {
    const values = [0.3, -2, 0, 1.5];
    const at = async (regularizer: Regularizer) => (await penaltiesOf(regularizer, [2, 2], values))[1]!;
    const [one, two] = [await at(l1({ strength: 0.3 })), await at(l2({ strength: 0.7 }))];
    const both = await at(elasticNet({ l1: 0.3, l2: 0.7 }));
    expect(both.value).toBeCloseTo(one.value + two.value, 14);
    close(
      both.gradient,
      one.gradient.map((g, i) => g + two.gradient[i]!),
    );
    expect((await at(elasticNet({ l1: 0.3, l2: 0 }))).value).toBeCloseTo(one.value, 14);
    expect((await at(elasticNet({ l1: 0, l2: 0.7 }))).value).toBeCloseTo(two.value, 14);
    expect((await at(elasticNet({ l1: 0, l2: 0 }))).value).toBe(0);
  });

  test('has strengths of 1e-4', async () => {
    for (const { value } of await penaltiesOf(elasticNet(), [2], [3, -4])) {
      expect(value).toBeCloseTo(7e-4 + 12.5e-4, 15);
    }
  });

  test.each([[[0.01, 3]], [[-3, -0.01]]] as const)(
    'has the gradient of its central differences in %s',
    (range) => {
      for (const shape of [[], [5], [3, 4], [2, 3, 2]]) {
        checkGradient(elasticNet({ l1: 0.4, l2: 1.3 }).penalty, [{ shape, range }]);
      }
    },
  );

  test('refuses strengths below 0', () => {
    expect(() => elasticNet({ l1: -1 })).toThrow('elasticNet: l1 must be a number from 0');
    expect(() => elasticNet({ l2: -1 })).toThrow('elasticNet: l2 must be a number from 0');
  });
});

describe('orthogonal', () => {
  test('is strength · ‖WᵀW − I‖², by hand', async () => {
    // W = (1 2; 3 4; 0 1): WᵀW = (10 14; 14 21), so 9² + 2 · 14² + 20²; the gradient is 4 W (WᵀW − I).
    for (const { value, gradient } of await penaltiesOf(
      orthogonal({ strength: 0.5 }),
      [3, 2],
      [1, 2, 3, 4, 0, 1],
    )) {
      expect(value).toBeCloseTo(0.5 * (81 + 392 + 400), 10);
      close(
        gradient,
        [9 + 28, 14 + 40, 27 + 56, 42 + 80, 14, 20].map((g) => 2 * g),
      );
    }
  });

  test('of more units than inputs is ‖WWᵀ − I‖²', async () => {
    // The transpose of the matrix above.
    for (const { value, gradient } of await penaltiesOf(
      orthogonal({ strength: 0.5 }),
      [2, 3],
      [1, 3, 0, 2, 4, 1],
    )) {
      expect(value).toBeCloseTo(0.5 * (81 + 392 + 400), 10);
      close(
        gradient,
        [37, 83, 14, 54, 122, 20].map((g) => 2 * g),
      );
    }
  });

  test('the smaller product has the gradient of the larger, and differs from it by a constant', () => {
    const w = placeholder('w', [2, 5], { dtype: 'float64' });
    const identity = placeholder('identity', [5, 5], { dtype: 'float64' });
    const large = w.transpose().matmul(w).sub(identity).square().sum();
    const small = orthogonal({ strength: 1 }).penalty(w);
    const values = {
      w: [0.3, -1, 0.2, 0.7, 0.1, 1.1, 0.4, -0.6, 0.9, -0.2],
      identity: Array.from({ length: 25 }, (_, i) => (i % 6 === 0 ? 1 : 0)),
    };
    const [a, b, ga, gb] = evaluate([small, large, grad(small, [w])[0]!, grad(large, [w])[0]!], values);
    expect(b![0]! - a![0]!).toBeCloseTo(3, 12);
    close([...ga!], [...gb!]);
  });

  test('is nothing, with a gradient of nothing, for rotations and parts of them', async () => {
    const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
    for (const [shape, values] of [
      [
        [2, 2],
        [c, -s, s, c],
      ],
      [
        [3, 2],
        [c, -s, s, c, 0, 0],
      ],
      [
        [2, 3],
        [c, -s, 0, s, c, 0],
      ],
    ] as const) {
      for (const { value, gradient } of await penaltiesOf(orthogonal({ strength: 1 }), shape, values)) {
        expect(value).toBeCloseTo(0, 14);
        close(gradient, Array(values.length).fill(0));
      }
    }
  });

  test('has the gradient of its central differences', () => {
    for (const shape of [
      [1, 1],
      [4, 2],
      [2, 4],
      [3, 3],
      [1, 5],
    ]) {
      checkGradient(orthogonal({ strength: 0.7 }).penalty, [{ shape, range: [-2, 2] }]);
    }
  });

  test('grows in proportion to its strength, which is 1e-4 by default', async () => {
    const at = async (regularizer: Regularizer) =>
      (await penaltiesOf(regularizer, [2, 2], [1, 2, 3, 4]))[1]!.value;
    const one = await at(orthogonal({ strength: 1 }));
    expect(await at(orthogonal({ strength: 0.25 }))).toBeCloseTo(one / 4, 12);
    expect(await at(orthogonal())).toBeCloseTo(one / 10_000, 12);
    expect(await at(orthogonal({ strength: 0 }))).toBe(0);
  });

  test('takes matrices alone', () => {
    for (const shape of [[], [3], [2, 3, 4]]) {
      expect(() => orthogonal().penalty(placeholder('w', shape))).toThrow(
        'orthogonal takes a matrix, but got [',
      );
    }
  });
});

describe.each([elasticNet({ l1: 0.1, l2: 0.3 }), orthogonal({ strength: 0.05 })])('$type', (regularizer) => {
  const linear = layer('linear', {}, () => ({
    parameters: () => ({
      weight: { shape: [3, 2], initializer: glorotUniform(), fanIn: 3, fanOut: 2, role: 'weight' as const },
      bias: { shape: [2], initializer: glorotUniform(), fanIn: 3, fanOut: 2, role: 'bias' as const },
    }),
    apply: ({ weight, bias }, x) => x.matmul(weight).add(bias),
  }));
  const squares = loss('squares', {}, () => (y) => y.square().sum(-1));
  const descent = optimizer('descent', 1, {}, () => ({
    state: () => ({}),
    update: ({ gradient }) => ({ direction: gradient, state: {} }),
  }));

  /** The parameters after a step on `rows` equal rows. */
  async function after(rows: number, penalty?: Regularizer): Promise<number[]> {
    const network = sequential([3], [linear({ name: 'l' })]);
    const options = { loss: squares(), optimizer: descent(), regularizer: penalty, backend: cpu() };
    const trainer = await train(network, { ...options, dtype: 'float64' });
    await trainer.step({ inputs: Array(rows).fill([0.5, -1, 2]), targets: Array(rows).fill([0, 0]) });
    const values = await trainer.readParameters();
    trainer.release();
    return [...values['l.weight']!, ...values['l.bias']!];
  }

  test('pulls as hard whatever the size of the batch, at weights and not at biases', async () => {
    const pull = async (rows: number) => {
      const [without, with_] = [await after(rows), await after(rows, regularizer)];
      return without.map((value, i) => value - with_[i]!);
    };
    const [one, many] = [await pull(1), await pull(50)];
    close(many, one);
    expect(one.slice(0, 6).every((value) => value !== 0)).toBe(true);
    expect(one.slice(6)).toEqual([0, 0]);
  });
});
