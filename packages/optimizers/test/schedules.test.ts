// Schedules against PyTorch's lr_scheduler, at their ends and beyond, and option by option.
import type { Schedule } from '@neurite/core';
import { describe, expect, test } from 'vitest';
import * as optimizers from '../src/index.ts';
import reference from './fixtures/pytorch.json' with { type: 'json' };
import { walk } from './walk.ts';

const {
  constantRate,
  cosineDecay,
  cosineRestarts,
  exponentialDecay,
  inverseTimeDecay,
  oneCycle,
  polynomialDecay,
  sgd,
  stepDecay,
  warmup,
} = optimizers;

const rates = (schedule: Schedule, steps: number): number[] =>
  Array.from({ length: steps }, (_, step) => schedule.rate(step));

const expectRates = (schedule: Schedule, at: Readonly<Record<number, number>>): void => {
  for (const [step, rate] of Object.entries(at)) {
    expect(schedule.rate(Number(step)), `step ${step}`).toBeCloseTo(rate, 14);
  }
};

const likePytorch: Record<keyof typeof reference.schedules, Schedule> = {
  stepDecay: stepDecay({ initial: 0.1, factor: 0.5, every: 7 }),
  exponentialDecay: exponentialDecay({ initial: 0.1, factor: 0.9, every: 1 }),
  polynomialDecay: polynomialDecay({ initial: 0.1, steps: 25, power: 2 }),
  cosineDecay: cosineDecay({ initial: 0.1, floor: 0.01, steps: 30 }),
  cosineRestarts: cosineRestarts({ initial: 0.1, floor: 0.01, period: 8 }),
  'cosineRestarts, multiplier 2': cosineRestarts({ initial: 0.1, floor: 0.01, period: 5, multiplier: 2 }),
  warmup: warmup({ steps: 6, before: 0.1 }),
  'warmup, stepDecay': warmup({
    steps: 6,
    start: 0.25,
    before: stepDecay({ initial: 0.1, factor: 0.5, every: 7 }),
  }),
  oneCycle: oneCycle({ peak: 0.1, steps: 40 }),
  'oneCycle, linear': oneCycle({
    peak: 0.1,
    steps: 40,
    rise: 0.25,
    shape: 'linear',
    startDivisor: 10,
    endDivisor: 100,
  }),
};

test.each(Object.entries(likePytorch))('%s gives the rates of PyTorch, step by step', (name, schedule) => {
  const pytorch = reference.schedules[name as keyof typeof likePytorch];
  const own = rates(schedule, pytorch.length);
  const differences = own.map((rate, step) => Math.abs(rate - pytorch[step]!));
  expect(Math.max(...differences)).toBeLessThan(1e-15);
});

describe('by hand, first, in the middle, last and after the end', () => {
  test('constantRate', () => {
    expectRates(constantRate({ rate: 0.3 }), { 0: 0.3, 7: 0.3, 1000000: 0.3 });
    expectRates(constantRate(), { 0: 0.01 });
  });

  test('stepDecay', () => {
    expectRates(stepDecay({ initial: 8, factor: 0.5, every: 10 }), {
      0: 8,
      9: 8,
      10: 4,
      19: 4,
      20: 2,
      35: 1,
    });
    expectRates(stepDecay(), { 0: 0.01, 999: 0.01, 1000: 0.001, 2000: 0.0001 });
  });

  test('polynomialDecay', () => {
    const schedule = polynomialDecay({ initial: 1, floor: 0.2, steps: 10, power: 3 });
    expectRates(schedule, { 0: 1, 5: 0.2 + 0.8 / 8, 9: 0.2 + 0.8 / 1000, 10: 0.2, 11: 0.2, 500: 0.2 });
    expectRates(polynomialDecay(), { 0: 0.01, 500: 0.005, 1000: 0, 5000: 0 });
  });

  test('inverseTimeDecay', () => {
    expectRates(inverseTimeDecay({ initial: 1, decay: 3, every: 10 }), {
      0: 1,
      5: 0.4,
      10: 1 / 4,
      30: 1 / 10,
    });
    expectRates(inverseTimeDecay({ initial: 1, decay: 0 }), { 0: 1, 9999: 1 });
    expectRates(inverseTimeDecay(), { 0: 0.01, 1000: 0.005, 3000: 0.0025 });
  });

  test('cosineDecay', () => {
    const schedule = cosineDecay({ initial: 1, floor: 0.2, steps: 12 });
    const middle = 0.2 + 0.4 * (1 + Math.SQRT1_2);
    expectRates(schedule, { 0: 1, 3: middle, 4: 0.8, 6: 0.6, 8: 0.4, 12: 0.2, 13: 0.2, 24: 0.2 });
    expectRates(cosineDecay(), { 0: 0.01, 500: 0.005, 1000: 0, 1500: 0 });
  });

  test('cosineRestarts', () => {
    const schedule = cosineRestarts({ initial: 1, floor: 0.2, period: 6, multiplier: 3 });
    // Periods of 6, 18 and 54 begin at 0, 6 and 24.
    expectRates(schedule, { 0: 1, 2: 0.8, 3: 0.6, 6: 1, 12: 0.8, 15: 0.6, 24: 1, 51: 0.6, 78: 1 });
    expectRates(cosineRestarts(), { 0: 0.01, 500: 0.005, 1000: 0.01, 7500: 0.005, 1000000000: 0.01 });
  });

  test('warmup', () => {
    expectRates(warmup({ steps: 4, start: 0.5, before: 0.8 }), {
      0: 0.4,
      1: 0.5,
      2: 0.6,
      3: 0.7,
      4: 0.8,
      99: 0.8,
    });
    const before = exponentialDecay({ initial: 0.8, factor: 0.5, every: 1 });
    expectRates(warmup({ steps: 4, start: 0.5, before }), { 0: 0.4, 2: 0.6, 4: 0.8, 5: 0.4, 6: 0.2 });
    expectRates(warmup(), { 0: 0.01 / 3, 500: 0.02 / 3, 1000: 0.01, 5000: 0.01 });
  });

  test('warmup in front of a warmup', () => {
    const before = warmup({ steps: 2, start: 0.5, before: 1 });
    expectRates(warmup({ steps: 2, start: 0.5, before }), { 0: 0.25, 1: 0.375, 2: 0.5, 3: 0.75, 4: 1 });
  });

  test('oneCycle', () => {
    const schedule = oneCycle({ peak: 1, steps: 21, rise: 11 / 21, startDivisor: 5, endDivisor: 4 });
    // Up over the first ten steps, down over the next ten.
    expectRates(schedule, { 0: 0.2, 5: 0.6, 10: 1, 15: 0.525, 20: 0.05, 21: 0.05, 1000: 0.05 });
    expectRates(oneCycle(), { 0: 0.0004, 299: 0.01, 999: 4e-8, 5000: 4e-8 });
  });

  test('oneCycle of few steps or without a rise begins at its peak or ends at once', () => {
    expectRates(oneCycle({ peak: 1, steps: 10, rise: 0.1 }), { 0: 1, 9: 4e-6 });
    expectRates(oneCycle({ peak: 1, steps: 1 }), { 0: 4e-6, 1: 4e-6 });
    for (const rate of rates(oneCycle({ peak: 1, steps: 3, rise: 0 }), 6))
      expect(Number.isFinite(rate)).toBe(true);
  });
});

const smooth: Schedule[] = [
  constantRate(),
  exponentialDecay(),
  polynomialDecay({ power: 2 }),
  polynomialDecay({ floor: 0.001 }),
  inverseTimeDecay(),
  cosineDecay(),
  cosineDecay({ floor: 0.001 }),
  warmup({ steps: 300, before: cosineDecay({ steps: 700 }) }),
  warmup({ steps: 300, before: 0.01 }),
  oneCycle(),
  oneCycle({ shape: 'linear' }),
];
const jumping: Schedule[] = [stepDecay(), cosineRestarts({ period: 300, multiplier: 2 })];

test.each(smooth)(
  '%# $type has no jumps: no step changes the rate by a fiftieth of the largest',
  (schedule) => {
    const all = rates(schedule, 2500);
    const largest = Math.max(...all);
    for (const [step, rate] of all.slice(1).entries()) {
      expect(Math.abs(rate - all[step]!), `step ${step + 1}`).toBeLessThan(largest / 50);
    }
  },
);

test.each([...smooth, ...jumping])(
  '%# $type is a finite number and never negative; above 0 before its end',
  (schedule) => {
    for (const [step, rate] of rates(schedule, 2500).entries()) {
      expect(Number.isFinite(rate)).toBe(true);
      expect(rate, `step ${step}`)[step < 1000 ? 'toBeGreaterThan' : 'toBeGreaterThanOrEqual'](0);
    }
  },
);

describe('each option makes a difference', () => {
  const others: Record<string, Record<string, unknown>> = {
    constantRate: { rate: 0.5 },
    stepDecay: { initial: 0.5, factor: 0.3, every: 7 },
    polynomialDecay: { initial: 0.5, floor: 0.003, steps: 30, power: 2 },
    inverseTimeDecay: { initial: 0.5, decay: 2, every: 7 },
    cosineDecay: { initial: 0.5, floor: 0.003, steps: 30 },
    cosineRestarts: { initial: 0.5, floor: 0.003, period: 30, multiplier: 2 },
    warmup: { steps: 30, start: 0.5, before: 0.5 },
    oneCycle: { peak: 0.5, steps: 30, rise: 0.7, startDivisor: 3, endDivisor: 3, shape: 'linear' },
  };
  const all = [
    constantRate,
    stepDecay,
    polynomialDecay,
    inverseTimeDecay,
    cosineDecay,
    cosineRestarts,
    warmup,
    oneCycle,
  ] as ((options?: object) => Schedule)[];

  test.each(
    all.flatMap((make) => Object.keys(make().options).map((option) => ({ option, type: make().type, make }))),
  )('$option of $type', ({ type, option, make }) => {
    const after = make({ [option]: others[type]![option] });
    expect(rates(after, 3000)).not.toEqual(rates(make(), 3000));
  });
});

test('an optimizer takes each step at the rate of the schedule', async () => {
  const learningRate = warmup({
    steps: 2,
    start: 0.5,
    before: stepDecay({ initial: 1, factor: 0.5, every: 1 }),
  });
  expect(await walk(sgd({ learningRate }), [0], Array(5).fill([1]))).toEqual([
    [-0.5],
    [-1.25],
    [-2.25],
    [-2.75],
    [-3],
  ]);
});

describe('each option has its default, and its limits', () => {
  const rate = { initially: 0.01, refused: [0, -1, Number.NaN] };
  const fromZero = { accepted: [0, 1e-3], refused: [-1e-3] };
  const count = { accepted: [1, 2], refused: [0, 1.5, -1] };
  const steps = { initially: 1000, ...count };
  const factor = { accepted: [1e-3, 1], refused: [0, -0.5, 1.001] };
  type Limits = { readonly initially: unknown; readonly accepted?: unknown[]; readonly refused: unknown[] };
  const table: Record<string, Record<string, Limits>> = {
    constantRate: { rate },
    cosineDecay: { initial: rate, floor: { initially: 0, ...fromZero }, steps },
    cosineRestarts: {
      initial: rate,
      floor: { initially: 0, ...fromZero },
      period: steps,
      multiplier: { initially: 1, ...count },
    },
    exponentialDecay: { initial: rate, factor: { initially: 0.5, ...factor }, every: steps },
    inverseTimeDecay: { initial: rate, decay: { initially: 1, ...fromZero }, every: steps },
    oneCycle: {
      peak: rate,
      steps,
      rise: { initially: 0.3, accepted: [0, 0.999], refused: [1, -0.1] },
      startDivisor: { ...rate, initially: 25 },
      endDivisor: { ...rate, initially: 10_000 },
      shape: { initially: 'cosine', accepted: ['cosine', 'linear'], refused: ['square', 1] },
    },
    polynomialDecay: {
      initial: rate,
      floor: { initially: 0, ...fromZero },
      steps,
      power: { ...rate, initially: 1 },
    },
    reduceOnPlateau: {
      initial: rate,
      factor: { initially: 0.1, accepted: [0.999], refused: [0, 1] },
      patience: { initially: 10, accepted: [0, 1], refused: [-1, 1.5] },
      threshold: { initially: 1e-4, ...fromZero },
      cooldown: { initially: 0, accepted: [1], refused: [-1, 1.5] },
      minimum: { initially: 0, ...fromZero },
    },
    stepDecay: { initial: rate, factor: { initially: 0.1, ...factor }, every: steps },
    warmup: { steps, start: { ...factor, initially: 1 / 3 }, before: rate },
  };

  const definitions = new Map(Object.entries(optimizers).filter(([, { kind }]) => kind === 'schedule'));

  test.each(
    Object.entries(table).flatMap(([type, options]) =>
      Object.entries(options).map(([option, limits]) => ({ type, option, ...limits })),
    ),
  )('$type: $option', ({ type, option, initially, accepted = [], refused }) => {
    const make = definitions.get(type) as unknown as (options?: object) => Schedule;
    expect(make().options[option]).toBe(initially);
    for (const value of accepted) expect(make({ [option]: value }).options[option]).toBe(value);
    for (const value of refused)
      expect(() => make({ [option]: value })).toThrow(`${type}: ${option} must be`);
  });

  test('all of them', () => {
    const options = [...definitions].map(([name, { schema }]) => [name, Object.keys(schema)]);
    expect(Object.fromEntries(options)).toEqual(
      Object.fromEntries(Object.entries(table).map(([name, limits]) => [name, Object.keys(limits)])),
    );
  });
});

test('numbers that do not make sense are refused', () => {
  expect(() => stepDecay({ every: 0 })).toThrow('stepDecay: every must be a whole number from 1, but got 0');
  expect(() => cosineRestarts({ multiplier: 1.5 })).toThrow(
    'cosineRestarts: multiplier must be a whole number from 1',
  );
  expect(() => warmup({ start: 0 })).toThrow('warmup: start must be a number');
  expect(() => warmup({ before: -1 })).toThrow(
    'warmup: before must be a number above 0 or a schedule, but got -1',
  );
  expect(() => oneCycle({ rise: 1 })).toThrow('oneCycle: rise must be a number from 0 below 1, but got 1');
  expect(() => oneCycle({ shape: 'square' as never })).toThrow(
    'oneCycle: shape must be one of "cosine", "linear"',
  );
});
