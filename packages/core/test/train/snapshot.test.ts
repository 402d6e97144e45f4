import { describe, expect, it } from 'vitest';
import {
  type Callback,
  initializer,
  NeuriteError,
  type Snapshot,
  sequential,
  train,
  zeros,
} from '../../src/index.ts';
import { computedTrainer, computingBackend, onPlateau, points, stateOf } from '../support/computing.ts';
import { adam, dense, momentum, relu, sgd, softmaxCrossEntropy } from '../support/plugins.ts';

const data = points(5);
const { structuredClone } = globalThis as unknown as { structuredClone: <T>(value: T) => T };

/** A snapshot in the middle of an epoch, of a training with everything in it. */
async function fullSnapshot(): Promise<Snapshot> {
  const trainer = await computedTrainer({ rate: onPlateau() });
  let snapshot: Snapshot | undefined;
  const onProgress = async () => {
    snapshot = await trainer.snapshot();
    return 'enough';
  };
  await trainer.fit(data, { batchSize: 2, callbacks: [{ onProgress }] });
  return snapshot as Snapshot;
}

describe('a snapshot', () => {
  it('holds the numbers of the training by name, and how far it has come', async () => {
    const { state, ...rest } = await fullSnapshot();
    expect(Object.entries(state).map(([name, numbers]) => [name, numbers.length])).toEqual([
      ['parameters', 17],
      ['optimizer.mean', 17],
      ['optimizer.variance', 17],
      ['layers', 2],
      ['step', 1],
    ]);
    expect(state.step).toEqual(Int32Array.of(1));
    expect(rest).toEqual({
      epochs: 1,
      schedules: [{ best: Number.POSITIVE_INFINITY, rate: 0.05 }],
      adapted: true,
      position: {
        epoch: 0,
        step: 1,
        batchSize: 2,
        rows: 5,
        totals: {
          'training.loss': expect.any(Float32Array),
          'training.meanOutput.sum': expect.any(Float32Array),
        },
      },
    });
  });

  it('has no position before the first fit', async () => {
    const trainer = await computedTrainer();
    await trainer.step(points(2));
    expect(await trainer.snapshot()).not.toHaveProperty('position');
  });

  it('is plain data', async () => {
    const snapshot = await fullSnapshot();
    const isPlain = (value: unknown): boolean => {
      if (typeof value !== 'object' || value === null)
        return ['number', 'boolean', 'string'].includes(typeof value);
      if (ArrayBuffer.isView(value)) return true;
      const prototype = Object.getPrototypeOf(value);
      return [Object.prototype, Array.prototype].includes(prototype) && Object.values(value).every(isPlain);
    };
    expect(isPlain(snapshot)).toBe(true);
    const clone = structuredClone(snapshot);
    expect(clone).toEqual(snapshot);
    const ends = [];
    for (const each of [snapshot, clone]) {
      const trainer = await computedTrainer({ rate: onPlateau() });
      trainer.restore(each);
      await trainer.fit(data, { batchSize: 2, epochs: 2, resume: true });
      ends.push(await trainer.snapshot());
    }
    expect(ends[1]).toEqual(ends[0]);
  });

  it('is a copy: training changes nothing in it, and it can be restored twice', async () => {
    const trainer = await computedTrainer({ rate: onPlateau() });
    const snapshot = await fullSnapshot();
    const before = structuredClone(snapshot);
    for (let i = 0; i < 2; i++) {
      trainer.restore(snapshot);
      await trainer.fit(data, { batchSize: 2, epochs: 2, resume: true });
      expect(snapshot).toEqual(before);
    }
  });

  it('is of one moment, while steps are made', async () => {
    for (const waits of [false, true]) {
      const make = () => computedTrainer({ backend: computingBackend({ waits }) });
      const sequence = await make();
      const moments = [await stateOf(sequence)];
      for (let step = 0; step < 4; step++) {
        await sequence.step(points(2));
        moments.push(await stateOf(sequence));
      }
      const trainer = await make();
      await trainer.step(points(2)); // compiles, which would give way to timers
      let done = false;
      const stepping = (async () => {
        for (let step = 1; step < 4; step++) await trainer.step(points(2));
        done = true;
      })();
      while (!done) {
        const state = await stateOf(trainer);
        expect(state).toEqual(moments[state.step?.[0] as number]);
      }
      await stepping;
    }
  });
});

describe('restore', () => {
  const of = (change: (snapshot: Record<string, unknown>) => void) => (snapshot: Snapshot) => {
    const copy = structuredClone(snapshot) as unknown as Record<string, unknown>;
    change(copy);
    return copy as unknown as Snapshot;
  };
  const ofState = (change: (state: Record<string, unknown>) => void) =>
    of(({ state }) => change(state as Record<string, unknown>));
  const ofPosition = (change: object) =>
    of((snapshot) => {
      snapshot.position = { ...(snapshot.position as object), ...change };
    });

  it.each<[string, (snapshot: Snapshot) => unknown, string]>([
    ['nothing', () => undefined, '"parameters" must have 17 numbers, but has none'],
    ['null', () => null, '"parameters" must have 17 numbers, but has none'],
    [
      'no numbers',
      of((snapshot) => delete snapshot.state),
      '"parameters" must have 17 numbers, but has none',
    ],
    [
      'another network',
      ofState((state) => {
        state.parameters = new Float32Array(18);
      }),
      '"parameters" must have 17 numbers, but has 18',
    ],
    [
      'a network without state',
      ofState((state) => delete state.layers),
      '"layers" must have 2 numbers, but has none',
    ],
    [
      'another optimizer',
      ofState((state) => {
        state['optimizer.velocity'] = new Float32Array(17);
      }),
      'there is no "optimizer.velocity" in this training',
    ],
    [
      'no count of epochs',
      of((snapshot) => delete snapshot.epochs),
      'epochs must be a number of epochs, but got nothing',
    ],
    [
      'half an epoch',
      of((snapshot) => {
        snapshot.epochs = 0.5;
      }),
      'epochs must be a number of epochs, but got 0.5',
    ],
    ['no word of adapting', of((snapshot) => delete snapshot.adapted), 'adapted must be true or false'],
    [
      'no schedules',
      of((snapshot) => delete snapshot.schedules),
      'schedules must be what schedules remember, but got nothing',
    ],
    [
      'a rate that remembers nothing',
      of((snapshot) => {
        snapshot.schedules = [];
      }),
      "the schedules remember { best, rate }, but the snapshot's nothing",
    ],
    [
      'another schedule',
      of((snapshot) => {
        snapshot.schedules = [{ epochs: 2 }];
      }),
      "the schedules remember { best, rate }, but the snapshot's { epochs }",
    ],
    ['a position without a step', ofPosition({ step: undefined }), 'position must be a place in an epoch'],
    ['a position beyond the epoch', ofPosition({ step: 4 }), 'position must be a place in an epoch'],
    ['a position without totals', ofPosition({ totals: undefined }), 'position must be a place in an epoch'],
    [
      'a position of null',
      of((snapshot) => Object.assign(snapshot, { position: null })),
      'position must be a place',
    ],
  ])('refuses a snapshot of %s, and nothing has changed', async (_, change, message) => {
    const trainer = await computedTrainer({ rate: onPlateau() });
    await trainer.fit(data, { batchSize: 2 });
    const before = await trainer.snapshot();
    let error: unknown;
    try {
      trainer.restore(change(await fullSnapshot()) as Snapshot);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(NeuriteError);
    expect(error).toMatchObject({ code: 'state', message: expect.stringContaining(`restore: ${message}`) });
    expect(await trainer.snapshot()).toEqual(before);
  });

  it('refuses a snapshot of a real training with another optimizer', async () => {
    const [one, other] = [await computedTrainer({ optimizer: momentum() }), await computedTrainer()];
    const [a, b] = [await one.snapshot(), await other.snapshot()];
    expect(() => one.restore(b)).toThrow('"optimizer.velocity" must have 17 numbers, but has none');
    expect(() => other.restore(a)).toThrow('"optimizer.mean" must have 17 numbers, but has none');
  });

  it('takes plain lists for typed arrays', async () => {
    const [one, other] = [await computedTrainer(), await computedTrainer()];
    await one.step(points(2));
    const snapshot = await one.snapshot();
    const state = Object.fromEntries(
      Object.entries(snapshot.state).map(([name, numbers]) => [name, Array.from(numbers)]),
    );
    other.restore({ ...snapshot, state } as unknown as Snapshot);
    expect(await stateOf(other)).toEqual(snapshot.state);
  });

  it('is refused while fit is under way, which goes on', async () => {
    const whole = await computedTrainer();
    await whole.fit(data, { batchSize: 2, epochs: 2 });
    const trainer = await computedTrainer();
    const snapshot = await trainer.snapshot();
    const errors: unknown[] = [];
    const attempt = () => {
      try {
        trainer.restore(snapshot);
      } catch (error) {
        errors.push(error);
      }
    };
    const callbacks: Callback[] = [
      { onStart: attempt, onProgress: attempt, onEpoch: attempt, onEnd: attempt },
    ];
    const fitting = trainer.fit(data, { batchSize: 2, epochs: 2, callbacks });
    attempt();
    await fitting;
    expect(errors.length).toBeGreaterThan(4);
    for (const error of errors) {
      expect(error).toMatchObject({
        code: 'state',
        message: 'restore() was called while fit() is under way: await it first',
      });
    }
    expect(await trainer.snapshot()).toEqual(await whole.snapshot());
  });

  it.each<['step' | 'adapt' | 'to']>([['step'], ['adapt'], ['to']])(
    'is refused while %s is under way',
    async (what) => {
      const trainer = await computedTrainer({ backend: computingBackend({ waits: true }) });
      const snapshot = await trainer.snapshot();
      const acting = what === 'to' ? trainer.to(computingBackend()) : trainer[what](points(2));
      expect(() => trainer.restore(snapshot)).toThrow(
        `restore() was called while ${what}() is under way: await it first`,
      );
      await acting;
      trainer.restore(snapshot);
      expect(await trainer.snapshot()).toEqual(snapshot);
    },
  );

  it('is refused after release', async () => {
    const trainer = await computedTrainer();
    const snapshot = await trainer.snapshot();
    trainer.release();
    expect(() => trainer.restore(snapshot)).toThrow('restore() was called after release()');
    await expect(trainer.snapshot()).rejects.toThrow('snapshot() was called after release()');
  });

  it('keeps apart the parameters that were written before the data scale the others', async () => {
    const tripled = initializer('tripled', {}, () => ({
      apply: zeros().apply,
      rescale: { factor: (scores) => scores.mean().mul(0).add(3), tolerance: 0.5, iterations: 1 },
    }));
    const make = () =>
      train(
        sequential(
          [2],
          [
            dense({ units: 2, activation: relu(), initializer: tripled() }),
            dense({ units: 2, initializer: tripled() }),
          ],
        ),
        { loss: softmaxCrossEntropy(), optimizer: sgd(), backend: computingBackend() },
      );
    const trainer = await make();
    trainer.writeParameters({ 'hidden1.weight': [1, 1, 1, 1] });
    const snapshot = structuredClone(await trainer.snapshot());
    expect(snapshot.written).toEqual(['hidden1.weight']);
    const other = await make();
    other.writeParameters({ 'output.weight': [1, 1, 1, 1] }); // forgotten with the rest
    other.restore(snapshot);
    for (const each of [trainer, other]) await each.fit(data, { batchSize: 2 });
    expect(await other.snapshot()).toEqual(await trainer.snapshot());
  });

  it('goes from one trainer to another with other metrics', async () => {
    const one = await computedTrainer({ optimizer: adam() });
    const callbacks: Callback[] = [{ onProgress: () => 'a pause' }];
    await one.fit(data, { batchSize: 2, callbacks });
    const other = await computedTrainer({ optimizer: adam(), metrics: [] });
    other.restore(await one.snapshot());
    const rest = await one.fit(data, { batchSize: 2, resume: true });
    const { epochs } = await other.fit(data, { batchSize: 2, resume: true });
    expect(epochs[0]?.loss).toBe(rest.epochs[0]?.loss);
    expect(epochs[0]?.scores).toEqual({});
  });

  it('leaves nothing of what the trainer had added up for metrics that the snapshot knows nothing of', async () => {
    const without = await computedTrainer({ metrics: [] });
    await without.fit(data, { batchSize: 2, callbacks: [{ onProgress: () => 'a pause' }] });
    const [used, fresh] = [await computedTrainer(), await computedTrainer()];
    await used.fit(data, { batchSize: 2, callbacks: [{ onProgress: () => 'a pause' }] });
    const scores = [];
    for (const trainer of [used, fresh]) {
      trainer.restore(await without.snapshot());
      const { epochs } = await trainer.fit(data, { batchSize: 2, resume: true });
      scores.push(epochs[0]?.scores);
    }
    expect(scores[0]).toEqual(scores[1]);
  });
});
