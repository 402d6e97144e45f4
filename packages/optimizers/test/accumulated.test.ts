// Gathered gradients: the same as larger batches, and nothing moves in between.
import { cpu } from '@neurite/backend-cpu';
import {
  layer,
  loss,
  type Optimizer,
  option,
  randomNormal,
  registry,
  regularizer,
  sequential,
  type Trainer,
  toData,
  train,
  zeros,
} from '@neurite/core';
import { optimizerSuite, sampleNumbers } from '@neurite/testing';
import { describe, expect, test } from 'vitest';
import * as optimizers from '../src/index.ts';
import { distance, freeTrainer, gradientAt, start, walkFreely } from './freely.ts';

const {
  accumulated,
  adam,
  adamW,
  clipByGlobalNorm,
  clipByValue,
  exponentialDecay,
  momentum,
  muon,
  nadam,
  sgd,
} = optimizers;

const dense = layer('dense', { units: option.count(), tanh: false }, ({ units, tanh }) => ({
  parameters: (input) => ({
    weight: {
      shape: [input[0]!, units],
      initializer: randomNormal(),
      fanIn: 1,
      fanOut: 1,
      role: 'weight' as const,
    },
    bias: { shape: [units], initializer: zeros(), fanIn: 1, fanOut: 1, role: 'bias' as const },
  }),
  apply: ({ weight, bias }, x) => {
    const y = x.matmul(weight).add(bias);
    return tanh ? y.tanh() : y;
  },
}));
const squares = loss('squares', {}, () => (y, target) => y.sub(target).square().sum(-1));
const decay = regularizer('decay', {}, () => (w) => w.square().sum().mul(0.05));

const data = {
  inputs: sampleNumbers(24 * 3, { seed: 1, low: -2, high: 2 }),
  targets: sampleNumbers(24 * 2, { seed: 2, low: -1, high: 1 }),
};

function networkTrainer(optimizer: Optimizer): Promise<Trainer> {
  const layers = [dense({ units: 4, tanh: true, name: 'a' }), dense({ units: 2, name: 'b' })];
  const options = { loss: squares(), regularizer: decay(), optimizer, backend: cpu(), seed: 4 };
  return train(sequential([3], layers), { ...options, dtype: 'float64' });
}

const numbersOf = async (trainer: Trainer): Promise<number[]> =>
  Object.values(await trainer.readParameters()).flatMap((values) => [...values]);

const optimizersTried: Optimizer[] = [
  sgd({ learningRate: 0.1 }),
  sgd({ learningRate: 0.1, weightDecay: 0.1 }),
  sgd({ learningRate: exponentialDecay({ initial: 0.1, factor: 0.5, every: 3 }) }),
  momentum({ learningRate: 0.05 }),
  adam({ learningRate: 0.05 }),
  adamW({ learningRate: 0.05, weightDecay: 0.1 }),
  nadam({ learningRate: 0.05 }),
  clipByGlobalNorm({ optimizer: adam({ learningRate: 0.05 }), limit: 0.1 }),
  muon({ optimizer: momentum({ learningRate: 0.05 }) }),
];

describe.each(optimizersTried)('$type on gathered gradients', (optimizer) => {
  test.each([
    [2, 12],
    [3, 8],
    [4, 6],
  ])('of %d batches of %d is the same as on one of all of them', async (steps, size) => {
    const [parts, whole] = [
      await networkTrainer(accumulated({ optimizer, steps })),
      await networkTrainer(optimizer),
    ];
    await parts.fit(data, { epochs: 10, batchSize: size, shuffle: false });
    await whole.fit(data, { epochs: 10, batchSize: 24, shuffle: false });
    const [one, other] = [await numbersOf(parts), await numbersOf(whole)];
    one.forEach((w, i) => void expect(w).toBeCloseTo(other[i]!, 11));
  });
});

describe('accumulated', () => {
  const suite = optimizerSuite(accumulated, {
    given: { optimizer: momentum(), steps: 2 },
    alternatives: { optimizer: [sgd({ learningRate: 0.1 })], steps: [3, 1] },
    registered: optimizers,
    reach: 1e15, // the loss is added up too, and is the product of two such numbers there
    backend: cpu,
  });
  for (const { name, run } of suite) test(name, run);

  test('gathers 4 by default; 1 is the optimizer itself', async () => {
    const optimizer = momentum({ learningRate: 0.3 });
    expect(await walkFreely(accumulated({ optimizer }), 8)).toEqual(
      await walkFreely(accumulated({ optimizer, steps: 4 }), 8),
    );
    const path = await walkFreely(accumulated({ optimizer, steps: 1 }), 4);
    expect(distance(path, await walkFreely(optimizer, 4))).toBeLessThan(1e-15);
    expect(() => accumulated({ optimizer, steps: 0 })).toThrow(
      'accumulated: steps must be a whole number from 1, but got 0',
    );
  });

  test.each([adamW({ learningRate: 0.1, weightDecay: 0.5 }), nadam(), momentum()])(
    'between two updates of $type nothing moves, and it remembers what it did',
    async (optimizer) => {
      const trainer = await freeTrainer(accumulated({ optimizer, steps: 3 }));
      let before = (await trainer.snapshot()).state;
      for (let step = 1; step <= 9; step++) {
        await trainer.step({ inputs: [gradientAt(step)], targets: [start] });
        const { state } = await trainer.snapshot();
        const changed = Object.keys(state).filter((name) => state[name]!.join() !== before[name]!.join());
        const own = ['memory.gathered', 'optimizer.gathered', 'step'];
        if (step % 3 === 0) expect(changed.length).toBeGreaterThan(own.length);
        else expect(changed.sort()).toEqual(own);
        before = state;
      }
    },
  );

  test('a proximal penalty waits for the update too', async () => {
    const shrink = regularizer('shrink', {}, () => ({
      penalty: (w) => w.abs().sum().mul(0.5),
      proximal: (w, rate) => w.sub(w.minimum(rate.mul(0.5)).maximum(rate.mul(-0.5))),
    }));
    const optimizer = accumulated({ optimizer: sgd({ learningRate: 0.1 }), steps: 2 });
    const path = await walkFreely(optimizer, 4, shrink());
    expect(path[0]!.parameters).toEqual(start);
    expect(path[2]!.parameters).toEqual(path[1]!.parameters);
    const [one, two] = [gradientAt(1), gradientAt(2)];
    start.forEach((w, i) => {
      const moved = w - (0.1 * (one[i]! + two[i]!)) / 2;
      const wanted = i < 6 ? Math.sign(moved) * Math.max(Math.abs(moved) - 0.05, 0) : moved;
      expect(path[1]!.parameters[i]).toBeCloseTo(wanted, 14);
    });
  });

  test('schedules count updates', async () => {
    const learningRate = exponentialDecay({ initial: 1, factor: 0.5, every: 1 });
    const optimizer = accumulated({ optimizer: sgd({ learningRate }), steps: 3 });
    const trainer = await freeTrainer(optimizer);
    expect([0, 1, 2, 3, 5, 6].map((step) => trainer.rateAt(step))).toEqual([1, 1, 1, 0.5, 0.5, 0.25]);
    const path = await walkFreely(optimizer, 6);
    const mean = (first: number, i: number) =>
      [0, 1, 2].reduce((sum, step) => sum + gradientAt(first + step)[i]!, 0) / 3;
    start.forEach((w, i) => {
      expect(path[5]!.parameters[i]).toBeCloseTo(w - mean(1, i) - 0.5 * mean(4, i), 14);
    });
  });

  test('clipping within it sees the mean, around it each batch', async () => {
    const plain = sgd({ learningRate: 1 });
    const clip = (x: number): number => Math.max(-0.5, Math.min(0.5, x));
    const [g, h] = [gradientAt(1), gradientAt(2)];
    const within = await walkFreely(
      accumulated({ optimizer: clipByValue({ optimizer: plain, limit: 0.5 }), steps: 2 }),
      2,
    );
    const around = await walkFreely(
      clipByValue({ optimizer: accumulated({ optimizer: plain, steps: 2 }), limit: 0.5 }),
      2,
    );
    start.forEach((w, i) => {
      expect(within[1]!.parameters[i]).toBeCloseTo(w - clip((g[i]! + h[i]!) / 2), 14);
      expect(around[1]!.parameters[i]).toBeCloseTo(w - (clip(g[i]!) + clip(h[i]!)) / 2, 14);
    });
  });

  test('within one of its kind gathers what was gathered', async () => {
    const optimizer = momentum({ learningRate: 0.3 });
    const twice = accumulated({ optimizer: accumulated({ optimizer, steps: 3 }), steps: 2 });
    const [path, once] = [
      await walkFreely(twice, 12),
      await walkFreely(accumulated({ optimizer, steps: 6 }), 12),
    ];
    expect(distance(path, once)).toBeLessThan(1e-14);
    expect(path[4]!.parameters).toEqual(start);
  });

  test('what an epoch leaves over goes on in the next', async () => {
    const trainer = await networkTrainer(accumulated({ optimizer: sgd(), steps: 2 }));
    const first = await numbersOf(trainer);
    await trainer.fit(data, { batchSize: 24 });
    expect(await numbersOf(trainer)).toEqual(first);
    await trainer.fit(data, { batchSize: 24 });
    expect(await numbersOf(trainer)).not.toEqual(first);
  });

  test.each([1, 3, 7, 49])('counts by %d in float32, as far as float32 counts', async (steps) => {
    const optimizer = accumulated({ optimizer: sgd(), steps });
    const trainer = await freeTrainer(optimizer, { dtype: 'float32' });
    const snapshot = await trainer.snapshot();
    const first = Array.from(snapshot.state.parameters!);
    for (const update of [1000, 2 ** 18, Math.floor((2 ** 24 - 2) / steps)]) {
      for (const step of [-1, 0, 1].map((off) => update * steps + off)) {
        trainer.restore({ ...snapshot, state: { ...snapshot.state, step: Int32Array.of(step - 1) } });
        await trainer.step({ inputs: [start], targets: [start] });
        const moved = Object.values(await trainer.readParameters()).flatMap((values) => [...values]);
        expect(moved.join() !== first.join(), `step ${step}`).toBe(step % steps === 0);
      }
    }
  });

  test('comes back from data', () => {
    const data = toData(accumulated({ optimizer: adam(), steps: 8 }));
    const neurite = registry().use(optimizers);
    expect(toData(neurite.make('optimizer', JSON.parse(JSON.stringify(data))))).toEqual(data);
  });
});
