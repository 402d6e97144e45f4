// An interrupted training that goes on from a snapshot gives the numbers of an uninterrupted one, bit for bit.
import { relu } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { wasm } from '@neurite/backend-wasm';
import {
  accuracy,
  type Backend,
  type Callback,
  type EpochReport,
  type FitOptions,
  lsuv,
  type Snapshot,
  sequential,
  type Trainer,
  train,
} from '@neurite/core';
import { spiral } from '@neurite/datasets';
import { batchNorm, dense, dropout, standardize } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { adam, reduceOnPlateau } from '@neurite/optimizers';
import { afterAll, describe, expect, test } from 'vitest';

/** 300 points in batches of 64: the last batch has 44. */
const data = spiral({ examples: 300, classes: 3 });
const validation = spiral({ examples: 90, classes: 3, seed: 1 });
const options: FitOptions = { epochs: 4, batchSize: 64, validation };

/** One backend each, so that threads are started once. */
const backends: [string, Backend][] = [
  ['cpu', cpu()],
  ['wasm on one thread', wasm({ threads: 1 })],
  ['wasm on two threads', wasm({ threads: 2 })],
];
const trainers: Trainer[] = [];
afterAll(() => {
  for (const trainer of trainers) trainer.release();
});

/** Everything that a training may remember: layer state, weights scaled by data, moments, dropout, a schedule. */
async function makeTrainer(backend: Backend): Promise<Trainer> {
  const layers = [
    standardize(),
    dense({ units: 64, activation: relu(), initializer: lsuv() }),
    batchNorm(),
    dropout({ rate: 0.2 }),
    dense({ units: 96, activation: relu() }), // enough for two threads
    dense({ units: 3 }),
  ];
  const trainer = await train(sequential([2], layers), {
    loss: softmaxCrossEntropy(),
    optimizer: adam({ learningRate: reduceOnPlateau({ initial: 0.05, patience: 0 }) }),
    metrics: [accuracy()],
    seed: 11,
    backend,
  });
  trainers.push(trainer);
  return trainer;
}

const scoresOf = (reports: readonly EpochReport[]) => reports.map(({ seconds: _, ...report }) => report);

describe.each(backends)('on %s', (_, backend) => {
  test('a training goes on from any snapshot as if nothing had been between', async () => {
    const whole = await makeTrainer(backend);
    const snapshots: Snapshot[] = [];
    const keep = async () => void snapshots.push(structuredClone(await whole.snapshot()));
    const { epochs } = await whole.fit(data, {
      ...options,
      callbacks: [{ onProgress: keep, onEpoch: keep }],
    });
    const end = await whole.snapshot();
    const places = snapshots.map(({ position }) => position?.step);
    expect(places).toEqual(expect.arrayContaining([0, 1, 5])); // between epochs, in one, and after its last step
    for (const snapshot of snapshots.filter((_, i) => i % 3 !== 1)) {
      const trainer = await makeTrainer(backend);
      trainer.restore(snapshot);
      const rest = await trainer.fit(data, { ...options, resume: true });
      expect(await trainer.snapshot()).toEqual(end);
      expect(scoresOf(rest.epochs)).toEqual(scoresOf(epochs.slice(snapshot.position?.epoch)));
    }
  });

  test('a training that a signal ends again and again comes to the same end', async () => {
    const whole = await makeTrainer(backend);
    const { epochs } = await whole.fit(data, options);
    let trainer = await makeTrainer(backend);
    const reports: EpochReport[] = [];
    for (let calls = 0; reports.length < 4; calls++) {
      expect(calls).toBeLessThan(30);
      const controller = new AbortController();
      const callbacks: Callback[] = [{ onProgress: () => controller.abort() }];
      const { signal } = controller;
      const part = await trainer.fit(data, { ...options, callbacks, signal, resume: true });
      reports.push(...part.epochs);
      if (calls % 3 !== 0) continue; // in the same trainer, and in others
      const next = await makeTrainer(backend);
      next.restore(structuredClone(await trainer.snapshot()));
      trainer = next;
    }
    expect(scoresOf(reports)).toEqual(scoresOf(epochs));
    expect(await trainer.snapshot()).toEqual(await whole.snapshot());
  });
});

test('single steps go on from a snapshot, here and on another backend of the same arithmetic', async () => {
  const [one, two] = [wasm({ threads: 1, deterministic: true }), wasm({ threads: 2, deterministic: true })];
  const batch = { inputs: data.inputs.slice(0, 128), targets: data.targets.slice(0, 64) };
  const trainer = await makeTrainer(one);
  await trainer.adapt(data);
  for (let step = 0; step < 5; step++) await trainer.step(batch);
  const snapshot = await trainer.snapshot();
  const losses = [await trainer.step(batch), await trainer.step(batch)];
  for (const backend of [one, two]) {
    const other = await makeTrainer(backend);
    other.restore(snapshot);
    expect([await other.step(batch), await other.step(batch)]).toEqual(losses);
    expect(await other.snapshot()).toEqual(await trainer.snapshot());
  }
});
