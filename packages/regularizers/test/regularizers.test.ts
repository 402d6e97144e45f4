// Values and gradients of every penalty.
import { cpu } from '@neurite/backend-cpu';
import { evaluate, grad, placeholder, type Regularizer } from '@neurite/core';
import { checkGradient, computeOn } from '@neurite/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as regularizers from '../src/index.ts';

const { l1, l2 } = regularizers;

/** The penalty on `values` and its gradient, by the oracle and by the CPU backend. */
async function penaltyOf(
  regularizer: Regularizer,
  values: readonly number[],
  dtype: 'float32' | 'float64' = 'float64',
) {
  const w = placeholder('w', [values.length], { dtype });
  const penalty = regularizer.penalty(w);
  expect([penalty.shape, penalty.dtype]).toEqual([[], dtype]);
  const roots = [penalty, grad(penalty, [w])[0]!];
  return [evaluate(roots, { w: values }), await computeOn(cpu(), roots, { w: values })].map(
    ([value, gradient]) => ({
      value: value![0]!,
      gradient: [...gradient!],
    }),
  );
}

describe.each([l1, l2])('$type', (definition) => {
  test('has the gradient of its central differences, for any shape', () => {
    const shape = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 });
    fc.assert(
      fc.property(
        shape,
        fc.double({ min: 1e-3, max: 2, noNaN: true }),
        fc.nat(1000),
        (sizes, strength, seed) => {
          const penalty = definition({ strength }).penalty;
          // Away from 0, where |w| has its kink.
          checkGradient(penalty, [{ shape: sizes, range: [0.01, 3] }], { seed });
          checkGradient(penalty, [{ shape: sizes, range: [-3, -0.01] }], { seed });
        },
      ),
      { numRuns: 30 },
    );
  });

  test('is nothing, with a gradient of nothing, at w = 0 and at strength 0', async () => {
    for (const result of await penaltyOf(definition({ strength: 0.5 }), [0, 0])) {
      expect(result).toEqual({ value: 0, gradient: [0, 0] });
    }
    for (const { value, gradient } of await penaltyOf(definition({ strength: 0 }), [3, -4])) {
      expect([value, ...gradient].map(Math.abs)).toEqual([0, 0, 0]);
    }
  });

  test('grows in proportion to its strength, which is 1e-4 by default', async () => {
    const at = async (regularizer: Regularizer) => (await penaltyOf(regularizer, [3, -4]))[1]!.value;
    const one = await at(definition({ strength: 1 }));
    expect(await at(definition({ strength: 0.25 }))).toBeCloseTo(one / 4, 14);
    expect(await at(definition())).toBeCloseTo(one / 10_000, 14);
  });

  test('is finite for numbers of ±1e4 in float32', async () => {
    for (const { value, gradient } of await penaltyOf(definition(), [1e4, -1e4], 'float32')) {
      expect([value, ...gradient].every(Number.isFinite)).toBe(true);
    }
  });
});

test('l2 is strength / 2 · Σ w², so that its gradient is strength · w', async () => {
  for (const result of await penaltyOf(l2({ strength: 0.5 }), [3, -4, 0])) {
    expect(result).toEqual({ value: 6.25, gradient: [1.5, -2, 0] });
  }
});

test('l1 is strength · Σ |w|, so that its gradient is ±strength, and 0 at w = 0', async () => {
  for (const { value, gradient } of await penaltyOf(l1({ strength: 0.5 }), [3, -4, 0, -0])) {
    expect(value).toBe(3.5);
    expect(gradient.map((g) => g + 0)).toEqual([0.5, -0.5, 0, 0]);
  }
});

test('each is called what its export is called', () => {
  for (const [name, definition] of Object.entries(regularizers)) expect(definition.type).toBe(name);
});
