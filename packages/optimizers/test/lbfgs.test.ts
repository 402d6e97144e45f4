// L-BFGS on problems whose minimum is known, and on a network that PyTorch has trained.
import { cpu } from '@neurite/backend-cpu';
import {
  concat,
  layer,
  loss,
  type Network,
  type NumberArray,
  option,
  type Regularizer,
  registry,
  regularizer,
  sequential,
  type Trainer,
  toData,
  train,
  zeros,
} from '@neurite/core';
import { sampleNumbers } from '@neurite/testing';
import { describe, expect, test } from 'vitest';
import * as optimizers from '../src/index.ts';

const { accumulated, averaged, clipByGlobalNorm, lbfgs } = optimizers;

const linear = layer('linear', { units: option.count(), tanh: false }, ({ units, tanh }) => ({
  parameters: (input) => ({
    weight: { shape: [input[0]!, units], initializer: zeros(), fanIn: 1, fanOut: 1, role: 'weight' as const },
    bias: { shape: [units], initializer: zeros(), fanIn: 1, fanOut: 1, role: 'bias' as const },
  }),
  apply: ({ weight, bias }, x) => {
    const y = x.matmul(weight).add(bias);
    return tanh ? y.tanh() : y;
  },
}));
const squares = loss('squares', {}, () => (y, target) => y.sub(target).square().sum(-1));

/** Rosenbrock's valley as least squares: 10 (b − a²) and 1 − a. */
const valley = layer('valley', {}, () => ({
  parameters: () => ({
    w: { shape: [2], initializer: zeros(), fanIn: 1, fanOut: 1, role: 'weight' as const },
  }),
  apply: ({ w }) => {
    const [a, b] = [w.slice([0], [1]), w.slice([1], [2])];
    return concat([b.sub(a.square()).mul(10), a.neg().add(1)]).reshape([1, 2]);
  },
}));
const rosenbrock = {
  network: () => sequential([1], [valley({ name: 'r' })]),
  data: { inputs: [[0]], targets: [[0, 0]] },
};

interface Settings {
  readonly dtype?: 'float32' | 'float64';
  readonly optimizer?: ReturnType<typeof lbfgs>;
  readonly loss?: ReturnType<typeof squares>;
  readonly regularizer?: Regularizer;
}

const trainerOf = (network: Network, settings: Settings = {}): Promise<Trainer> =>
  train(network, {
    loss: squares(),
    optimizer: lbfgs({ history: 4 }),
    backend: cpu(),
    dtype: 'float64',
    ...settings,
  });

/** A finished training: the loss of each step, and what it came to. */
async function trained(
  trainer: Trainer,
  data: Parameters<Trainer['step']>[0],
  steps: number,
): Promise<{ losses: number[]; least: number; parameters: Record<string, NumberArray> }> {
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) losses.push(await trainer.step(data));
  const { loss: least } = await trainer.evaluate(data);
  return { losses, least: least as number, parameters: await trainer.readParameters() };
}

describe('Rosenbrock’s valley', () => {
  test.each([
    ['float64', 1e-20],
    ['float32', 1e-10],
  ] as const)('is walked to its end in %s in 60 looks at it, and stays there', async (dtype, limit) => {
    const trainer = await trainerOf(rosenbrock.network(), { dtype });
    trainer.writeParameters({ 'r.w': [-1.2, 1] });
    expect((await trained(trainer, rosenbrock.data, 60)).least).toBeLessThan(limit);
    // Where the gradient is 0 and nothing can be learned any more, for longer than a line is tried.
    const { least, losses, parameters } = await trained(trainer, rosenbrock.data, 80);
    expect(least).toBeLessThan(limit);
    expect(losses.every((value) => value < 1e-6)).toBe(true);
    parameters['r.w']!.forEach((w) => void expect(w).toBeCloseTo(1, 4));
  });

  test('evaluations are with the last point that was accepted: their losses never rise, those of trials do', async () => {
    const trainer = await trainerOf(rosenbrock.network());
    trainer.writeParameters({ 'r.w': [-1.2, 1] });
    let [last, rises] = [Number.POSITIVE_INFINITY, 0];
    for (let step = 0; step < 40; step++) {
      const tried = await trainer.step(rosenbrock.data);
      const { loss: now } = (await trainer.evaluate(rosenbrock.data)) as { loss: number };
      expect(now).toBeLessThanOrEqual(last);
      if (tried > last) rises++;
      last = now;
    }
    expect(rises).toBeGreaterThan(3);
  });

  test('each option makes a difference', async () => {
    const losses = async (optimizer: ReturnType<typeof lbfgs>) => {
      const trainer = await trainerOf(rosenbrock.network(), { optimizer });
      trainer.writeParameters({ 'r.w': [-1.2, 1] });
      return (await trained(trainer, rosenbrock.data, 12)).losses;
    };
    const plain = await losses(lbfgs());
    expect(await losses(lbfgs({ learningRate: 1, history: 10 }))).toEqual(plain);
    expect(await losses(lbfgs({ learningRate: 0.5 }))).not.toEqual(plain);
    expect(await losses(lbfgs({ history: 1 }))).not.toEqual(plain);
  });
});

test('the first step goes along the gradient, as far as min(1, 1 / Σ|g|) of it', async () => {
  const first = async (optimizer: ReturnType<typeof lbfgs>, start: readonly number[]) => {
    const trainer = await trainerOf(rosenbrock.network(), { optimizer });
    trainer.writeParameters({ 'r.w': start });
    const [value] = (await trained(trainer, rosenbrock.data, 1)).losses;
    return { value, w: [...(await trainer.readParameters())['r.w']!] };
  };
  const gradient = ([a, b]: readonly [number, number]) => [
    -400 * a * (b - a * a) - 2 * (1 - a),
    200 * (b - a * a),
  ];
  for (const start of [
    [-1.2, 1],
    [0.999, 0.998],
  ] as const) {
    const g = gradient(start);
    const norm = g.reduce((sum, x) => sum + Math.abs(x), 0);
    for (const learningRate of [1, 0.25]) {
      const { w } = await first(lbfgs({ learningRate }), start);
      const length = learningRate * Math.min(1, 1 / norm);
      w.forEach((x, i) => void expect(x).toBeCloseTo(start[i]! - length * g[i]!, 14));
    }
  }
});

describe('a quadratic bowl', () => {
  const matrix = [...sampleNumbers(12 * 4, { seed: 3, low: -1, high: 1 })];
  const data = {
    inputs: Array.from({ length: 12 }, (_, i) => matrix.slice(4 * i, 4 * i + 4).map((x, j) => x * 10 ** j)),
    targets: Array.from({ length: 12 }, (_, i) => [Math.sin(i)]),
  };

  test('that is a million times as steep one way as another is solved: the gradient is 0', async () => {
    const network = sequential([4], [linear({ units: 1, name: 'l' })]);
    const trainer = await trainerOf(network, { optimizer: lbfgs() });
    const { parameters } = await trained(trainer, data, 120);
    const { 'l.weight': weight, 'l.bias': bias } = parameters as {
      'l.weight': NumberArray;
      'l.bias': NumberArray;
    };
    const residuals = data.inputs.map(
      (row, i) => row.reduce((sum, x, j) => sum + x * weight[j]!, bias[0]!) - data.targets[i]![0]!,
    );
    for (let j = 0; j < 4; j++) {
      const slope = residuals.reduce((sum, r, i) => sum + r * data.inputs[i]![j]!, 0);
      expect(Math.abs(slope) / 10 ** j).toBeLessThan(1e-6);
    }
    expect(residuals.reduce((sum, r) => sum + r, 0)).toBeCloseTo(0, 6);
  });

  test('is the same seen in parts: batches that are gathered are one batch', async () => {
    const network = () => sequential([4], [linear({ units: 1, name: 'l' })]);
    const whole = await trainerOf(network());
    const parts = await trainerOf(network(), {
      optimizer: accumulated({ optimizer: lbfgs({ history: 4 }), steps: 3 }),
    });
    for (let step = 0; step < 8; step++) {
      await whole.step(data);
      for (let part = 0; part < 3; part++) {
        const rows = [4 * part, 4 * part + 4] as const;
        await parts.step({ inputs: data.inputs.slice(...rows), targets: data.targets.slice(...rows) });
      }
      const [one, other] = [await whole.readParameters(), await parts.readParameters()];
      for (const name of ['l.weight', 'l.bias']) {
        one[name]!.forEach((w, i) => void expect(other[name]![i]).toBeCloseTo(w, 8));
      }
    }
    expect(((await parts.evaluate(data)) as { loss: number }).loss).toBeCloseTo(
      ((await whole.evaluate(data)) as { loss: number }).loss,
      8,
    );
  });
});

describe('logistic regression', () => {
  /** 20 rows, the sum of the weights' squares times 0.05 on top of the mean loss, and what PyTorch's LBFGS came to. */
  const data = {
    inputs: [
      [0.055, -1.297, -0.765],
      [0.138, 1.791, -1.313],
      [0.809, -1.094, -0.021],
      [-1.501, -1.664, -0.441],
      [-0.891, -0.528, 1.934],
      [0.142, 1.063, 0.586],
      [1.069, 1.121, 1.292],
      [-1.392, 0.502, -0.741],
      [-0.612, 1.669, 0.079],
      [-0.395, 0.427, 1.142],
      [1.726, 1.48, 1.466],
      [0.698, 1.034, 0.328],
      [-0.443, -0.577, -1.199],
      [1.308, -0.336, -0.146],
      [1.917, -1.494, -1.149],
      [1.834, 0.95, -0.364],
      [1.12, 1.032, 1.827],
      [-1.888, -0.725, 1.028],
      [-1.028, 0.358, -1.826],
      [1.824, -0.723, -1.763],
    ],
    targets: [
      [1.0],
      [0.0],
      [0.0],
      [1.0],
      [1.0],
      [0.0],
      [1.0],
      [1.0],
      [0.0],
      [0.0],
      [0.0],
      [1.0],
      [1.0],
      [1.0],
      [0.0],
      [0.0],
      [0.0],
      [1.0],
      [1.0],
      [0.0],
    ],
  };
  const least = 0.5471156196272925;
  const weight = [-0.7427896487369846, -0.44508752139381114, 0.0200526327235334];
  const bias = 0.26111927856272343;
  const logistic = loss('logistic', {}, () => (y, target) => {
    const above = y.greater(0);
    const size = above.select(y, y.neg());
    return above.select(y, 0).sub(y.mul(target)).add(size.neg().exp().add(1).log()).sum(-1);
  });
  const decay = regularizer('decay', {}, () => (w) => w.square().sum().mul(0.05));

  test.each([
    ['float64', 12, 1e-12, 7],
    ['float32', 12, 1e-6, 3],
  ] as const)('in %s comes to the minimum in %d looks', async (dtype, looks, near, digits) => {
    const network = sequential([3], [linear({ units: 1, name: 'l' })]);
    const trainer = await trainerOf(network, { dtype, loss: logistic(), regularizer: decay() });
    const { losses, parameters } = await trained(trainer, data, looks);
    expect(Math.abs(losses.at(-1)! - least)).toBeLessThan(near);
    parameters['l.weight']!.forEach((w, i) => void expect(w).toBeCloseTo(weight[i]!, digits));
    expect(parameters['l.bias']![0]).toBeCloseTo(bias, digits);
  });

  test('comes there too where the layer takes smaller steps than it should', async () => {
    const network = sequential([3], [linear({ units: 1, name: 'l', rateMultiplier: 0.3 })]);
    const trainer = await trainerOf(network, { loss: logistic(), regularizer: decay() });
    const { losses } = await trained(trainer, data, 60);
    expect(Math.abs(losses.at(-1)! - least)).toBeLessThan(1e-10);
  });
});

describe('a small network', () => {
  const inputs = Array.from({ length: 21 }, (_, i) => [-2 + i / 5]);
  const data = { inputs, targets: inputs.map(([x]) => [Math.sin(2 * x!)]) };
  const start = {
    'a.weight': [0.458, -0.355, -0.459, -1.109, -0.431, 0.67, 0.984, -0.102],
    'a.bias': [-0.667, 0.804, -0.298, 0.98, -0.606, -0.243, -0.919, -0.82],
    'b.weight': [0.36, -0.154, -0.291, 0.699, -0.924, -0.933, -0.494, 0.428],
  };
  /** What PyTorch's LBFGS with a history of 10 and strong_wolfe has come to after so many looks at loss and gradient. */
  const pytorch = { 50: 0.0007, 100: 3.47e-5, 200: 4.56e-6 };

  test.each(['float64', 'float32'] as const)(
    'is trained about as fast as by PyTorch in %s',
    async (dtype) => {
      const layers = [linear({ units: 8, tanh: true, name: 'a' }), linear({ units: 1, name: 'b' })];
      const trainer = await trainerOf(sequential([1], layers), { dtype, optimizer: lbfgs() });
      trainer.writeParameters(start);
      const { losses } = await trained(trainer, data, 200);
      expect(losses[0]).toBeCloseTo(1.61371385432, dtype === 'float64' ? 11 : 5);
      for (const [looks, value] of Object.entries(pytorch)) {
        expect(Math.min(...losses.slice(0, Number(looks)))).toBeLessThan(4 * value);
      }
    },
  );
});

describe('what it remembers', () => {
  async function memoryAfter(steps: number, start: readonly number[]) {
    const trainer = await trainerOf(rosenbrock.network());
    trainer.writeParameters({ 'r.w': start });
    await trained(trainer, rosenbrock.data, steps);
    return (await trainer.snapshot()).state;
  }

  test('are steps along which the gradient changed, the newest last', async () => {
    const state = await memoryAfter(30, [-1.2, 1]);
    const [steps, changes] = [state['memory.steps']!, state['memory.changes']!];
    expect([steps.length, changes.length]).toEqual([8, 8]);
    for (let row = 0; row < 4; row++) {
      const product = [0, 1].reduce((sum, i) => sum + steps[2 * row + i]! * changes[2 * row + i]!, 0);
      expect(product).toBeGreaterThan(0);
    }
  });

  test('is nothing of steps that do not move or bend anything', async () => {
    const state = await memoryAfter(40, [1, 1]); // the bottom itself
    expect([...state['memory.steps']!, ...state['memory.changes']!].every((value) => value === 0)).toBe(true);
    expect([...state.parameters!]).toEqual([1, 1]);
  });

  test('is the same whether a training goes on or is restored', async () => {
    const [one, other] = [await trainerOf(rosenbrock.network()), await trainerOf(rosenbrock.network())];
    one.writeParameters({ 'r.w': [-1.2, 1] });
    await trained(one, rosenbrock.data, 13);
    other.restore(await one.snapshot());
    expect(await trained(other, rosenbrock.data, 20)).toEqual(await trained(one, rosenbrock.data, 20));
  });
});

test.each([
  ['clipped', clipByGlobalNorm({ optimizer: lbfgs(), limit: 100 })],
  ['averaged', averaged({ optimizer: lbfgs(), decay: 0.5 })],
])('goes on to the bottom where it is %s', async (_, optimizer) => {
  const trainer = await trainerOf(rosenbrock.network(), { optimizer });
  trainer.writeParameters({ 'r.w': [-0.5, 0.5] });
  expect((await trained(trainer, rosenbrock.data, 150)).least).toBeLessThan(1e-8);
});

test('takes a number as its learning rate, and comes back from data', () => {
  expect(() => lbfgs({ learningRate: 0 })).toThrow('lbfgs: learningRate must be a number above 0');
  expect(() => lbfgs({ learningRate: optimizers.constantRate() as never })).toThrow('lbfgs: learningRate');
  expect(() => lbfgs({ history: 0 })).toThrow('lbfgs: history must be a whole number from 1, but got 0');
  const data = toData(lbfgs({ history: 3 }));
  expect(data).toEqual({ type: 'lbfgs', learningRate: 1, history: 3 });
  expect(
    toData(
      registry()
        .use(optimizers)
        .make('optimizer', JSON.parse(JSON.stringify(data))),
    ),
  ).toEqual(data);
});
