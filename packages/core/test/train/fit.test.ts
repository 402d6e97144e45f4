import { describe, expect, it } from 'vitest';
import { type Callback, type FitOptions, metric, type Progress } from '../../src/index.ts';
import { halving, sgd } from '../support/plugins.ts';
import {
  abortController,
  countingBackend,
  examples,
  type Recording,
  recordedTrainer,
  writesTo,
} from '../support/training.ts';

/** Of each program that was compiled: whose memory it shares, and the examples of a step. */
const compiled = (backend: Recording) =>
  backend.recorded('compile').map(({ executable, beside, program }) => ({
    executable,
    beside,
    rows: program.kernels.find(({ kind }) => kind === 'matmul')?.shape[0],
  }));
const runs = (backend: Recording) =>
  backend.recorded('run').map(({ executable, steps }) => [executable, steps]);
const stepsOf = (backend: Recording, executable: number): number =>
  backend.recorded('run').reduce((sum, run) => sum + (run.executable === executable ? run.steps : 0), 0);

describe('programs', () => {
  it('are two where the last batch is smaller: each shares the memory of the one before', async () => {
    const { trainer, backend } = await recordedTrainer();
    await trainer.fit(examples(10), { batchSize: 4 });
    expect(compiled(backend)).toEqual([
      { executable: 1, beside: 0, rows: 4 },
      { executable: 2, beside: 1, rows: 2 },
    ]);
    expect([stepsOf(backend, 1), stepsOf(backend, 2)]).toEqual([2, 1]);
    expect(runs(backend).at(-1)).toEqual([2, 1]);
  });

  it('are one where the batches come out even', async () => {
    const { trainer, backend } = await recordedTrainer();
    await trainer.fit(examples(8), { batchSize: 4, epochs: 3 });
    expect(compiled(backend)).toEqual([{ executable: 1, beside: 0, rows: 4 }]);
    expect(stepsOf(backend, 1)).toBe(6);
  });

  it('are kept from call to call', async () => {
    const { trainer, backend } = await recordedTrainer();
    await trainer.fit(examples(10), { batchSize: 4 });
    await trainer.fit(examples(10), { batchSize: 4 });
    await trainer.fit(examples(10), { batchSize: 2 });
    await trainer.fit(examples(10), { batchSize: 4 });
    expect(compiled(backend).map(({ rows }) => rows)).toEqual([4, 2]); // a batch of 2 was known from the remainder
    expect(backend.recorded('release')).toEqual([]);
  });

  it('on another data set make those on the one before give way', async () => {
    const { trainer, backend } = await recordedTrainer();
    await trainer.fit(examples(10), { batchSize: 4 });
    await trainer.fit(examples(8), { batchSize: 4 });
    expect(compiled(backend).map(({ rows }) => rows)).toEqual([4, 2, 4]);
    expect(backend.recorded('release').map(({ executable }) => executable)).toEqual([1, 2]);
    await trainer.fit(examples(10), { batchSize: 4 });
    expect(compiled(backend)).toHaveLength(5);
  });

  it('for bytes read bytes', async () => {
    const { trainer, backend } = await recordedTrainer();
    const { targets } = examples(4);
    await trainer.fit({ inputs: new Uint8Array(16).fill(255), targets }, { batchSize: 2 });
    await trainer.fit({ inputs: new Uint8ClampedArray(16), targets }, { batchSize: 2 });
    const [program] = backend.recorded('compile').map((entry) => entry.program);
    expect(backend.recorded('compile')).toHaveLength(1);
    expect(program?.buffers.find(({ name }) => name === 'training.inputs')).toMatchObject({
      dtype: 'uint8',
      length: 16,
    });
    expect(writesTo(backend, 'training.inputs')).toEqual([new Array(16).fill(255), new Array(16).fill(0)]);
  });

  it('make many steps in one call where steps are short', async () => {
    const { trainer, backend } = await recordedTrainer();
    await trainer.fit(examples(400), { batchSize: 1 });
    expect(stepsOf(backend, 1)).toBe(400);
    expect(runs(backend).length).toBeLessThan(20);
  });
});

describe('what is written', () => {
  it('is the data set, once, and an order for each epoch', async () => {
    const { trainer, backend } = await recordedTrainer();
    const data = examples(6);
    await trainer.fit(data, { batchSize: 2, epochs: 3 });
    expect(writesTo(backend, 'training.inputs')).toEqual([Array.from(data.inputs as Float32Array)]);
    expect(writesTo(backend, 'training.targets')).toEqual([[0, 1, 2, 0, 1, 2]]);
    const orders = writesTo(backend, 'training.order');
    expect(orders).toHaveLength(3);
    for (const order of orders) expect(order.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(new Set(orders.map((order) => order.join())).size).toBe(3);
    expect(writesTo(backend, 'training.row')).toEqual([[0], [0], [0]]);
    expect(writesTo(backend, 'training.loss')).toEqual([[0], [0], [0]]);
    expect(writesTo(backend, 'training.badStep')).toEqual([[-1]]);
  });

  it('is the order of the data where it is not to be shuffled', async () => {
    const { trainer, backend } = await recordedTrainer();
    await trainer.fit(examples(4), { batchSize: 2, shuffle: false });
    expect(writesTo(backend, 'training.order')).toEqual([[0, 1, 2, 3]]);
  });

  it('is the same order for the same seed, whatever the batches and calls', async () => {
    const orders = async (seed: number, calls: FitOptions[]) => {
      const { trainer, backend } = await recordedTrainer({ seed });
      for (const options of calls) await trainer.fit(examples(6), options);
      return writesTo(backend, 'training.order');
    };
    const once = await orders(1, [{ batchSize: 2, epochs: 2 }]);
    expect(await orders(1, [{ batchSize: 2 }, { batchSize: 2 }])).toEqual(once);
    expect(await orders(1, [{ batchSize: 3, epochs: 2 }])).toEqual(once);
    expect(await orders(2, [{ batchSize: 2, epochs: 2 }])).not.toEqual(once);
  });

  it('is the learning rate, once for each program', async () => {
    const { trainer, backend } = await recordedTrainer({ optimizer: sgd({ learningRate: 0.25 }) });
    await trainer.fit(examples(10), { batchSize: 4, epochs: 2 });
    expect(writesTo(backend, 'learningRate')).toEqual([[0.25], [0.25]]);
  });

  it('are the rates of each run where they are scheduled, counted over all calls', async () => {
    const { trainer, backend } = await recordedTrainer({
      optimizer: sgd({ learningRate: halving({ initial: 1 }) }),
    });
    await trainer.fit(examples(6), { batchSize: 2 });
    await trainer.fit(examples(6), { batchSize: 2 });
    const rates = writesTo(backend, 'learningRates');
    const firstSteps = writesTo(backend, 'firstStep').map(([step]) => step as number);
    const counts = backend.recorded('run').map(({ steps }) => steps);
    expect(rates).toHaveLength(counts.length);
    const used = counts.flatMap((count, run) => (rates[run] as number[]).slice(0, count));
    expect(used).toEqual([1, 1 / 2, 1 / 4, 1 / 8, 1 / 16, 1 / 32]);
    expect(firstSteps).toEqual(
      counts.map((_, run) => counts.slice(0, run).reduce((sum, count) => sum + count, 0)),
    );
  });

  it('never are more steps than the rates reach', async () => {
    const { trainer, backend } = await recordedTrainer({ optimizer: sgd({ learningRate: halving() }) });
    await trainer.fit(examples(2000), { batchSize: 1 });
    expect(stepsOf(backend, 1)).toBe(2000);
    expect(Math.max(...backend.recorded('run').map(({ steps }) => steps))).toBeLessThanOrEqual(256);
  });
});

describe('callbacks', () => {
  const logging = (log: string[], name = ''): Callback => ({
    onStart: ({ epochs, stepsPerEpoch, batchSize, examples: count }) => {
      log.push(`${name}start ${epochs}×${stepsPerEpoch} steps of ${batchSize} of ${count}`);
    },
    onProgress: ({ epoch, step, examples: count }) => {
      log.push(`${name}epoch ${epoch}: ${step} steps, ${count} examples`);
    },
    onEpoch: ({ epoch }) => {
      log.push(`${name}epoch ${epoch} is done`);
    },
    onEnd: ({ steps, epochs, stopped }) => {
      log.push(`${name}end after ${steps} steps, ${epochs.length} epochs, ${stopped ?? 'not stopped'}`);
    },
  });

  it('hear of everything in order', async () => {
    const log: string[] = [];
    const { trainer } = await recordedTrainer();
    await trainer.fit(examples(5), { batchSize: 4, epochs: 2, callbacks: [logging(log)] });
    expect(log).toEqual([
      'start 2×2 steps of 4 of 5',
      'epoch 1: 1 steps, 4 examples',
      'epoch 1: 2 steps, 5 examples',
      'epoch 1 is done',
      'epoch 2: 1 steps, 4 examples',
      'epoch 2: 2 steps, 5 examples',
      'epoch 2 is done',
      'end after 4 steps, 2 epochs, not stopped',
    ]);
  });

  it('take their turns in the order of the list', async () => {
    const log: string[] = [];
    const { trainer } = await recordedTrainer();
    await trainer.fit(examples(4), { batchSize: 4, callbacks: [logging(log, 'a '), logging(log, 'b ')] });
    expect(log.map((line) => line.slice(0, 1)).join('')).toBe('abababab');
  });

  it('get mean loss and metrics of the epoch so far', async () => {
    const half = metric('half', {}, () => ({
      totals: (prediction) => ({ sum: prediction.sum() }),
      result: ({ sum }, count) => (sum[0] as number) / count,
    }));
    const backend = countingBackend({
      onRun: ({ get, set, program }) => {
        if (!program.buffers.some(({ name }) => name === 'training.loss')) return;
        set('training.loss', [(get('training.loss')[0] as number) + 8]);
        set('training.half.sum', [(get('training.half.sum')[0] as number) + 4]);
      },
    });
    const { trainer } = await recordedTrainer({ backend, metrics: [half()] });
    const seen: Progress[] = [];
    const { epochs } = await trainer.fit(examples(5), {
      batchSize: 4,
      callbacks: [{ onProgress: (progress) => void seen.push(progress) }],
    });
    expect(seen.map(({ loss, scores, learningRate }) => ({ loss, scores, learningRate }))).toEqual([
      { loss: 2, scores: { half: 1 }, learningRate: 0.01 },
      { loss: 3.2, scores: { half: 1.6 }, learningRate: 0.01 },
    ]);
    expect(epochs[0]).toMatchObject({ epoch: 1, epochs: 1, loss: 3.2, scores: { half: 1.6 } });
    expect(seen.every(({ seconds }) => seconds >= 0)).toBe(true);
  });

  it('hear the rate of the last step', async () => {
    const { trainer } = await recordedTrainer({ optimizer: sgd({ learningRate: halving() }) });
    const rates: number[] = [];
    await trainer.fit(examples(3), {
      batchSize: 2,
      callbacks: [{ onProgress: ({ learningRate }) => void rates.push(learningRate) }],
    });
    expect(rates).toEqual([1, 1 / 2]);
  });

  it('nobody reads the loss of a step where nobody watches', async () => {
    const { trainer, backend } = await recordedTrainer();
    await trainer.fit(examples(6), { batchSize: 2 });
    expect(backend.recorded('read').filter(({ buffer }) => buffer === 'training.loss')).toHaveLength(1);
  });

  it('may wait for something', async () => {
    const { trainer } = await recordedTrainer();
    let waited = false;
    await trainer.fit(examples(2), {
      batchSize: 2,
      callbacks: [
        {
          onEpoch: async () => {
            await Promise.resolve();
            waited = true;
          },
        },
      ],
    });
    expect(waited).toBe(true);
  });

  it('may end the training after a run of steps', async () => {
    const { trainer, backend } = await recordedTrainer();
    const log: string[] = [];
    const result = await trainer.fit(examples(9), {
      batchSize: 3,
      epochs: 2,
      callbacks: [{ onProgress: () => 'enough' }, logging(log)],
    });
    expect(result).toEqual({ epochs: [], steps: 1, stopped: 'enough' });
    expect(stepsOf(backend, 1)).toBe(1);
    expect(log.at(-1)).toBe('end after 1 steps, 0 epochs, enough');
  });

  it('may end the training after an epoch, which counts', async () => {
    const { trainer } = await recordedTrainer();
    const callbacks: Callback[] = [{ onEpoch: ({ epoch }) => (epoch === 2 ? 'no better' : undefined) }];
    const result = await trainer.fit(examples(4), { batchSize: 2, epochs: 5, callbacks });
    expect(result).toMatchObject({ steps: 4, stopped: 'no better' });
    expect(result.epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
  });

  it('that throw end the call, and the trainer can go on', async () => {
    const { trainer } = await recordedTrainer();
    const callbacks: Callback[] = [
      {
        onEpoch: () => {
          throw new Error('mine');
        },
      },
    ];
    await expect(trainer.fit(examples(4), { batchSize: 2, callbacks })).rejects.toThrow(/^mine$/);
    await expect(trainer.fit(examples(4), { batchSize: 2 })).resolves.toMatchObject({ steps: 2 });
  });

  it('may evaluate, predict and read parameters, but not train', async () => {
    const { trainer } = await recordedTrainer();
    const data = examples(4);
    let refused: unknown;
    await trainer.fit(data, {
      batchSize: 2,
      callbacks: [
        {
          onEpoch: async () => {
            await trainer.evaluate(data);
            await trainer.predict(data.inputs);
            await trainer.readParameters();
            refused = await trainer.step(data).catch((error: unknown) => error);
          },
        },
      ],
    });
    expect(refused).toMatchObject({
      code: 'state',
      message: 'step() was called while fit() is under way: await it first',
    });
  });
});

describe('validation', () => {
  it('is evaluated after each epoch, in programs of its own', async () => {
    const { trainer, backend } = await recordedTrainer();
    const { epochs } = await trainer.fit(examples(4), { batchSize: 2, epochs: 2, validation: examples(3) });
    expect(epochs.map(({ validation }) => validation)).toEqual([{ loss: 0 }, { loss: 0 }]);
    expect(compiled(backend)).toEqual([
      { executable: 1, beside: 0, rows: 2 },
      { executable: 2, beside: 0, rows: 3 },
    ]);
    expect(stepsOf(backend, 2)).toBe(2);
  });

  it('is left out of the report where there is none', async () => {
    const { trainer } = await recordedTrainer();
    const { epochs } = await trainer.fit(examples(4), { batchSize: 2 });
    expect(epochs[0]).not.toHaveProperty('validation');
  });
});

describe('a signal', () => {
  it('that is aborted already lets no step be made', async () => {
    const { trainer, backend } = await recordedTrainer();
    const result = await trainer.fit(examples(4), { batchSize: 2, signal: { aborted: true } });
    expect(result).toEqual({ epochs: [], steps: 0, stopped: 'aborted' });
    expect(runs(backend)).toEqual([]);
  });

  it('ends the training between two steps', async () => {
    const controller = abortController();
    const { trainer } = await recordedTrainer({
      backend: countingBackend({ onRun: ({ get }) => (get('step')[0] as number) >= 2 && controller.abort() }),
    });
    const result = await trainer.fit(examples(20), {
      batchSize: 1,
      epochs: 5,
      signal: controller.signal,
      callbacks: [{ onProgress: () => {} }],
    });
    expect(result.stopped).toBe('aborted');
    expect(result.epochs).toEqual([]);
    expect(result.steps).toBeLessThan(20);
  });

  it('between two epochs keeps the one that is done', async () => {
    const controller = abortController();
    const { trainer } = await recordedTrainer();
    const callbacks: Callback[] = [{ onEpoch: () => controller.abort() }];
    const result = await trainer.fit(examples(4), {
      batchSize: 4,
      epochs: 3,
      signal: controller.signal,
      callbacks,
    });
    expect(result).toMatchObject({ steps: 1, stopped: 'aborted', epochs: [{ epoch: 1 }] });
  });

  it('that comes with the last step changes nothing', async () => {
    const controller = abortController();
    const { trainer } = await recordedTrainer({
      backend: countingBackend({ onRun: () => controller.abort() }),
    });
    const result = await trainer.fit(examples(4), { batchSize: 4, signal: controller.signal });
    expect(result).toMatchObject({ steps: 1, epochs: [{ epoch: 1 }] });
    expect(result).not.toHaveProperty('stopped');
  });
});

describe('a loss that is no finite number', () => {
  it('ends the training, with the step at which it began', async () => {
    const backend = countingBackend({
      onRun: ({ get, set }) => (get('step')[0] as number) >= 3 && set('training.badStep', [2]),
    });
    const { trainer } = await recordedTrainer({ backend });
    await expect(trainer.fit(examples(20), { batchSize: 1 })).rejects.toMatchObject({
      code: 'not-finite',
      message:
        'the loss is no finite number at step 3: lower the learning rate, or scale the inputs to about −1 … 1; the callback stopOnNaN() says which layer it was',
    });
  });
});

describe('two calls at once', () => {
  it('are refused, and the first goes on', async () => {
    const { trainer } = await recordedTrainer();
    const first = trainer.fit(examples(4), { batchSize: 2 });
    await expect(trainer.fit(examples(4), { batchSize: 2 })).rejects.toMatchObject({
      code: 'state',
      message: 'fit() was called while fit() is under way: await it first',
    });
    await expect(first).resolves.toMatchObject({ steps: 2 });
    await expect(trainer.fit(examples(4), { batchSize: 2 })).resolves.toMatchObject({ steps: 2 });
  });
});
