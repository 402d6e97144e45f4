// The optimizers beyond sgd, momentum and adam: against PyTorch, and against their formula worked out number by number.
import { type Optimizer, placeholder } from '@neurite/core';
import { describe, expect, test } from 'vitest';
import {
  adadelta,
  adagrad,
  adam,
  adamax,
  adamW,
  amsgrad,
  lion,
  nadam,
  nesterov,
  radam,
  rmsprop,
  rprop,
  sgd,
} from '../src/index.ts';
import family from './fixtures/family.json' with { type: 'json' };
import reference from './fixtures/optimizers.json' with { type: 'json' };
import exact from './fixtures/pytorch.json' with { type: 'json' };
import { descend, walk } from './walk.ts';

const { parameter: start, gradients } = reference;

const largestDifference = (a: readonly number[][], b: readonly number[][]): number => {
  expect(a.map((row) => row.length)).toEqual(b.map((row) => row.length));
  return Math.max(...a.flatMap((row, step) => row.map((value, i) => Math.abs(value - b[step]![i]!))));
};

/** The new value of one number at a step, counted from 1, as PyTorch's source has it; called once for each number. */
type Rule = () => (w: number, gradient: number, step: number) => number;

function byHand(rule: Rule): number[][] {
  const rules = start.map(rule);
  let at = start;
  return gradients.map((gradient, i) => {
    at = at.map((w, j) => rules[j]!(w, gradient[j]!, i + 1));
    return [...at];
  });
}

const nesterovRule =
  (rate = 0.01, momentum = 0.9): Rule =>
  () => {
    let buffer: number | undefined;
    return (w, g) => {
      buffer = buffer === undefined ? g : momentum * buffer + g;
      return w - rate * (g + momentum * buffer);
    };
  };
const adagradRule =
  (rate = 0.01, initial = 0, epsilon = 1e-10): Rule =>
  () => {
    let sum = initial;
    return (w, g) => {
      sum += g * g;
      return w - (rate * g) / (Math.sqrt(sum) + epsilon);
    };
  };
const adadeltaRule =
  (rate = 1, rho = 0.9, epsilon = 1e-6): Rule =>
  () => {
    let [square, accumulated] = [0, 0];
    return (w, g) => {
      square = rho * square + (1 - rho) * g * g;
      const delta = (Math.sqrt(accumulated + epsilon) / Math.sqrt(square + epsilon)) * g;
      accumulated = rho * accumulated + (1 - rho) * delta * delta;
      return w - rate * delta;
    };
  };
const rmspropRule =
  ({ rate = 0.01, alpha = 0.99, epsilon = 1e-8, centered = false, momentum = 0 }): Rule =>
  () => {
    let [square, mean, buffer] = [0, 0, 0];
    return (w, g) => {
      square = alpha * square + (1 - alpha) * g * g;
      mean = alpha * mean + (1 - alpha) * g;
      const average = Math.sqrt(centered ? square - mean * mean : square) + epsilon;
      buffer = momentum * buffer + g / average;
      return w - rate * buffer;
    };
  };
const adamRule =
  ({ rate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, decay = 0, largest = false }): Rule =>
  () => {
    let [mean, square, most] = [0, 0, 0];
    return (w, g, t) => {
      mean = beta1 * mean + (1 - beta1) * g;
      square = beta2 * square + (1 - beta2) * g * g;
      most = Math.max(most, square);
      const denominator = Math.sqrt(largest ? most : square) / Math.sqrt(1 - beta2 ** t) + epsilon;
      return w * (1 - rate * decay) - ((rate / (1 - beta1 ** t)) * mean) / denominator;
    };
  };
const adamaxRule =
  (rate = 0.002, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8): Rule =>
  () => {
    let [mean, norm] = [0, 0];
    return (w, g, t) => {
      mean = beta1 * mean + (1 - beta1) * g;
      norm = Math.max(beta2 * norm, Math.abs(g) + epsilon);
      return w - ((rate / (1 - beta1 ** t)) * mean) / norm;
    };
  };
const nadamRule =
  (rate = 0.002, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, decay = 0.004, mistaken = false): Rule =>
  () => {
    let [mean, square, product] = [0, 0, 1];
    return (w, g, t) => {
      const mu = beta1 * (1 - 0.5 * 0.96 ** (t * decay));
      const next = beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * decay));
      product *= mu;
      mean = beta1 * mean + (1 - beta1) * g;
      square = beta2 * square + (1 - beta2) * g * g;
      const denominator = Math.sqrt(square / (1 - beta2 ** t)) + epsilon;
      return (
        w -
        (rate * (1 - mu) * g) / (1 - product) / denominator -
        (rate * next * mean) / (1 - product * next * (mistaken ? mu : 1)) / denominator
      );
    };
  };
/** PyTorch before 2.0 multiplied μₜ into the second product twice (pytorch/pytorch#92699). */
const mistakenNadam = nadamRule(0.01, 0.9, 0.999, 1e-8, 0.004, true);
const radamRule =
  (rate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8): Rule =>
  () => {
    let [mean, square] = [0, 0];
    return (w, g, t) => {
      mean = beta1 * mean + (1 - beta1) * g;
      square = beta2 * square + (1 - beta2) * g * g;
      const correction = 1 - beta2 ** t;
      const corrected = mean / (1 - beta1 ** t);
      const limit = 2 / (1 - beta2) - 1;
      const rho = limit - (2 * t * beta2 ** t) / correction;
      if (rho <= 5) return w - rate * corrected;
      const rectified = Math.sqrt(((rho - 4) * (rho - 2) * limit) / ((limit - 4) * (limit - 2) * rho));
      return w - (rate * corrected * rectified * Math.sqrt(correction)) / (Math.sqrt(square) + epsilon);
    };
  };
const rpropRule =
  (rate = 0.01, decrease = 0.5, increase = 1.2, minimum = 1e-6, maximum = 50): Rule =>
  () => {
    let [previous, size] = [0, rate];
    return (w, gradient) => {
      const turn = Math.sign(gradient * previous);
      const factor = turn > 0 ? increase : turn < 0 ? decrease : 1;
      size = Math.min(Math.max(size * factor, minimum), maximum);
      const g = turn < 0 ? 0 : gradient;
      previous = g;
      return w - Math.sign(g) * size;
    };
  };
const lionRule =
  (rate = 1e-4, beta1 = 0.9, beta2 = 0.99, decay = 0): Rule =>
  () => {
    let mean = 0;
    return (w, g) => {
      const moved = w * (1 - rate * decay) - rate * Math.sign(beta1 * mean + (1 - beta1) * g);
      mean = beta2 * mean + (1 - beta2) * g;
      return moved;
    };
  };

interface Case {
  readonly optimizer: Optimizer;
  readonly rule: Rule;
}

const cases: Record<keyof typeof family.trajectories, Case> = {
  'nesterov(0.1, 0.9)': { optimizer: nesterov({ learningRate: 0.1 }), rule: nesterovRule(0.1) },
  'adagrad(0.1)': { optimizer: adagrad({ learningRate: 0.1 }), rule: adagradRule(0.1) },
  'adadelta(1.0, rho=0.9, epsilon=1e-6)': { optimizer: adadelta(), rule: adadeltaRule() },
  'rmsprop(0.01, alpha=0.99, epsilon=1e-8)': { optimizer: rmsprop(), rule: rmspropRule({}) },
  'rmsprop(0.01, centered, momentum=0.9)': {
    optimizer: rmsprop({ centered: true, momentum: 0.9 }),
    rule: rmspropRule({ centered: true, momentum: 0.9 }),
  },
  'amsgrad(0.01)': {
    optimizer: amsgrad({ learningRate: 0.01 }),
    rule: adamRule({ rate: 0.01, largest: true }),
  },
  'adamW(0.01, weightDecay=0.1)': {
    optimizer: adamW({ learningRate: 0.01, weightDecay: 0.1 }),
    rule: adamRule({ rate: 0.01, decay: 0.1 }),
  },
  'adamax(0.01)': { optimizer: adamax({ learningRate: 0.01 }), rule: adamaxRule(0.01) },
  'nadam(0.01)': { optimizer: nadam({ learningRate: 0.01 }), rule: nadamRule(0.01) },
  'radam(0.01)': { optimizer: radam({ learningRate: 0.01 }), rule: radamRule(0.01) },
  'rprop(0.01)': { optimizer: rprop(), rule: rpropRule() },
};

describe.each(Object.entries(cases))('%s', (name, { optimizer }) => {
  const pytorch = exact.trajectories[name as keyof typeof cases];

  test('in float64 it follows PyTorch 2 to 1e-13', async () => {
    expect(largestDifference(await walk(optimizer, start, gradients), pytorch)).toBeLessThan(1e-13);
  });

  test('in float32 it follows PyTorch 2 to 1e-6', async () => {
    const path = await walk(optimizer, start, gradients, 'float32');
    expect(largestDifference(path, pytorch)).toBeLessThan(1e-6);
  });

  // The reference of 1.13 prints nine digits.
  test('in float64 it follows PyTorch 1.13 to 1e-8, but for the mistake in its NAdam', async () => {
    const reference = family.trajectories[name as keyof typeof cases];
    const path = name === 'nadam(0.01)' ? byHand(mistakenNadam) : await walk(optimizer, start, gradients);
    expect(largestDifference(path, reference)).toBeLessThan(1e-8);
  });
});

test.each([
  ['adagrad(initialSum=0.3)', adagrad({ initialSum: 0.3 })],
  ['adamW()', adamW()],
  ['adamax()', adamax()],
  ['nadam()', nadam()],
  ['radam()', radam()],
] as const)('%s has the defaults of PyTorch 2', async (name, optimizer) => {
  const path = await walk(optimizer, start, gradients);
  expect(largestDifference(path, exact.trajectories[name])).toBeLessThan(1e-13);
});

/** Every optimizer as it is by default, and with each of its options changed on its own. */
const formulas: Record<string, Case> = {
  'nesterov()': { optimizer: nesterov(), rule: nesterovRule() },
  'nesterov: momentum': { optimizer: nesterov({ momentum: 0.4 }), rule: nesterovRule(0.01, 0.4) },
  'adagrad()': { optimizer: adagrad(), rule: adagradRule() },
  'adagrad: initialSum': { optimizer: adagrad({ initialSum: 0.3 }), rule: adagradRule(0.01, 0.3) },
  'adagrad: epsilon': { optimizer: adagrad({ epsilon: 0.1 }), rule: adagradRule(0.01, 0, 0.1) },
  'adadelta: learningRate': { optimizer: adadelta({ learningRate: 0.3 }), rule: adadeltaRule(0.3) },
  'adadelta: rho': { optimizer: adadelta({ rho: 0.5 }), rule: adadeltaRule(1, 0.5) },
  'adadelta: epsilon': { optimizer: adadelta({ epsilon: 0.01 }), rule: adadeltaRule(1, 0.9, 0.01) },
  'rmsprop: learningRate': { optimizer: rmsprop({ learningRate: 0.1 }), rule: rmspropRule({ rate: 0.1 }) },
  'rmsprop: alpha': { optimizer: rmsprop({ alpha: 0.5 }), rule: rmspropRule({ alpha: 0.5 }) },
  'rmsprop: epsilon': { optimizer: rmsprop({ epsilon: 0.1 }), rule: rmspropRule({ epsilon: 0.1 }) },
  'rmsprop: momentum': { optimizer: rmsprop({ momentum: 0.5 }), rule: rmspropRule({ momentum: 0.5 }) },
  'rmsprop: centered': {
    optimizer: rmsprop({ centered: true, epsilon: 0.1 }),
    rule: rmspropRule({ centered: true, epsilon: 0.1 }),
  },
  'amsgrad()': { optimizer: amsgrad(), rule: adamRule({ largest: true }) },
  'amsgrad: beta1': { optimizer: amsgrad({ beta1: 0.5 }), rule: adamRule({ largest: true, beta1: 0.5 }) },
  'amsgrad: beta2': { optimizer: amsgrad({ beta2: 0.5 }), rule: adamRule({ largest: true, beta2: 0.5 }) },
  'amsgrad: epsilon': {
    optimizer: amsgrad({ epsilon: 0.1 }),
    rule: adamRule({ largest: true, epsilon: 0.1 }),
  },
  'adamW()': { optimizer: adamW(), rule: adamRule({ decay: 0.01 }) },
  'adamW: beta1': { optimizer: adamW({ beta1: 0.5 }), rule: adamRule({ decay: 0.01, beta1: 0.5 }) },
  'adamW: beta2': { optimizer: adamW({ beta2: 0.5 }), rule: adamRule({ decay: 0.01, beta2: 0.5 }) },
  'adamW: epsilon': { optimizer: adamW({ epsilon: 0.1 }), rule: adamRule({ decay: 0.01, epsilon: 0.1 }) },
  'adamW: no decay': { optimizer: adamW({ weightDecay: 0 }), rule: adamRule({}) },
  'adamax()': { optimizer: adamax(), rule: adamaxRule() },
  'adamax: beta1': { optimizer: adamax({ beta1: 0.5 }), rule: adamaxRule(0.002, 0.5) },
  'adamax: beta2': { optimizer: adamax({ beta2: 0.5 }), rule: adamaxRule(0.002, 0.9, 0.5) },
  'adamax: epsilon': { optimizer: adamax({ epsilon: 0.1 }), rule: adamaxRule(0.002, 0.9, 0.999, 0.1) },
  'nadam()': { optimizer: nadam(), rule: nadamRule() },
  'nadam: beta1': { optimizer: nadam({ beta1: 0.5 }), rule: nadamRule(0.002, 0.5) },
  'nadam: beta2': { optimizer: nadam({ beta2: 0.5 }), rule: nadamRule(0.002, 0.9, 0.5) },
  'nadam: epsilon': { optimizer: nadam({ epsilon: 0.1 }), rule: nadamRule(0.002, 0.9, 0.999, 0.1) },
  'nadam: momentumDecay': {
    optimizer: nadam({ momentumDecay: 2 }),
    rule: nadamRule(0.002, 0.9, 0.999, 1e-8, 2),
  },
  'nadam: no momentumDecay': {
    optimizer: nadam({ momentumDecay: 0 }),
    rule: nadamRule(0.002, 0.9, 0.999, 1e-8, 0),
  },
  'radam()': { optimizer: radam(), rule: radamRule() },
  'radam: beta1': { optimizer: radam({ beta1: 0.5 }), rule: radamRule(0.001, 0.5) },
  'radam: beta2': { optimizer: radam({ beta2: 0.9 }), rule: radamRule(0.001, 0.9, 0.9) },
  'radam: a beta2 with which v is never trusted': {
    optimizer: radam({ beta2: 0.6 }),
    rule: radamRule(0.001, 0.9, 0.6),
  },
  'radam: a beta2 with which v is just trusted': {
    optimizer: radam({ beta2: 0.7 }),
    rule: radamRule(0.001, 0.9, 0.7),
  },
  'radam: a beta2 with which v is just not trusted': {
    optimizer: radam({ beta2: 0.65 }),
    rule: radamRule(0.001, 0.9, 0.65),
  },
  'radam: epsilon': { optimizer: radam({ epsilon: 0.1 }), rule: radamRule(0.001, 0.9, 0.999, 0.1) },
  'rprop: learningRate': { optimizer: rprop({ learningRate: 0.3 }), rule: rpropRule(0.3) },
  'rprop: decrease': { optimizer: rprop({ decrease: 0.2 }), rule: rpropRule(0.01, 0.2) },
  'rprop: increase': { optimizer: rprop({ increase: 2 }), rule: rpropRule(0.01, 0.5, 2) },
  'rprop: minimum': { optimizer: rprop({ minimum: 0.008 }), rule: rpropRule(0.01, 0.5, 1.2, 0.008) },
  'rprop: maximum': { optimizer: rprop({ maximum: 0.011 }), rule: rpropRule(0.01, 0.5, 1.2, 1e-6, 0.011) },
  'rprop: a first size out of bounds': {
    optimizer: rprop({ learningRate: 0.5, maximum: 0.1 }),
    rule: rpropRule(0.5, 0.5, 1.2, 1e-6, 0.1),
  },
  'lion()': { optimizer: lion(), rule: lionRule() },
  'lion: learningRate': { optimizer: lion({ learningRate: 0.1 }), rule: lionRule(0.1) },
  'lion: beta1': { optimizer: lion({ beta1: 0.2 }), rule: lionRule(1e-4, 0.2) },
  'lion: beta2': { optimizer: lion({ beta2: 0.5 }), rule: lionRule(1e-4, 0.9, 0.5) },
  'lion: weightDecay': { optimizer: lion({ weightDecay: 0.3 }), rule: lionRule(1e-4, 0.9, 0.99, 0.3) },
  ...cases,
};

describe('each of twelve steps is the formula, worked out number by number', () => {
  test.each(Object.entries(formulas))('%s', async (_, { optimizer, rule }) => {
    const path = await walk(optimizer, start, gradients);
    expect(largestDifference(path, byHand(rule))).toBeLessThan(1e-12);
  });
});

const all = [nesterov, adagrad, rmsprop, adamW, amsgrad, adamax, nadam, radam, rprop, lion];

describe.each([...all, adadelta])('$type', (definition) => {
  test.each(['float32', 'float64'] as const)(
    'stands still where the gradient is always 0, in %s',
    async (dtype) => {
      const still = definition === adamW ? adamW({ weightDecay: 0 }) : definition();
      expect(await walk(still, [3, -2], Array(8).fill([0, 0]), dtype)).toEqual(Array(8).fill([3, -2]));
    },
  );
});

test.each(all.map((definition) => ({ type: definition.type, definition })))(
  '$type finds the bottom of a bowl',
  async ({ definition }) => {
    const bottom = [1, -0.5, 2];
    // No decay, which would pull it away from the bottom; lion keeps moving by its learning rate.
    const none = definition === adamW ? { weightDecay: 0 } : definition === lion ? { beta2: 0.9 } : {};
    const learningRate = definition === lion ? 0.005 : definition === adagrad ? 0.5 : 0.05;
    const reached = await descend(definition({ learningRate, ...none } as object), bottom, 600);
    reached.forEach((w, i) => void expect(Math.abs(w - bottom[i]!)).toBeLessThan(0.02));
  },
);

test('adadelta goes downhill', async () => {
  const [w] = await descend(adadelta(), [1], 600);
  expect(w).toBeGreaterThan(0.3);
  expect(w).toBeLessThan(1.1);
});

describe('the size of the first step', () => {
  const rate = 0.02;
  const sized = { adagrad, adamax, adamW, amsgrad, lion, rprop } as const;

  test.each(Object.entries(sized))(
    'of %s is the learning rate, whatever the size of the gradient',
    async (name, make) => {
      const optimizer =
        name === 'adamW' ? adamW({ learningRate: rate, weightDecay: 0 }) : make({ learningRate: rate });
      for (const dtype of ['float32', 'float64'] as const) {
        for (const size of [1e-3, 1, 1e3, 1e6]) {
          const [[up, down] = []] = await walk(optimizer, [0, 0], [[-size, size]], dtype);
          expect(up! / rate, `gradient ${size} in ${dtype}`).toBeCloseTo(1, 4);
          expect(down).toBe(-up!);
        }
      }
    },
  );

  test('of adam is the learning rate to seven digits in float32: its correction loses none', async () => {
    const [[w] = []] = await walk(adam({ learningRate: rate }), [0], [[-1000]], 'float32');
    expect(w! / rate).toBeCloseTo(1, 6);
  });

  test('of rmsprop is learningRate / √(1 − α)', async () => {
    const [[w] = []] = await walk(rmsprop({ learningRate: rate, alpha: 0.75 }), [0], [[-1000]]);
    expect(w! / rate).toBeCloseTo(2, 9);
  });
});

test.each(all.map((definition) => ({ type: definition.type, definition })))(
  '$type moves the same from everywhere',
  async ({ definition }) => {
    const optimizer = definition === adamW ? adamW({ weightDecay: 0 }) : definition();
    const [here, there] = [
      await walk(optimizer, [0], [[0.5], [-1]]),
      await walk(optimizer, [64], [[0.5], [-1]]),
    ];
    here.forEach(([w], i) => void expect(there[i]![0]! - 64).toBeCloseTo(w!, 12));
  },
);

test('amsgrad is adam as long as the mean square grows, and slower once it falls', async () => {
  const options = { learningRate: 0.1, beta2: 0.5 };
  const path = [[1], [1], [0.01], [0.01]];
  const [plain, careful] = [await walk(adam(options), [0], path), await walk(amsgrad(options), [0], path)];
  expect(careful.slice(0, 2)).toEqual(plain.slice(0, 2));
  expect(Math.abs(careful[3]![0]!)).toBeLessThan(Math.abs(plain[3]![0]!));
});

test('adamW decays by learningRate · weightDecay, however large the gradient was; a penalty in adam would not', async () => {
  for (const size of [1, 1e4]) {
    const path = [[size], [size]];
    const [without, with_] = await Promise.all(
      [0, 0.5].map((weightDecay) => walk(adamW({ learningRate: 0.1, weightDecay }), [2], path)),
    );
    expect(without![0]![0]! - with_![0]![0]!).toBeCloseTo(0.1 * 0.5 * 2, 12);
  }
});

test('centered rmsprop never makes a NaN of gradients that stay the same', async () => {
  for (const dtype of ['float32', 'float64'] as const) {
    for (const g of [0.1, 1 / 3, 1e4]) {
      const path = await walk(rmsprop({ centered: true, alpha: 0.5 }), [0], Array(120).fill([g]), dtype);
      expect(path.every(([w]) => Number.isFinite(w))).toBe(true);
    }
  }
});

test('rmsprop remembers no more than it needs', () => {
  const remembered = (options: object): string[] =>
    Object.keys(rmsprop(options).state(placeholder('w', [1])));
  expect(remembered({})).toEqual(['square']);
  expect(remembered({ centered: true })).toEqual(['square', 'mean']);
  expect(remembered({ momentum: 0.1 })).toEqual(['square', 'velocity']);
});

describe('radam', () => {
  test('trusts v from the sixth step on in float32 as in float64, where ρ is 5.99', async () => {
    const path = Array(7).fill([100]);
    for (const dtype of ['float32', 'float64'] as const) {
      const steps = [0, ...(await walk(radam({ learningRate: 1 }), [0], path, dtype)).flat()];
      const sizes = steps.slice(1).map((w, i) => steps[i]! - w);
      for (const size of sizes.slice(0, 5)) expect(size).toBeCloseTo(100, 3);
      for (const size of sizes.slice(5)) expect(size).toBeLessThan(1);
    }
  });

  test('with v trusted after long becomes adam', async () => {
    const g = Array(400).fill([2]);
    const options = { learningRate: 0.01, beta2: 0.9 };
    const [rectified, plain] = [await walk(radam(options), [0], g), await walk(adam(options), [0], g)];
    const lastStep = (path: number[][]) => path[398]![0]! - path[399]![0]!;
    expect(lastStep(rectified)).toBeCloseTo(lastStep(plain), 9);
  });
});

describe('rprop', () => {
  test('heeds signs alone', async () => {
    const signs = [[1], [1], [-1], [-1], [-1]];
    const scaled = [[1e-3], [5], [-70], [-1e-8], [-2]];
    expect(await walk(rprop(), [0], scaled)).toEqual(await walk(rprop(), [0], signs));
  });

  test('makes no step, and forgets the sign, where the sign flips', async () => {
    const path = (await walk(rprop({ learningRate: 1 }), [0], [[1], [-1], [-1], [-1]])).flat();
    [-1, -1, -0.5, 0.1].forEach((w, i) => void expect(path[i]).toBeCloseTo(w, 14));
  });

  test('does not take a sign from a product that underflows', async () => {
    const path = (await walk(rprop({ learningRate: 1 }), [0], [[1e-30], [1e-30]], 'float32')).flat();
    expect(path[1]).toBeCloseTo(-2.2, 6);
  });

  test('takes no schedule', () => {
    // @ts-expect-error its sizes go their own way after the first step
    expect(() => rprop({ learningRate: sgd() })).toThrow('rprop: learningRate must be a number above 0');
  });
});

test('lion moves each number by the learning rate, up or down', async () => {
  let before = start;
  for (const at of await walk(lion({ learningRate: 0.25 }), start, gradients)) {
    at.forEach((w, i) => void expect(Math.abs(w - before[i]!)).toBeCloseTo(0.25, 12));
    before = at;
  }
});

test('nesterov of momentum 0 is plain gradient descent', async () => {
  expect(await walk(nesterov({ learningRate: 0.1, momentum: 0 }), start, gradients)).toEqual(
    await walk(sgd({ learningRate: 0.1 }), start, gradients),
  );
});
