// Every optimizer against PyTorch, against its formula worked out by hand, and against what it promises.
import type { Optimizer } from '@neurite/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { adam, momentum, sgd } from '../src/index.ts';
import reference from './fixtures/optimizers.json' with { type: 'json' };
import { descend, walk } from './walk.ts';

const largestDifference = (a: readonly number[][], b: readonly number[][]): number => {
  expect(a.map((row) => row.length)).toEqual(b.map((row) => row.length));
  return Math.max(...a.flatMap((row, step) => row.map((value, i) => Math.abs(value - b[step]![i]!))));
};

/** How far one number moves against the gradient at a step, counted from 1; called once for each number. */
type Rule = () => (gradient: number, parameter: number, step: number) => number;

const byHand = (
  rule: Rule,
  start: readonly number[],
  gradients: readonly (readonly number[])[],
): number[][] => {
  const rules = start.map(rule);
  let at = start;
  return gradients.map((gradient, i) => {
    at = at.map((w, j) => w - rules[j]!(gradient[j]!, w, i + 1));
    return [...at];
  });
};

const momentumRule =
  (rate: number, keep: number, dampening = 0): Rule =>
  () => {
    let velocity: number | undefined;
    return (gradient) => {
      velocity = velocity === undefined ? gradient : keep * velocity + (1 - dampening) * gradient;
      return rate * velocity;
    };
  };

const adamRule =
  (rate: number, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8): Rule =>
  () => {
    let mean = 0;
    let variance = 0;
    return (gradient, _, step) => {
      mean = beta1 * mean + (1 - beta1) * gradient;
      variance = beta2 * variance + (1 - beta2) * gradient ** 2;
      const [corrected, spread] = [mean / (1 - beta1 ** step), variance / (1 - beta2 ** step)];
      return (rate * corrected) / (Math.sqrt(spread) + epsilon);
    };
  };

interface Case {
  readonly optimizer: Optimizer;
  readonly rule: Rule;
}
const cases: Record<keyof typeof reference.trajectories, Case> = {
  'sgd(learningRate=0.1)': {
    optimizer: sgd({ learningRate: 0.1 }),
    rule: () => (gradient) => 0.1 * gradient,
  },
  'sgd(0.1, weightDecay=0.05)': {
    optimizer: sgd({ learningRate: 0.1, weightDecay: 0.05 }),
    rule: () => (gradient, w) => 0.1 * (gradient + 0.05 * w),
  },
  'momentum(0.1, 0.9)': { optimizer: momentum({ learningRate: 0.1 }), rule: momentumRule(0.1, 0.9) },
  'momentum(0.1, 0.9, dampening=0.5)': {
    optimizer: momentum({ learningRate: 0.1, dampening: 0.5 }),
    rule: momentumRule(0.1, 0.9, 0.5),
  },
  'adam(0.01)': { optimizer: adam({ learningRate: 0.01 }), rule: adamRule(0.01) },
  'adam(0.01, betas 0.8 0.95, epsilon=1e-6)': {
    optimizer: adam({ learningRate: 0.01, beta1: 0.8, beta2: 0.95, epsilon: 1e-6 }),
    rule: adamRule(0.01, 0.8, 0.95, 1e-6),
  },
};

describe.each(Object.entries(cases))('%s', (name, { optimizer, rule }) => {
  const { parameter, gradients, trajectories } = reference;
  const pytorch = trajectories[name as keyof typeof cases];

  test('in float64 each of twelve steps is the formula, worked out number by number, to 1e-14', async () => {
    const path = await walk(optimizer, parameter, gradients);
    expect(largestDifference(path, byHand(rule, parameter, gradients))).toBeLessThan(1e-14);
  });

  // The reference prints nine digits, so that of the numbers between 1 and 2 those after 5e-9 are unknown: for the
  // result, for the start and for each gradient.
  test('in float64 it follows PyTorch as closely as its nine digits allow: to 1e-8', async () => {
    expect(largestDifference(await walk(optimizer, parameter, gradients), pytorch)).toBeLessThan(1e-8);
  });

  test('in float32 it follows PyTorch to 1e-6', async () => {
    const path = await walk(optimizer, parameter, gradients, 'float32');
    expect(largestDifference(path, pytorch)).toBeLessThan(1e-6);
  });
});

describe('adam', () => {
  test('three steps, all numbers written down', async () => {
    // g = 0.5, −0.25, 1 with learningRate 0.1, β₁ 0.5, β₂ 0.75, ε 1e-8 from w = 1.
    // m = 0.25, 0, 0.5; m̂ = m / (1/2, 3/4, 7/8) = 0.5, 0, 4/7
    // v = 1/16, 1/16, 19/64; v̂ = v / (1/4, 7/16, 37/64) = 1/4, 1/7, 19/37
    const first = 1 - (0.1 * 0.5) / (0.5 + 1e-8);
    const third = first - (0.1 * (4 / 7)) / (Math.sqrt(19 / 37) + 1e-8);
    const options = { learningRate: 0.1, beta1: 0.5, beta2: 0.75 };
    const path = await walk(adam(options), [1], [[0.5], [-0.25], [1]]);
    [first, first, third].forEach((w, i) => void expect(path[i]![0]).toBeCloseTo(w, 12));
  });

  test.each(['float32', 'float64'] as const)(
    'the first step is about the learning rate, whatever the size of the gradient, in %s',
    async (dtype) => {
      for (const size of [1e-6, 1e-3, 1, 1e3, 1e6]) {
        const [[up, down] = []] = await walk(adam({ learningRate: 0.02 }), [0, 0], [[-size, size]], dtype);
        // ε = 1e-8 is one percent of 1e-6.
        expect(up! / 0.02, `gradient ${size}`).toBeCloseTo(size / (size + 1e-8), 6);
        expect(down).toBe(-up!);
      }
    },
  );

  test('a number whose gradient is always 0 does not move', async () => {
    for (const dtype of ['float32', 'float64'] as const) {
      expect(await walk(adam(), [3], [[0], [0], [0]], dtype)).toEqual([[3], [3], [3]]);
    }
  });

  test('a constant gradient moves it by the learning rate at every step, for thousands of them', async () => {
    const steps = 3000;
    const path = await walk(adam({ learningRate: 0.5 }), [0], Array(steps).fill([-4]));
    for (const step of [10, 100, 1000, 3000]) {
      expect(path[step - 1]![0]! / (0.5 * step)).toBeCloseTo(1, 7);
    }
  });

  test('with β₁ = β₂ = 0 it moves by the sign of the gradient', async () => {
    const path = await walk(
      adam({ learningRate: 1, beta1: 0, beta2: 0 }),
      [0, 0],
      [
        [3, -1],
        [0.5, 2],
      ],
    );
    expect(
      largestDifference(path, [
        [-1, 1],
        [-2, 0],
      ]),
    ).toBeLessThan(1e-7);
  });
});

describe('momentum', () => {
  test('a constant gradient is sped up to 1 / (1 − momentum) of it', async () => {
    const path = await walk(momentum({ learningRate: 1, momentum: 0.5 }), [0], Array(60).fill([1]));
    for (const [step, [w]] of path.entries()) {
      const before = step === 0 ? 0 : path[step - 1]![0]!;
      expect(before - w!).toBeCloseTo(2 - 0.5 ** step, 12);
    }
  });

  test('rolls on when the gradient ends', async () => {
    const path = await walk(momentum({ learningRate: 1, momentum: 0.5 }), [0], [[1], [0], [0]]);
    expect(path).toEqual([[-1], [-1.5], [-1.75]]);
  });

  test('of 0 is plain gradient descent', async () => {
    const { parameter, gradients } = reference;
    const rolling = await walk(momentum({ learningRate: 0.1, momentum: 0 }), parameter, gradients);
    expect(rolling).toEqual(await walk(sgd({ learningRate: 0.1 }), parameter, gradients));
  });

  test('is not dampened in its first step, as in PyTorch', async () => {
    const path = await walk(momentum({ learningRate: 1, momentum: 0.5, dampening: 0.75 }), [0], [[1], [1]]);
    expect(path).toEqual([[-1], [-1.75]]);
  });
});

describe.each([sgd, momentum, adam])('$type', (definition) => {
  test('goes downhill: it finds the bottom of a bowl', async () => {
    const bottom = [1, -0.5, 2];
    const reached = await descend(definition({ learningRate: 0.1 }), bottom, 300);
    reached.forEach((w, i) => void expect(w).toBeCloseTo(bottom[i]!, 3));
  });

  test('moves each number on its own: others make no difference', () => {
    const gradients = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 5, maxLength: 5 });
    return fc.assert(
      fc.asyncProperty(gradients, gradients, async (own, others) => {
        const alone = await walk(
          definition(),
          [1],
          own.map((g) => [g]),
        );
        const beside = await walk(
          definition(),
          [-3, 1],
          own.map((g, i) => [others[i]!, g]),
        );
        expect(beside.map(([, w]) => w)).toEqual(alone.map(([w]) => w));
      }),
      { numRuns: 10 },
    );
  });
});
