// A training that moves from backend to backend is the training that stays, to the last digits of float32.
import { tanh } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { gpu } from '@neurite/backend-gpu';
import { wasm } from '@neurite/backend-wasm';
import {
  accuracy,
  type Backend,
  type Callback,
  type FitOptions,
  type FitResult,
  type NumberArray,
  sequential,
  type Trainer,
  train,
} from '@neurite/core';
import { spiral } from '@neurite/datasets';
import { batchNorm, dense, dropout } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { exponentialDecay, momentum } from '@neurite/optimizers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** 20 steps in each epoch, 100 in all; the last batch of an epoch has 8 examples. */
const data = spiral({ examples: 920, classes: 3 });
const options: FitOptions = {
  epochs: 5,
  batchSize: 48,
  validation: spiral({ examples: 60, classes: 3, seed: 1 }),
};
/** 46 examples of all classes. */
const batch = {
  inputs: data.inputs.filter((_, i) => Math.floor(i / 2) % 20 === 0),
  targets: data.targets.filter((_, i) => i % 20 === 0),
};

const backends: Record<string, Backend> = {
  cpu: cpu(),
  'wasm on one thread': wasm({ threads: 1 }),
  'wasm on two threads': wasm({ threads: 2 }),
  'gpu.js in WebAssembly': gpu({ mode: 'webasm' }),
};
const names = Object.keys(backends);
const pairs = names.flatMap((from) => names.filter((to) => to !== from).map((to) => [from, to] as const));

const trainers: Trainer[] = [];
afterAll(() => {
  for (const trainer of trainers) trainer.release();
});

async function makeTrainer(name: string): Promise<Trainer> {
  const layers = [
    dense({ units: 64, activation: tanh() }),
    batchNorm(),
    dropout({ rate: 0.2 }),
    dense({ units: 100, activation: tanh() }), // enough for two threads
    dense({ units: 3 }),
  ];
  const trainer = await train(sequential([2], layers), {
    loss: softmaxCrossEntropy(),
    optimizer: momentum({ learningRate: exponentialDecay({ initial: 0.002, every: 50 }) }),
    metrics: [accuracy()],
    seed: 4,
    backend: backends[name] as Backend,
  });
  trainers.push(trainer);
  return trainer;
}

/** The largest difference, as a part of the largest number. */
function difference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  const [a, b] = [Array.from(actual), Array.from(expected)];
  return Math.max(...b.map((x, i) => Math.abs(x - (a[i] as number)))) / Math.max(...b.map(Math.abs));
}

function expectAlike(
  actual: Readonly<Record<string, NumberArray>>,
  expected: Readonly<Record<string, NumberArray>>,
): void {
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  for (const [name, numbers] of Object.entries(expected)) {
    expect(difference(actual[name] ?? [], numbers), name).toBeLessThan(1e-5);
  }
}

function expectSameCurve(actual: FitResult, expected: FitResult): void {
  const shape = ({ epochs, steps, stopped }: FitResult) => ({
    steps,
    stopped,
    epochs: epochs.map(({ epoch, learningRate, steps: made }) => ({ epoch, learningRate, made })),
  });
  expect(shape(actual)).toEqual(shape(expected));
  const curve = ({ epochs }: FitResult) =>
    epochs.flatMap(({ loss, validation }) => [loss, validation?.loss ?? 0]);
  expect(difference(curve(actual), curve(expected))).toBeLessThan(1e-5);
}

/** What stays where it began: 100 steps of fit, and 100 single ones. */
let fitted: { readonly result: FitResult; readonly state: Readonly<Record<string, NumberArray>> };
let stepped: Readonly<Record<string, NumberArray>>;
beforeAll(async () => {
  const trainer = await makeTrainer('wasm on one thread');
  const before = await trainer.snapshot();
  const result = await trainer.fit(data, options);
  fitted = { result, state: (await trainer.snapshot()).state };
  trainer.restore(before);
  for (let step = 0; step < 100; step++) await trainer.step(batch);
  stepped = (await trainer.snapshot()).state;
});

describe.each(pairs)('from %s to %s', (from, to) => {
  const other = backends[to] as Backend;

  test('50 steps and 50 more are 100', async () => {
    const trainer = await makeTrainer(from);
    for (let step = 0; step < 50; step++) await trainer.step(batch);
    await trainer.to(other);
    expect(trainer.backend).toBe(other);
    for (let step = 0; step < 50; step++) await trainer.step(batch);
    expectAlike((await trainer.snapshot()).state, stepped);
  });
});

// gpu.js takes long to compile: it has the pair of which each side can hardly be more unlike the other.
const unlike = ['cpu', 'gpu.js in WebAssembly'];
describe.each(
  pairs.filter(
    (pair) => !pair.some((name) => name.startsWith('gpu.js')) || pair.every((name) => unlike.includes(name)),
  ),
)('from %s to %s', (from, to) => {
  const other = backends[to] as Backend;

  test('in the middle of an epoch, awaited in a callback, the curve goes on', async () => {
    const trainer = await makeTrainer(from);
    let moved: number | undefined;
    const onProgress: Callback['onProgress'] = async ({ epoch, step }) => {
      if (epoch < 3 || moved !== undefined) return;
      moved = step;
      await trainer.to(other);
    };
    const result = await trainer.fit(data, { ...options, callbacks: [{ onProgress }] });
    expect(moved).toBeLessThan(20);
    expectSameCurve(result, fitted.result);
    expectAlike((await trainer.snapshot()).state, fitted.state);
  });
});

test('a timer may move it around, and look at it, again and again', async () => {
  const trainer = await makeTrainer('cpu');
  let [rounds, isBusy] = [0, false];
  const lookAround = async () => {
    if (isBusy || rounds === 7) return;
    isBusy = true;
    const name = names[++rounds % names.length] as string;
    const move = trainer.to(backends[name] as Backend);
    await Promise.all([move, trainer.evaluate(batch), trainer.predict(batch.inputs), trainer.snapshot()]);
    isBusy = false;
  };
  const looks: Promise<void>[] = [];
  const timer = setInterval(() => looks.push(lookAround()), 1);
  try {
    const result = await trainer.fit(data, { ...options, callbacks: [{ onProgress: () => {} }] });
    expectSameCurve(result, fitted.result);
  } finally {
    clearInterval(timer);
    await Promise.all(looks);
  }
  expect(rounds).toBeGreaterThan(0);
  expectAlike((await trainer.snapshot()).state, fitted.state);
});

test('wasm, which has no float64, is refused, and a float64 training goes on', async () => {
  const make = () =>
    train(sequential([2], [dense({ units: 3 })]), {
      loss: softmaxCrossEntropy(),
      optimizer: momentum(),
      backend: cpu(),
      dtype: 'float64',
    });
  const [stays, tries] = [await make(), await make()];
  const short: FitOptions = { batchSize: 48 };
  await stays.fit(data, short);
  let error: unknown;
  const onProgress = async () => {
    error ??= await tries.to(wasm({ threads: 1 })).catch((thrown: unknown) => thrown);
  };
  await tries.fit(data, { ...short, callbacks: [{ onProgress }] });
  expect(error).toMatchObject({
    code: 'unsupported',
    message: 'backend "wasm" computes in float32, int32, uint8, not in float64',
  });
  expect(await tries.snapshot()).toEqual(await stays.snapshot());
});
