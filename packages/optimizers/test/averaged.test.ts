// The mean of the weights: its formula, where it is used, and what becomes of it in a real training.
import { cpu } from '@neurite/backend-cpu';
import { layer, loss, registry, sequential, toData, train, zeros } from '@neurite/core';
import { optimizerSuite } from '@neurite/testing';
import { describe, expect, test } from 'vitest';
import * as optimizers from '../src/index.ts';
import { distance, freeTrainer, gradientAt, placeOf, start, walkFreely } from './freely.ts';

const { adam, averaged, momentum, sgd } = optimizers;

describe('averaged', () => {
  const suite = optimizerSuite(averaged, {
    given: { optimizer: momentum() },
    alternatives: { optimizer: [sgd({ learningRate: 0.1 })], decay: [0.5] },
    registered: optimizers,
    backend: cpu,
  });
  // What evaluations compute with is not among what the suite looks at.
  for (const { name, run } of suite.filter((each) => !each.name.includes('option decay'))) test(name, run);

  test('evaluates with decay · a + (1 − decay) · w, which begins as w after the first step', async () => {
    const path = await walkFreely(averaged({ optimizer: sgd({ learningRate: 0.3 }), decay: 0.7 }), 6);
    let mean = path[0]!.parameters;
    for (const { parameters, evaluated } of path) {
      mean = mean.map((a, i) => 0.7 * a + 0.3 * parameters[i]!);
      evaluated.forEach((a, i) => void expect(a).toBeCloseTo(mean[i]!, 14));
    }
    expect(path[0]!.evaluated).toEqual(path[0]!.parameters);
    expect(path[5]!.evaluated).not.toEqual(path[5]!.parameters);
  });

  test('moves the parameters as the optimizer within does', async () => {
    for (const optimizer of [sgd(), momentum(), adam({ learningRate: 0.1 })]) {
      const [own, alone] = [await walkFreely(averaged({ optimizer }), 5), await walkFreely(optimizer, 5)];
      expect(own.map(({ parameters }) => parameters)).toEqual(alone.map(({ parameters }) => parameters));
    }
  });

  test('with a decay of 0 is the parameters themselves', async () => {
    for (const { parameters, evaluated } of await walkFreely(averaged({ optimizer: sgd(), decay: 0 }), 4)) {
      expect(evaluated).toEqual(parameters);
    }
  });

  test('has PyTorch’s and Keras’ usual decay', () => {
    expect(averaged({ optimizer: sgd() }).options.decay).toBe(0.999);
    expect(() => averaged({ optimizer: sgd(), decay: 1 })).toThrow(
      'averaged: decay must be a number from 0 below 1',
    );
  });

  test('around one of its kind counts: means of the same weights', async () => {
    const inner = averaged({ optimizer: sgd({ learningRate: 0.3 }), decay: 0.2 });
    const [twice, once] = [
      await walkFreely(averaged({ optimizer: inner, decay: 0.7 }), 5),
      await walkFreely(averaged({ optimizer: sgd({ learningRate: 0.3 }), decay: 0.7 }), 5),
    ];
    expect(distance(twice, once)).toBe(0);
  });

  test('is in a snapshot', async () => {
    const optimizer = () => averaged({ optimizer: momentum(), decay: 0.5 });
    const [one, other] = [await freeTrainer(optimizer()), await freeTrainer(optimizer())];
    const step = (trainer: typeof one, number: number) =>
      trainer.step({ inputs: [gradientAt(number)], targets: [start] });
    for (let number = 1; number <= 3; number++) await step(one, number);
    other.restore(await one.snapshot());
    for (const trainer of [one, other]) await step(trainer, 4);
    expect(await placeOf(other)).toEqual(await placeOf(one));
  });

  test('comes back from data', () => {
    const data = toData(averaged({ optimizer: adam(), decay: 0.9 }));
    const neurite = registry().use(optimizers);
    expect(toData(neurite.make('optimizer', JSON.parse(JSON.stringify(data))))).toEqual(data);
  });
});

test('the mean lies in the middle of what the weights swing around', async () => {
  const scale = layer('scale', {}, () => ({
    parameters: () => ({
      w: { shape: [1], initializer: zeros(), fanIn: 1, fanOut: 1, role: 'weight' as const },
    }),
    apply: ({ w }, x) => x.mul(w),
  }));
  const squares = loss('squares', {}, () => (y, target) => y.sub(target).square().sum(-1).div(2));
  const trainer = await train(sequential([1], [scale()]), {
    loss: squares(),
    optimizer: averaged({ optimizer: sgd({ learningRate: 1 }), decay: 0.98 }),
    backend: cpu(),
    dtype: 'float64',
  });
  // The targets are 2 and 4 in turn: the weight jumps from one to the other, the best is 3.
  const both = { inputs: [[1], [1]], targets: [[2], [4]] };
  await trainer.fit(both, { epochs: 300, batchSize: 1, shuffle: false });
  expect((await trainer.readParameters())['scale1.w']![0]).toBe(4);
  expect((await trainer.predict([[1]]))[0]).toBeCloseTo(3, 1);
  expect(((await trainer.evaluate(both)) as { loss: number }).loss).toBeCloseTo(0.5, 2);
});
