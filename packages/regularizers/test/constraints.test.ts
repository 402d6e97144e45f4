// Constraints: what they make of a weight, and that trainings keep to them after each step.
import { cpu } from '@neurite/backend-cpu';
import {
  type Constraint,
  evaluate,
  type NumberArray,
  placeholder,
  registry,
  sequential,
  toData,
  train,
} from '@neurite/core';
import { sampleNumbers } from '@neurite/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as regularizers from '../src/index.ts';
import { descent, linear, squares } from './linear.ts';

const { maxNorm, nonNegative, unitNorm } = regularizers;

function projected(
  constraint: Constraint,
  shape: readonly number[],
  values: readonly number[],
  dtype: 'float32' | 'float64' = 'float64',
): number[] {
  const w = placeholder('w', shape, { dtype });
  const result = constraint.project(w);
  expect([result.shape, result.dtype]).toEqual([shape, dtype]);
  return [...evaluate([result], { w: values })[0]!];
}

/** The norm of each unit's incoming weights: columns are along the last axis. */
const norms = (weights: ArrayLike<number>, units: number): number[] =>
  Array.from({ length: units }, (_, unit) =>
    Math.hypot(...Array.from(weights).filter((_, i) => i % units === unit)),
  );

/** What must hold of a weight [n, units] after each step. */
const kept: Record<string, (weights: ArrayLike<number>, units: number) => void> = {
  maxNorm: (weights, units) => {
    for (const norm of norms(weights, units)) expect(norm).toBeLessThanOrEqual(0.5 * (1 + 1e-6));
  },
  unitNorm: (weights, units) => {
    for (const norm of norms(weights, units)) expect(norm).toBeCloseTo(1, 6);
  },
  nonNegative: (weights) => {
    for (const weight of Array.from(weights)) expect(weight).toBeGreaterThanOrEqual(0);
  },
};
const all = [maxNorm({ limit: 0.5 }), unitNorm(), nonNegative()];

describe.each(all)('$type', (constraint) => {
  const matrices = fc
    .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 4 }), fc.nat(10_000))
    .map(([inputs, units, seed]) => ({
      shape: [inputs, units],
      values: [...sampleNumbers(inputs * units, { seed, low: -2, high: 2 })],
    }));

  test('gives what is allowed, and leaves that as it is', () => {
    fc.assert(
      fc.property(matrices, ({ shape, values }) => {
        const once = projected(constraint, shape, values);
        kept[constraint.type]!(once, shape[1]!);
        projected(constraint, shape, once).forEach((value, i) => {
          expect(value).toBeCloseTo(once[i]!, 14);
        });
      }),
      { numRuns: 50 },
    );
  });

  test('gives the nearest that is allowed', () => {
    const distance = (a: readonly number[], b: readonly number[]) =>
      Math.hypot(...a.map((x, i) => x - b[i]!));
    fc.assert(
      fc.property(matrices, fc.nat(10_000), ({ shape, values }, seed) => {
        const other = projected(constraint, shape, [
          ...sampleNumbers(values.length, { seed, low: -1, high: 1 }),
        ]);
        const nearest = projected(constraint, shape, values);
        expect(distance(nearest, values)).toBeLessThanOrEqual(distance(other, values) + 1e-12);
      }),
      { numRuns: 50 },
    );
  });

  test('takes weights of 0 and very small ones without NaN, in float32 too', () => {
    for (const dtype of ['float32', 'float64'] as const) {
      const values = projected(constraint, [2, 3], [0, 1e-30, 3, 0, 0, -4], dtype);
      expect(values.every(Number.isFinite)).toBe(true);
      expect([values[0], values[3]]).toEqual([0, 0]);
    }
  });

  test('takes any number of axes, over all but the last', () => {
    const values = [...sampleNumbers(12, { seed: 4, low: -3, high: 3 })];
    const flat = projected(constraint, [6, 2], values);
    expect(projected(constraint, [3, 2, 2], values)).toEqual(flat);
    expect(projected(constraint, [1, 6, 2], values)).toEqual(flat);
    // A vector has one incoming weight for each unit.
    expect(projected(constraint, [12], values)).toEqual(projected(constraint, [1, 12], values));
    expect(projected(constraint, [], [3])).toEqual(projected(constraint, [1], [3]));
  });

  test('comes back from data', () => {
    const neurite = registry().use(regularizers);
    const data = toData(constraint);
    expect(toData(neurite.make('constraint', JSON.parse(JSON.stringify(data))))).toEqual(data);
  });

  /** The parameters after each of some steps that pull hard: as the training's or as a layer's constraint. */
  async function trained(where: 'training' | 'layer' | 'nowhere'): Promise<Record<string, NumberArray>[]> {
    const first = linear({ units: 4, name: 'first', ...(where === 'layer' && { constraint }) });
    const network = sequential([3], [first, linear({ units: 2, name: 'last' })]);
    const trainer = await train(network, {
      loss: squares(),
      optimizer: descent({ learningRate: 0.2 }),
      backend: cpu(),
      dtype: 'float64',
      seed: 5,
      ...(where === 'training' && { constraint }),
    });
    const data = {
      inputs: sampleNumbers(8 * 3, { seed: 1, low: -1, high: 1 }),
      targets: sampleNumbers(8 * 2, { seed: 2, low: -4, high: 4 }),
    };
    const path: Record<string, NumberArray>[] = [];
    for (let step = 0; step < 12; step++) {
      await trainer.step(data);
      path.push(await trainer.readParameters());
    }
    trainer.release();
    return path;
  }

  test('keeps every weight of a training after each step, and no bias', async () => {
    const path = await trained('training');
    for (const parameters of path) {
      kept[constraint.type]!(parameters['first.weight']!, 4);
      kept[constraint.type]!(parameters['last.weight']!, 2);
    }
    const biases = [...path.at(-1)!['first.bias']!, ...path.at(-1)!['last.bias']!];
    expect(biases.some((bias) => bias < 0)).toBe(true);
    expect(biases.some((bias) => Math.abs(bias) > 0.5)).toBe(true);
    expect(biases.some((bias) => Math.abs(Math.abs(bias) - 1) > 0.1)).toBe(true);
  });

  test('keeps the weight of its layer alone', async () => {
    for (const parameters of await trained('layer')) kept[constraint.type]!(parameters['first.weight']!, 4);
    const last = (await trained('layer')).at(-1)!['last.weight']!;
    expect(() => kept[constraint.type]!(last, 2)).toThrow();
  });

  test('is applied to where the step leads: the gradient is that of the weights as they were', async () => {
    const [free, held] = [(await trained('nowhere'))[0]!, (await trained('training'))[0]!];
    expect(held['first.bias']).toEqual(free['first.bias']);
    for (const [name, units] of [
      ['first.weight', 4],
      ['last.weight', 2],
    ] as const) {
      const weight = [...free[name]!];
      const wanted = projected(constraint, [weight.length / units, units], weight);
      held[name]!.forEach((value, i) => void expect(value).toBeCloseTo(wanted[i]!, 14));
    }
  });
});

describe('by hand', () => {
  // The columns are (3, 4), (0.3, 0.4) and (0, −1).
  const [shape, weight] = [
    [2, 3],
    [3, 0.3, 0, 4, 0.4, -1],
  ] as const;

  test('maxNorm shortens what is too long and leaves the rest to the last digit', () => {
    expect(projected(maxNorm({ limit: 1 }), shape, weight)).toEqual([0.6, 0.3, 0, 0.8, 0.4, -1]);
    expect(projected(maxNorm({ limit: 7 }), shape, weight)).toEqual([...weight]);
    expect(projected(maxNorm(), shape, weight)).toEqual([1.2, 0.3, 0, 1.6, 0.4, -1]);
  });

  test('unitNorm makes every column 1 long', () => {
    projected(unitNorm(), shape, weight).forEach((value, i) => {
      expect(value).toBeCloseTo([0.6, 0.6, 0, 0.8, 0.8, -1][i]!, 14);
    });
  });

  test('nonNegative takes what is below 0 away', () => {
    expect(projected(nonNegative(), shape, weight)).toEqual([3, 0.3, 0, 4, 0.4, 0]);
  });

  test('maxNorm refuses a limit that is not above 0', () => {
    expect(() => maxNorm({ limit: 0 })).toThrow('maxNorm: limit must be a number above 0, but got 0');
  });
});
