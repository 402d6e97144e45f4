// A training that moves to another backend is the training that stayed where it was.
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Backend,
  type Callback,
  type EpochReport,
  type FitOptions,
  type Progress,
  type Snapshot,
  sequential,
  type Trainer,
  train,
} from '../../src/index.ts';
import { breathe } from '../../src/train/breathe.ts';
import {
  type ComputingBackend,
  computedTrainer,
  computingBackend,
  onPlateau,
  points,
  stateOf,
} from '../support/computing.ts';
import { dense, halving, sgd, softmaxCrossEntropy } from '../support/plugins.ts';
import { countingBackend, examples, recordedTrainer } from '../support/training.ts';

/** Seven points in batches of two: the last batch is smaller. */
const data = points(7);
const wanted: FitOptions = { epochs: 3, batchSize: 2, validation: points(3) };
const rate = onPlateau({ initial: 0.5 });
const scoresOf = (reports: readonly EpochReport[]) => reports.map(({ seconds: _, ...report }) => report);

/** The training that stays. */
let whole: { readonly end: Snapshot; readonly epochs: unknown };
beforeAll(async () => {
  const trainer = await computedTrainer({ rate });
  const { epochs } = await trainer.fit(data, wanted);
  whole = { end: await trainer.snapshot(), epochs: scoresOf(epochs) };
});

interface Moving {
  readonly trainer: Trainer;
  readonly from: ComputingBackend;
  readonly to: ComputingBackend;
  move(): Promise<void>;
}

async function moving(waits: { readonly from?: boolean; readonly to?: boolean } = {}): Promise<Moving> {
  const [from, to] = [
    computingBackend({ waits: waits.from ?? false }),
    computingBackend({ waits: waits.to ?? false }),
  ];
  const trainer = await computedTrainer({ rate, backend: from });
  return { trainer, from, to, move: () => trainer.to(to) };
}

/** Expects that a fit was as if it had stayed, and that it ended on the other backend and left nothing on the first. */
async function expectMoved({ trainer, from, to }: Moving, epochs: readonly EpochReport[]): Promise<void> {
  expect(scoresOf(epochs)).toEqual(whole.epochs);
  expect(await trainer.snapshot()).toEqual(whole.end);
  expect(trainer.backend).toBe(to);
  expect(from.alive).toBe(0);
  trainer.release();
  expect(to.alive).toBe(0);
}

/** A callback that does something at the `when`th of such events. */
const at = (event: keyof Callback, when: number, act: () => unknown): Callback => {
  let events = 0;
  return {
    [event]: async () => {
      if (++events === when) await act();
    },
  };
};

describe.each([
  { from: false, to: false },
  { from: false, to: true },
  { from: true, to: false },
])('to(), where backends answer later: %o', (waits) => {
  it('before fit', async () => {
    const all = await moving(waits);
    await all.move();
    expect(all.from.alive).toBe(0);
    const { epochs } = await all.trainer.fit(data, wanted);
    await expectMoved(all, epochs);
  });

  it('between two calls of fit', async () => {
    const all = await moving(waits);
    const first = await all.trainer.fit(data, { ...wanted, epochs: 1 });
    await all.move();
    const rest = await all.trainer.fit(data, { ...wanted, resume: true });
    const epochs = [...first.epochs, ...rest.epochs].map((report) => ({ ...report, epochs: 3 }));
    await expectMoved(all, epochs);
  });

  it('in the middle of an epoch, from nowhere', async () => {
    const all = await moving(waits);
    const fitting = all.trainer.fit(data, wanted);
    while (all.from.steps < 5) await breathe();
    await all.move();
    expect(all.trainer.backend).toBe(all.to);
    expect(all.from.alive).toBe(0);
    expect(all.to.steps).toBeLessThan(12);
    await expectMoved(all, (await fitting).epochs);
  });
});

describe('to() in a callback', () => {
  it.each<[keyof Callback, number]>([
    ['onStart', 1],
    ['onProgress', 1],
    ['onProgress', 6],
    ['onEpoch', 1],
    ['onEpoch', 3],
    ['onEnd', 1],
  ])('%s, the %ith, is the same whether it is waited for or not', async (event, when) => {
    for (const isAwaited of [true, false]) {
      const all = await moving();
      let moved: Promise<void> | undefined;
      const move = () => {
        moved = all.move();
        return isAwaited ? moved : undefined;
      };
      const callbacks: Callback[] = [{ onProgress: () => {} }, at(event, when, move)];
      const { epochs } = await all.trainer.fit(data, { ...wanted, callbacks });
      await moved;
      await expectMoved(all, epochs);
    }
  });

  it('lets the loss curve and the scores so far go on', async () => {
    const curve = async (act: (trainer: Trainer) => unknown) => {
      const trainer = await computedTrainer({ backend: computingBackend() });
      const seen = new Map<string, unknown>();
      const onProgress = async ({ seconds: _, ...progress }: Progress) => {
        seen.set(`${progress.epoch} ${progress.step}`, progress);
        await act(trainer);
      };
      await trainer.fit(data, { ...wanted, callbacks: [{ onProgress }] });
      return seen;
    };
    // One step in each call, since each move begins anew with one.
    const moved = await curve((trainer) => trainer.to(computingBackend()));
    expect(moved.size).toBe(12);
    const stayed = await curve(() => {});
    for (const [key, progress] of stayed) expect(moved.get(key)).toEqual(progress);
  });

  it('there and back again, without a step between', async () => {
    const all = await moving();
    const other = computingBackend();
    const back = async () => {
      await Promise.all([all.trainer.to(other), all.trainer.to(computingBackend()), all.move()]);
    };
    const { epochs } = await all.trainer.fit(data, { ...wanted, callbacks: [at('onProgress', 2, back)] });
    expect(other.alive).toBe(0);
    await expectMoved(all, epochs);
  });

  it('leaves what a snapshot says as it is', async () => {
    const all = await moving();
    const snapshots: Snapshot[] = [];
    const look = async () => void snapshots.push(await all.trainer.snapshot());
    const lookAround = async () => {
      await look();
      await all.move();
      await look();
    };
    await all.trainer.fit(data, { ...wanted, callbacks: [at('onProgress', 2, lookAround)] });
    expect(snapshots[1]).toEqual(snapshots[0]);
    expect(snapshots[0]?.position).toMatchObject({ epoch: 0 });
    expect(Object.keys(snapshots[0]?.position?.totals ?? {})).toHaveLength(2);
  });
});

describe('a backend that cannot compute it', () => {
  const refusals: [string, () => Backend, string][] = [
    [
      'for want of its dtype',
      () => computingBackend({ dtypes: ['float64', 'int32', 'uint8'] }),
      'backend "computing" computes in float64, int32, uint8, not in float32',
    ],
    [
      'for want of another',
      () => computingBackend({ dtypes: ['float32', 'int32'] }),
      'the backend computes with float32, int32, but the program needs uint8',
    ],
    ['from the first program', () => computingBackend({ refuse: () => true }), 'it cannot compile this'],
    [
      'in the smaller last batch',
      () =>
        computingBackend({
          refuse: ({ kernels }) => kernels.some(({ shape }) => shape[0] === 1 && shape[1] === 3),
        }),
      'it cannot compile this',
    ],
  ];

  it.each(refusals)('%s is refused, and training goes on where it is', async (_, make, message) => {
    const all = await moving();
    const backend = make() as ComputingBackend;
    let error: unknown;
    const attempt = async () => {
      error = await all.trainer.to(backend).catch((thrown: unknown) => thrown);
    };
    const { epochs } = await all.trainer.fit(data, { ...wanted, callbacks: [at('onProgress', 2, attempt)] });
    expect(error).toMatchObject({ code: 'unsupported', message });
    expect(backend.alive).toBe(0);
    expect(all.trainer.backend).toBe(all.from);
    expect(scoresOf(epochs)).toEqual(whole.epochs);
    expect(await all.trainer.snapshot()).toEqual(whole.end);
  });

  it.each([
    [undefined, 'nothing'],
    ['wasm', '"wasm"'],
    [sgd(), /^to takes a backend, but got \{/],
  ])('and what is no backend: %#', async (wrong, got) => {
    const { trainer } = await moving();
    await expect(trainer.to(wrong as never)).rejects.toMatchObject({
      code: 'option',
      message: typeof got === 'string' ? `to takes a backend, but got ${got}` : expect.stringMatching(got),
    });
  });
});

describe('others', () => {
  it('evaluate, predict, measure and look at it while it trains and moves', async () => {
    const all = await moving({ from: true });
    const { trainer } = all;
    const fitting = trainer.fit(data, wanted);
    const seen: Record<string, number>[] = [];
    for (let i = 0; i < 12; i++) {
      for (let turn = 0; turn < 8; turn++) await breathe();
      if (i === 4) void all.move();
      const [{ loss }, outputs, snapshot, { 'output.bias': bias }, steps] = await Promise.all([
        trainer.evaluate(data),
        trainer.predict(data.inputs),
        trainer.snapshot(),
        trainer.readParameters(),
        trainer.steps(),
      ]);
      seen.push({ loss: loss as number, outputs: outputs.length, steps });
      expect(snapshot.state.step?.[0]).toBeLessThanOrEqual(steps);
      expect(bias).toHaveLength(2);
    }
    await expectMoved(all, (await fitting).epochs);
    expect(seen.every(({ loss, outputs }) => Number.isFinite(loss) && outputs === 14)).toBe(true);
  });

  it('write nothing while it moves: it would be lost', async () => {
    const { trainer, move } = await moving();
    const going = move();
    for (const name of ['writeParameters', 'writeLayerState'] as const) {
      expect(() => trainer[name]({})).toThrow(`${name}() was called while to() is under way: await it first`);
    }
    await going;
    trainer.writeParameters({ 'output.bias': [5, 6] });
    expect((await trainer.readParameters())['output.bias']).toEqual(Float32Array.of(5, 6));
  });

  it('write nothing while it moves in the middle of fit either', async () => {
    const all = await moving();
    const errors: string[] = [];
    const attempt = () => {
      const going = all.move();
      try {
        all.trainer.writeParameters({ 'output.bias': [5, 6] });
      } catch (error) {
        errors.push((error as Error).message);
      }
      return going;
    };
    const { epochs } = await all.trainer.fit(data, { ...wanted, callbacks: [at('onProgress', 2, attempt)] });
    expect(errors).toEqual(['writeParameters() was called while to() is under way: await it first']);
    await expectMoved(all, epochs);
  });

  it.each(['step', 'adapt'] as const)('are not moved in the middle of %s', async (what) => {
    const all = await moving({ from: true });
    const acting = all.trainer[what](points(2));
    await expect(all.move()).rejects.toMatchObject({
      code: 'state',
      message: `to() was called while ${what}() is under way: await it first`,
    });
    await acting;
    await all.move();
    expect(all.from.alive).toBe(0);
    expect(await all.trainer.steps()).toBe(what === 'step' ? 1 : 0);
  });

  it.each(['step', 'fit', 'adapt', 'to'] as const)('do not begin %s while it moves', async (what) => {
    const { trainer, move } = await moving();
    const going = move();
    const call = what === 'to' ? trainer.to(computingBackend()) : trainer[what](points(2));
    await expect(call).rejects.toMatchObject({
      code: 'state',
      message: `${what}() was called while to() is under way: await it first`,
    });
    await going;
  });
});

describe('steps', () => {
  it.each([0.5, halving({ initial: 0.5 })])('go on after a move: %#', async (learningRate) => {
    const make = (backend: Backend) =>
      train(sequential([2], [dense({ units: 2 })]), {
        loss: softmaxCrossEntropy(),
        optimizer: sgd({ learningRate }),
        backend,
      });
    const [stays, moves] = [await make(computingBackend()), await make(computingBackend())];
    for (let step = 0; step < 4; step++) {
      await moves.to(computingBackend({ waits: step % 2 === 1 }));
      expect(await moves.step(points(2))).toBe(await stays.step(points(2)));
    }
    expect(await stateOf(moves)).toEqual(await stateOf(stays));
  });
});

describe('what a backend is asked for', () => {
  it('is nothing any more after a move, everything having been released', async () => {
    const { trainer, backend } = await recordedTrainer();
    const next = countingBackend();
    const all = examples(10);
    await trainer.step(examples(2));
    await trainer.predict(all.inputs);
    const callbacks = [at('onProgress', 2, () => trainer.to(next)), at('onEpoch', 1, () => backend.forget())];
    await trainer.fit(all, { batchSize: 4, epochs: 2, validation: examples(3), callbacks });
    expect(backend.log).toEqual([]);
    expect(backend.alive).toBe(0);
    expect(next.alive).toBe(1 + 2 + 1); // memory, steps of 4 and of 2 examples, the validation
    expect(next.recorded('compile')[0]?.beside).toBe(undefined);
  });

  it('is the data set once more, in the middle of an epoch its order and its row too', async () => {
    const { trainer } = await recordedTrainer();
    const next = countingBackend();
    const callbacks = [at('onProgress', 1, () => trainer.to(next))];
    await trainer.fit(examples(10), { batchSize: 4, callbacks });
    const writes = next.recorded('write').map(({ buffer }) => buffer);
    expect(writes.filter((name) => name === 'training.inputs')).toHaveLength(1);
    expect(writes).toEqual(expect.arrayContaining(['parameters', 'step', 'training.order', 'training.loss']));
    const row = next.recorded('write').find(({ buffer }) => buffer === 'training.row');
    expect(row?.values).toEqual(Int32Array.of(4));
  });
});

describe('release()', () => {
  it('in the middle of fit ends it with an error, and frees everything', async () => {
    for (const waits of [false, true]) {
      const { trainer, from } = await moving({ from: waits });
      const fitting = trainer.fit(data, { ...wanted, epochs: 100 });
      fitting.catch(() => {});
      while (from.steps < 3) await breathe();
      trainer.release();
      await expect(fitting).rejects.toMatchObject({
        code: 'state',
        message: 'fit() was ended by release(): await it first',
      });
      expect(from.alive).toBe(0);
    }
  });

  it.each(['onStart', 'onProgress', 'onEpoch'] as const)('in %s too', async (event) => {
    const { trainer, from } = await moving();
    const fitting = trainer.fit(data, { ...wanted, callbacks: [at(event, 1, () => trainer.release())] });
    await expect(fitting).rejects.toThrow('fit() was ended by release(): await it first');
    expect(from.alive).toBe(0);
  });

  it('in the middle of a move frees both', async () => {
    for (const turns of [0, 1, 2, 3, 4]) {
      const all = await moving({ from: true, to: true });
      const fitting = all.trainer.fit(data, { ...wanted, epochs: 100 });
      fitting.catch(() => {});
      while (all.from.steps < 3) await breathe();
      const going = all.move();
      for (let turn = 0; turn < turns; turn++) await breathe();
      all.trainer.release();
      await Promise.allSettled([going, fitting]);
      await expect(fitting).rejects.toThrow('fit() was ended by release()');
      expect([all.from.alive, all.to.alive]).toEqual([0, 0]);
    }
  });

  it('ends what waits for its turn, and lets what computes come to its end', async () => {
    const { trainer, from } = await moving({ from: true });
    const evaluating = trainer.evaluate(data);
    const predicting = trainer.predict(data.inputs);
    predicting.catch(() => {});
    await breathe();
    trainer.release();
    expect(await evaluating).toHaveProperty('loss');
    await expect(predicting).rejects.toThrow('predict() was ended by release(): await it first');
    expect(from.alive).toBe(0);
  });

  it('lets a step come to its end', async () => {
    const { trainer, from } = await moving({ from: true });
    const stepping = trainer.step(points(2));
    await breathe();
    trainer.release();
    expect(await stepping).toBeGreaterThan(0);
    expect(from.alive).toBe(0);
    await expect(trainer.step(points(2))).rejects.toThrow('step() was called after release()');
  });
});
