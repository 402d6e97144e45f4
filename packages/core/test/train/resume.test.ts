// A training that is interrupted and goes on is the training that was not interrupted, bit for bit.
import { describe, expect, it } from 'vitest';
import {
  type Callback,
  type EpochReport,
  type FitOptions,
  type Snapshot,
  sequential,
  type Trainer,
  train,
} from '../../src/index.ts';
import {
  type ComputedOptions,
  computedTrainer,
  computingBackend,
  onPlateau,
  points,
  stateOf,
} from '../support/computing.ts';
import { dense, momentum, softmaxCrossEntropy } from '../support/plugins.ts';
import {
  abortController,
  countingBackend,
  examples,
  recordedTrainer,
  writesTo,
} from '../support/training.ts';

/** Seven points in batches of two: the last batch is smaller. */
const data = points(7);
const validation = points(3);
const wanted: FitOptions = { epochs: 3, batchSize: 2, validation };

/** What there is to know of epochs, without the clock. */
const scoresOf = (reports: readonly EpochReport[]) => reports.map(({ seconds: _, ...report }) => report);

/** The state and the scores of an uninterrupted training, and a snapshot of every moment that a callback gets to see. */
async function uninterrupted(options: ComputedOptions, fit: FitOptions) {
  const trainer = await computedTrainer(options);
  const snapshots: Snapshot[] = [];
  const keep = async (): Promise<void> => void snapshots.push(await trainer.snapshot());
  const callbacks: Callback[] = [{ onStart: keep, onProgress: keep, onEpoch: keep, onEnd: keep }];
  const { epochs } = await trainer.fit(data, { ...fit, callbacks });
  return { state: await stateOf(trainer), epochs, snapshots };
}

describe('a snapshot of any moment leads to the same end', () => {
  it.each<[string, () => ComputedOptions, FitOptions]>([
    ['with shuffled epochs', () => ({}), wanted],
    ['on a backend that answers later', () => ({ backend: computingBackend({ waits: true }) }), wanted],
    ['in the order of the data', () => ({}), { ...wanted, shuffle: false }],
    ['with batches that come out even', () => ({}), { ...wanted, batchSize: 7 }],
    ['with a schedule that remembers', () => ({ rate: onPlateau({ initial: 0.5 }) }), wanted],
    ['with float64', () => ({ optimizer: momentum(), dtype: 'float64' }), wanted],
  ])('%s', async (_, options, fit) => {
    const whole = await uninterrupted(options(), fit);
    expect(whole.snapshots.length).toBeGreaterThan(7);
    for (const snapshot of whole.snapshots) {
      const trainer = await computedTrainer(options());
      trainer.restore(snapshot);
      const { epochs, steps } = await trainer.fit(data, { ...fit, resume: true });
      expect(await stateOf(trainer)).toEqual(whole.state);
      const done = snapshot.position?.epoch ?? 0;
      expect(scoresOf(epochs)).toEqual(scoresOf(whole.epochs.slice(done)));
      expect(steps).toBe((whole.state.step?.[0] as number) - (snapshot.state.step?.[0] as number));
      trainer.release();
    }
  });
});

describe('resume', () => {
  it('finishes what a signal ended, here or in another trainer', async () => {
    const whole = await uninterrupted({}, wanted);
    const controller = abortController();
    const here = await computedTrainer();
    let calls = 0;
    const callbacks: Callback[] = [{ onProgress: () => void (++calls === 4 && controller.abort()) }];
    const first = await here.fit(data, { ...wanted, callbacks, signal: controller.signal });
    expect(first.stopped).toBe('aborted');
    const there = await computedTrainer();
    there.restore(await here.snapshot());
    for (const trainer of [here, there]) {
      const rest = await trainer.fit(data, { ...wanted, resume: true });
      expect(scoresOf([...first.epochs, ...rest.epochs])).toEqual(scoresOf(whole.epochs));
      expect(first.steps + rest.steps).toBe(12);
      expect(await stateOf(trainer)).toEqual(whole.state);
    }
  });

  it('finishes what a callback stopped after the last step of an epoch: its scores are still reported', async () => {
    const whole = await uninterrupted({}, wanted);
    const trainer = await computedTrainer();
    const callbacks: Callback[] = [
      {
        onProgress: ({ epoch, step, stepsPerEpoch }) =>
          epoch === 2 && step === stepsPerEpoch ? 'enough' : '',
      },
    ];
    const first = await trainer.fit(data, { ...wanted, callbacks });
    expect(first).toMatchObject({ steps: 8, stopped: 'enough', epochs: [{ epoch: 1 }] });
    const rest = await trainer.fit(data, { ...wanted, resume: true });
    expect(scoresOf([...first.epochs, ...rest.epochs])).toEqual(scoresOf(whole.epochs));
    expect(await stateOf(trainer)).toEqual(whole.state);
  });

  it.each<keyof Callback>(['onStart', 'onProgress', 'onEpoch'])(
    'finishes what an error in %s ended',
    async (event) => {
      const whole = await uninterrupted({}, wanted);
      const trainer = await computedTrainer();
      let calls = 0;
      const fail = (): void => {
        if (++calls === (event === 'onStart' ? 1 : 2)) throw new Error('mine');
      };
      await expect(trainer.fit(data, { ...wanted, callbacks: [{ [event]: fail }] })).rejects.toThrow('mine');
      await trainer.fit(data, { ...wanted, resume: true });
      expect(await stateOf(trainer)).toEqual(whole.state);
    },
  );

  it('can be interrupted again and again', async () => {
    const whole = await uninterrupted({}, wanted);
    let trainer = await computedTrainer();
    const reports: EpochReport[] = [];
    const callbacks: Callback[] = [{ onProgress: () => 'a pause' }];
    for (let calls = 0; (await trainer.steps()) < 12; calls++) {
      expect(calls).toBeLessThan(12);
      reports.push(...(await trainer.fit(data, { ...wanted, callbacks, resume: true })).epochs);
      const next = await computedTrainer();
      next.restore(await trainer.snapshot());
      trainer = next;
    }
    reports.push(...(await trainer.fit(data, { ...wanted, resume: true })).epochs);
    expect(scoresOf(reports)).toEqual(scoresOf(whole.epochs));
    expect(await stateOf(trainer)).toEqual(whole.state);
  });

  it('goes on with more epochs after all were finished', async () => {
    const whole = await uninterrupted({}, wanted);
    const trainer = await computedTrainer();
    await trainer.fit(data, { ...wanted, epochs: 1 });
    expect((await trainer.snapshot()).position).toEqual({
      epoch: 1,
      step: 0,
      batchSize: 2,
      rows: 7,
      totals: {},
    });
    const { epochs } = await trainer.fit(data, { ...wanted, resume: true });
    expect(epochs.map(({ epoch }) => epoch)).toEqual([2, 3]);
    expect(await stateOf(trainer)).toEqual(whole.state);
  });

  it('makes no step where all epochs were made', async () => {
    const trainer = await computedTrainer();
    await trainer.fit(data, wanted);
    const before = await trainer.snapshot();
    for (const epochs of [3, 2, 1]) {
      expect(await trainer.fit(data, { ...wanted, epochs, resume: true })).toEqual({ epochs: [], steps: 0 });
    }
    expect(await trainer.snapshot()).toEqual(before);
  });

  it('begins where there is nothing to finish', async () => {
    const whole = await uninterrupted({}, wanted);
    const trainer = await computedTrainer();
    await trainer.fit(data, { ...wanted, resume: true });
    expect(await stateOf(trainer)).toEqual(whole.state);
  });

  it.each([
    [points(6), 2, '6 in batches of 2'],
    [data, 3, '7 in batches of 3'],
  ])('is refused on other data, and nothing is lost: %#', async (other, batchSize, got) => {
    const whole = await uninterrupted({}, wanted);
    const trainer = await computedTrainer();
    await trainer.fit(data, { ...wanted, callbacks: [{ onProgress: () => 'a pause' }] });
    const before = await trainer.snapshot();
    await expect(trainer.fit(other, { ...wanted, batchSize, resume: true })).rejects.toMatchObject({
      code: 'data',
      message: `fit: what is resumed had 7 examples in batches of 2, but got ${got}`,
    });
    expect(await trainer.snapshot()).toEqual(before);
    await trainer.fit(data, { ...wanted, resume: true });
    expect(await stateOf(trainer)).toEqual(whole.state);
  });

  it('is not what happens without it: a new run begins with the first epoch, in an order of its own', async () => {
    const { trainer, backend } = await recordedTrainer();
    const all = examples(6);
    await trainer.fit(all, { batchSize: 2, epochs: 3, callbacks: [{ onProgress: () => 'a pause' }] });
    const seen: number[] = [];
    const callbacks: Callback[] = [{ onEpoch: ({ epoch }) => void seen.push(epoch) }];
    await trainer.fit(all, { batchSize: 2, epochs: 2, callbacks });
    expect(seen).toEqual([1, 2]);
    const orders = writesTo(backend, 'training.order').map((order) => order.join());
    expect(new Set(orders).size).toBe(3);
    expect((await trainer.snapshot()).position).toMatchObject({ epoch: 2, step: 0 });
  });

  it('gives the epoch under way the order that it had', async () => {
    const { trainer, backend } = await recordedTrainer();
    const all = examples(6);
    await trainer.fit(all, { batchSize: 2 });
    await trainer.fit(all, { batchSize: 2, epochs: 2, callbacks: [{ onProgress: () => 'a pause' }] });
    const other = await recordedTrainer();
    other.trainer.restore(await trainer.snapshot());
    await other.trainer.fit(all, { batchSize: 2, epochs: 2, resume: true });
    const [, begun] = writesTo(backend, 'training.order');
    expect(writesTo(other.backend, 'training.order')[0]).toEqual(begun);
    expect(writesTo(other.backend, 'training.row')).toEqual([[2], [0]]);
  });

  it('where the programs cannot be compiled loses nothing', async () => {
    const trainer = await train(sequential([2], [dense({ units: 2 })]), {
      loss: softmaxCrossEntropy(),
      optimizer: momentum(),
      backend: computingBackend({
        refuse: ({ names, buffers }) => buffers[names['training.inputs']?.buffer ?? 0]?.dtype === 'uint8',
      }),
    });
    await trainer.fit(data, { ...wanted, callbacks: [{ onProgress: () => 'a pause' }] });
    const before = await trainer.snapshot();
    const bytes = { ...data, inputs: new Uint8Array(14) };
    await expect(trainer.fit(bytes, { ...wanted, resume: true })).rejects.toMatchObject({
      code: 'unsupported',
    });
    expect(await trainer.snapshot()).toEqual(before);
  });
});

describe('steps', () => {
  const batches = [0, 1, 2, 3, 4, 5].map((i) => points(2 + (i % 2)));
  const steps = async (trainer: Trainer, from: number, to: number): Promise<number[]> => {
    const losses: number[] = [];
    for (const batch of batches.slice(from, to)) losses.push(await trainer.step(batch));
    return losses;
  };

  it.each([false, true])('go on from a snapshot, on a backend that answers later: %s', async (waits) => {
    const make = () => computedTrainer({ backend: computingBackend({ waits }) });
    const trainer = await make();
    const before = await steps(trainer, 0, 3);
    const snapshot = await trainer.snapshot();
    const after = await steps(trainer, 3, 6);
    const other = await make();
    other.restore(snapshot);
    expect(await other.steps()).toBe(3);
    expect(await steps(other, 3, 6)).toEqual(after);
    expect(await stateOf(other)).toEqual(await stateOf(trainer));
    trainer.restore(snapshot); // back to where it was
    expect(await steps(trainer, 3, 6)).toEqual(after);
    expect(before).not.toEqual(after);
  });

  it('count on from those of the snapshot where rates are scheduled', async () => {
    const trainer = await computedTrainer({ backend: countingBackend() });
    for (const batch of batches) await trainer.step(batch);
    const other = await computedTrainer({ backend: countingBackend() });
    other.restore(await trainer.snapshot());
    const { epochs } = await other.fit(points(4), { batchSize: 2 });
    expect(epochs[0]?.steps).toBe(batches.length + 2);
  });
});
