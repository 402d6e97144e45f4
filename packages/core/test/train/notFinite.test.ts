// A training whose numbers go bad, and what it is left as.
import { describe, expect, it } from 'vitest';
import {
  type Callback,
  type Data,
  type FitOptions,
  layer,
  type NotFinite,
  schedule,
  sequential,
  type Trainer,
  train,
} from '../../src/index.ts';
import { computingBackend, points, runningMean, stateOf } from '../support/computing.ts';
import {
  adam,
  dense,
  dropout,
  meanSquaredError,
  momentum,
  relu,
  sgd,
  softmaxCrossEntropy,
} from '../support/plugins.ts';

/** eˣ: infinite beyond 88. */
const exponential = layer('exponential', {}, () => ({ apply: (_, x) => x.exp() }));

const exploding = (): Promise<Trainer> =>
  train(
    sequential(
      [2],
      [
        exponential({ name: 'explosion' }),
        runningMean(),
        dense({ units: 3, activation: relu() }),
        dropout({ rate: 0.3 }),
        dense({ units: 2 }),
      ],
    ),
    {
      loss: softmaxCrossEntropy(),
      optimizer: adam(),
      backend: computingBackend(),
      seed: 5,
      onWarning: () => {}, // of the point that is too much
    },
  );

const good = points(7);
/** The same points, of which one is too much. */
const withBad = (row: number): Data => {
  const inputs = (good.inputs as Float32Array).slice();
  inputs[2 * row] = 100;
  return { ...good, inputs };
};
const batchAt = (step: number): Data => ({
  inputs: (good.inputs as Float32Array).slice(4 * step, 4 * step + 4),
  targets: (good.targets as Int32Array).slice(2 * step, 2 * step + 2),
});
const inOrder: FitOptions = { batchSize: 2, shuffle: false };

const places: [string, number, number][] = [
  ['at the first step', 0, 1],
  ['in the middle of a call', 5, 3],
  ['in the smaller last batch', 6, 4],
];

describe('without a callback for it', () => {
  it.each(places)('is an error that names the step: %s', async (_, row, step) => {
    const trainer = await exploding();
    await expect(trainer.fit(withBad(row), inOrder)).rejects.toMatchObject({
      code: 'not-finite',
      message: `the loss is no finite number at step ${step}: lower the learning rate, or scale the inputs to about −1 … 1; the callback stopOnNaN() says which layer it was`,
    });
  });

  it('counts the steps of all calls', async () => {
    const trainer = await exploding();
    await trainer.fit(good, inOrder);
    await expect(trainer.fit(withBad(2), inOrder)).rejects.toThrow('at step 6:');
  });

  it('leaves a position that says how many steps were made', async () => {
    const trainer = await exploding();
    await expect(trainer.fit(withBad(0), inOrder)).rejects.toThrow();
    const { state, epochs, position } = await trainer.snapshot();
    expect({ epochs, step: position?.step }).toEqual({ epochs: 1, step: state.step?.[0] });
  });
});

describe('onNotFinite', () => {
  it.each(places)('hears of the step and the place: %s', async (_, row, step) => {
    const trainer = await exploding();
    const found: NotFinite[] = [];
    const result = await trainer.fit(withBad(row), {
      ...inOrder,
      epochs: 2,
      callbacks: [{ onNotFinite: (finding) => void found.push(finding) }],
    });
    expect(found).toEqual([{ step, where: 'layer explosion' }]);
    const stopped = `not finite at step ${step}: layer explosion`;
    expect(result).toEqual({ epochs: [], steps: step - 1, stopped });
  });

  it.each(places)('finds everything as it was before that step: %s', async (_, row, step) => {
    const [trainer, uninterrupted] = [await exploding(), await exploding()];
    for (let i = 0; i < step - 1; i++) await uninterrupted.step(batchAt(i));
    let seen: unknown;
    const callbacks: Callback[] = [
      {
        onNotFinite: async () => {
          seen = await stateOf(trainer);
        },
      },
    ];
    await trainer.fit(withBad(row), { ...inOrder, callbacks });
    expect(seen).toEqual(await stateOf(uninterrupted));
    expect(await stateOf(trainer)).toEqual(seen);
  });

  it.each([0, 1, 2, 3, 4, 5, 6])('lets the training go on, with point %i mended', async (row) => {
    const options: FitOptions = { batchSize: 2, epochs: 2, validation: good };
    const [trainer, uninterrupted] = [await exploding(), await exploding()];
    const whole = await uninterrupted.fit(good, options);
    const first = await trainer.fit(withBad(row), {
      ...options,
      callbacks: [{ onNotFinite: () => 'a pause' }],
    });
    expect(first).toMatchObject({ stopped: 'a pause', epochs: [] });
    const rest = await trainer.fit(good, { ...options, resume: true });
    expect(await trainer.snapshot()).toEqual(await uninterrupted.snapshot());
    expect(first.steps + rest.steps).toBe(whole.steps);
    rest.epochs.forEach(({ loss, scores, validation }, i) => {
      expect({ loss, scores, validation }).toEqual({
        loss: whole.epochs[i]?.loss,
        scores: whole.epochs[i]?.scores,
        validation: whole.epochs[i]?.validation,
      });
    });
  });

  it('is called for all that have it, and the last reason counts', async () => {
    const trainer = await exploding();
    const log: string[] = [];
    const callback = (name: string, reason?: string): Callback => ({
      onProgress: () => void log.push(`${name} progress`),
      onNotFinite: () => {
        log.push(`${name} not finite`);
        return reason;
      },
      onEnd: ({ stopped }) => void log.push(`${name} ${stopped}`),
    });
    const callbacks = [callback('a', 'mine'), callback('b'), { onEnd: () => void log.push('c') }];
    await trainer.fit(withBad(0), { ...inOrder, callbacks });
    expect(log).toEqual(['a not finite', 'b not finite', 'a mine', 'b mine', 'c']);
  });

  it('that throws ends fit with its error, all being as it was before', async () => {
    const [trainer, untouched] = [await exploding(), await exploding()];
    const fail = () => {
      throw new Error('mine');
    };
    await expect(trainer.fit(withBad(0), { ...inOrder, callbacks: [{ onNotFinite: fail }] })).rejects.toThrow(
      'mine',
    );
    expect(await stateOf(trainer)).toEqual(await stateOf(untouched));
  });

  it('changes nothing where all numbers are finite', async () => {
    const [guarded, plain] = [await exploding(), await exploding()];
    const fail = () => {
      throw new Error('there is nothing to say');
    };
    await guarded.fit(good, { batchSize: 2, epochs: 3, callbacks: [{ onNotFinite: fail }] });
    await plain.fit(good, { batchSize: 2, epochs: 3 });
    expect(await guarded.snapshot()).toEqual(await plain.snapshot());
  });

  it('works where answers come later', async () => {
    const trainer = await exploding();
    await trainer.to(computingBackend({ waits: true }));
    const result = await trainer.fit(withBad(5), { ...inOrder, callbacks: [{ onNotFinite: () => {} }] });
    expect(result.stopped).toBe('not finite at step 3: layer explosion');
    expect(await trainer.steps()).toBe(2);
  });
});

describe('what went bad', () => {
  const whereOf = async (trainer: Trainer, data: Data): Promise<string[]> => {
    const found: string[] = [];
    const callbacks: Callback[] = [{ onNotFinite: ({ step, where }) => void found.push(`${step} ${where}`) }];
    await trainer.fit(data, { batchSize: 2, epochs: 5, callbacks });
    return found;
  };

  it('is a parameter where the step before spoilt it', async () => {
    const bursting = schedule('bursting', {}, () => (step) => (step === 9 ? Number.POSITIVE_INFINITY : 0.1));
    const trainer = await train(
      sequential([2], [dense({ units: 3, activation: relu() }), dense({ units: 2 })]),
      {
        loss: softmaxCrossEntropy(),
        optimizer: sgd({ learningRate: bursting() }),
        backend: computingBackend(),
      },
    );
    expect(await whereOf(trainer, good)).toEqual(['11 parameter hidden1.weight']);
  });

  it('is the first of those that are bad, in the order of computation', async () => {
    const trainer = await train(
      sequential([2], [dense({ units: 3 }), exponential({ name: 'first' }), exponential({ name: 'second' })]),
      { loss: meanSquaredError(), optimizer: momentum(), backend: computingBackend() },
    );
    trainer.writeParameters({ 'output.bias': [100, 0, 0] });
    const targets = new Float32Array(21);
    expect(await whereOf(trainer, { ...good, targets })).toEqual(['1 layer first']);
    trainer.writeParameters({ 'output.bias': [50, 0, 0] });
    expect(await whereOf(trainer, { ...good, targets })).toEqual(['1 layer second']);
    trainer.writeParameters({ 'output.bias': [Number.NaN, 0, 0] });
    expect(await whereOf(trainer, { ...good, targets })).toEqual(['1 parameter output.bias']);
  });

  it('is what it is in training', async () => {
    const wild = layer('wild', {}, () => ({ apply: (_, x, { training }) => (training ? x.exp() : x) }));
    const trainer = await train(sequential([2], [dense({ units: 2 }), wild({ name: 'wild' })]), {
      loss: meanSquaredError(),
      optimizer: momentum(),
      backend: computingBackend(),
    });
    trainer.writeParameters({ 'output.bias': [100, 0] });
    expect(await whereOf(trainer, { ...good, targets: new Float32Array(14) })).toEqual(['1 layer wild']);
  });

  it('is the loss where all before it is finite', async () => {
    const trainer = await train(sequential([2], [dense({ units: 2 })]), {
      loss: meanSquaredError(),
      optimizer: momentum(),
      backend: computingBackend(),
    });
    const targets = new Float32Array(14).fill(1e30);
    expect(await whereOf(trainer, { ...good, targets })).toEqual(['1 loss']);
  });
});
