import { describe, expect, it } from 'vitest';
import { metric, type Trainer } from '../../src/index.ts';
import { halving, sgd } from '../support/plugins.ts';
import { countingBackend, examples, type Recording, recordedTrainer, writesTo } from '../support/training.ts';

const rowsOf = (backend: Recording): (number | undefined)[] =>
  backend
    .recorded('compile')
    .map(({ program }) => program.kernels.find(({ kind }) => kind === 'matmul')?.shape[0]);
const writesAndRuns = (backend: Recording): string[] =>
  backend.log.flatMap((entry) =>
    entry.kind === 'write' ? [entry.buffer] : entry.kind === 'run' ? ['run'] : [],
  );

describe('step', () => {
  it('writes the batch, runs once and reads the loss', async () => {
    const backend = countingBackend({ onRun: ({ set }) => set('loss', [0.75]) });
    const { trainer } = await recordedTrainer({ backend });
    expect(await trainer.step(examples(4))).toBe(0.75);
    expect(backend.recorded('compile')).toHaveLength(1);
    expect(writesAndRuns(backend)).toEqual(['learningRate', 'batch.inputs', 'batch.targets', 'run']);
  });

  it('compiles once for each size and form of a batch', async () => {
    const { trainer, backend } = await recordedTrainer();
    for (const rows of [4, 4, 2, 4, 2]) await trainer.step(examples(rows));
    await trainer.step({ inputs: new Uint8Array(16), targets: Int32Array.of(0, 0, 0, 0) });
    await trainer.step({ inputs: new Float32Array(16), targets: new Float32Array(12) });
    expect(rowsOf(backend)).toEqual([4, 2, 4, 4]);
  });

  it('brings along the rate of its step where rates are scheduled', async () => {
    const { trainer, backend } = await recordedTrainer({ optimizer: sgd({ learningRate: halving() }) });
    for (let i = 0; i < 3; i++) await trainer.step(examples(2));
    expect(writesTo(backend, 'learningRates').map(([rate]) => rate)).toEqual([1, 1 / 2, 1 / 4]);
    expect(writesTo(backend, 'firstStep')).toEqual([[0], [1], [2]]);
  });

  it('counts, together with those of fit', async () => {
    const { trainer } = await recordedTrainer();
    await trainer.step(examples(2));
    await trainer.fit(examples(6), { batchSize: 2 });
    expect(await trainer.steps()).toBe(4);
  });

  it('throws where the loss is no finite number, with the step', async () => {
    const backend = countingBackend({
      onRun: ({ set, get }) => set('loss', [get('step')[0] === 2 ? NaN : 1]),
    });
    const { trainer } = await recordedTrainer({ backend });
    await trainer.step(examples(2));
    await expect(trainer.step(examples(2))).rejects.toMatchObject({
      code: 'not-finite',
      message: /at step 2/,
    });
    await expect(trainer.step(examples(2))).resolves.toBe(1);
  });

  it('is refused while another is under way', async () => {
    const { trainer } = await recordedTrainer();
    const first = trainer.step(examples(2));
    await expect(trainer.step(examples(2))).rejects.toMatchObject({
      code: 'state',
      message: /step\(\) is under way/,
    });
    await first;
  });
});

describe('evaluate', () => {
  const mean = metric('mean', {}, () => ({
    totals: (prediction) => ({ sum: prediction.sum(), largest: prediction.max(0) }),
    result: ({ sum, largest }, count) => (sum[0] as number) / count + largest.length,
  }));

  it('walks the rows 256 at a time, the rest in a program of its own', async () => {
    const { trainer, backend } = await recordedTrainer();
    await trainer.evaluate(examples(600));
    expect(rowsOf(backend)).toEqual([256, 88]);
    expect(backend.recorded('run').map(({ executable, steps }) => [executable, steps])).toEqual([
      [1, 2],
      [2, 1],
    ]);
    expect(writesAndRuns(backend).slice(-5)).toEqual(
      expect.arrayContaining(['evaluation.row', 'evaluation.loss', 'run']),
    );
  });

  it('keeps the programs of two data sets, such as training and test', async () => {
    const { trainer, backend } = await recordedTrainer();
    for (const rows of [300, 40, 300, 40]) await trainer.evaluate(examples(rows));
    expect(rowsOf(backend)).toEqual([256, 44, 40]);
    expect(backend.recorded('release')).toEqual([]);
    await trainer.evaluate(examples(300));
    await trainer.evaluate(examples(7)); // 40 rows were used before 300
    expect(backend.recorded('release').map(({ executable }) => executable)).toEqual([3]);
    await trainer.evaluate(examples(300));
    expect(rowsOf(backend)).toEqual([256, 44, 40, 7]);
  });

  it('makes loss and metrics of the totals', async () => {
    const backend = countingBackend({
      onRun: ({ program, set }) => {
        if (!('evaluation.loss' in program.names)) return;
        set('evaluation.loss', [6]);
        set('evaluation.mean.sum', [3]);
      },
    });
    const { trainer } = await recordedTrainer({ backend, metrics: [mean()] });
    expect(await trainer.evaluate(examples(3))).toEqual({ loss: 2, mean: 4 });
    expect(await trainer.evaluate(examples(3))).toEqual({ loss: 2, mean: 4 });
    expect(writesTo(backend, 'evaluation.loss')).toEqual([[0], [0]]);
  });

  it('updates no parameter', async () => {
    const { trainer, backend } = await recordedTrainer();
    await trainer.evaluate(examples(3));
    const [compiled] = backend.recorded('compile');
    const written = compiled?.program.kernels.flatMap(({ uses }) =>
      uses
        .filter(({ access }) => access !== 'read')
        .map(({ buffer }) => compiled.program.buffers[buffer]?.name),
    );
    expect(written).not.toContain('parameters');
    expect(written).not.toContain('step');
  });
});

describe('predict', () => {
  it('takes any number of rows, in few programs', async () => {
    const { trainer, backend } = await recordedTrainer();
    for (const rows of [1, 2, 3, 4, 200, 256, 300]) {
      const result = await trainer.predict(examples(rows).inputs);
      expect(result).toHaveLength(3 * rows);
    }
    expect(rowsOf(backend)).toEqual([1, 2, 4, 256, 64]);
  });

  it('gives the outputs of the rows, in order, and none of the filling', async () => {
    const backend = countingBackend({
      onRun: ({ get, set }) => {
        const batch = Array.from(get('batch.inputs'));
        // Of four inputs in a row, the first three.
        set(
          'prediction',
          batch.filter((_, i) => i % 4 !== 3),
        );
      },
    });
    const { trainer } = await recordedTrainer({ backend });
    const inputs = examples(300).inputs as Float32Array;
    expect(await trainer.predict(inputs)).toEqual(inputs.filter((_, i) => i % 4 !== 3));
  });

  it('reads bytes as bytes', async () => {
    const { trainer, backend } = await recordedTrainer();
    await trainer.predict(new Uint8Array(8));
    expect(backend.recorded('write')[0]?.values).toBeInstanceOf(Uint8Array);
  });
});

describe('evaluations and predictions at once', () => {
  const echo = () =>
    countingBackend({
      onRun: ({ program, get, set }) => {
        if ('prediction' in program.names)
          set('prediction', get('batch.inputs').slice(0, get('prediction').length));
        if ('evaluation.loss' in program.names)
          set('evaluation.loss', [get('evaluation.inputs')[0] as number]);
      },
    });
  const filled = (rows: number, value: number) => ({
    inputs: new Float32Array(4 * rows).fill(value),
    targets: new Int32Array(rows),
  });

  it('do not mix up their rows', async () => {
    const { trainer } = await recordedTrainer({ backend: echo() });
    const results = await Promise.all([1, 2, 3].map((value) => trainer.predict(filled(1, value).inputs)));
    expect(results.map(([first]) => first)).toEqual([1, 2, 3]);
    const scores = await Promise.all([1, 2, 3].map((value) => trainer.evaluate(filled(1, value))));
    expect(scores.map(({ loss }) => loss)).toEqual([1, 2, 3]);
  });

  it('may be on data sets of different sizes', async () => {
    const { trainer } = await recordedTrainer({ backend: echo() });
    const scores = await Promise.all([1, 300, 2].map((rows) => trainer.evaluate(filled(rows, rows))));
    expect(scores.map(({ loss }) => loss)).toEqual([1, 1, 1]);
  });

  it('fail each for itself', async () => {
    const { trainer } = await recordedTrainer({ backend: echo() });
    const results = await Promise.allSettled([trainer.predict([1]), trainer.predict(filled(1, 7).inputs)]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  });
});

describe('parameters', () => {
  const shapes = { 'hidden1.weight': 20, 'hidden1.bias': 5, 'output.weight': 15, 'output.bias': 3 };

  it('are read by name, as copies', async () => {
    const { trainer } = await recordedTrainer();
    const parameters = await trainer.readParameters();
    expect(Object.entries(parameters).map(([name, { length }]) => [name, length])).toEqual(
      Object.entries(shapes),
    );
    const first = parameters['hidden1.weight']?.[0];
    parameters['hidden1.weight']?.fill(99);
    expect((await trainer.readParameters())['hidden1.weight']?.[0]).toBe(first);
  });

  it('are written by name, some or all', async () => {
    const { trainer, backend } = await recordedTrainer();
    trainer.writeParameters({ 'output.bias': [1, 2, 3], 'hidden1.bias': Float64Array.of(5, 6, 7, 8, 9) });
    expect(
      backend.recorded('write').map(({ buffer, offset, values }) => [buffer, offset, Array.from(values)]),
    ).toEqual([
      ['parameters', 20, [5, 6, 7, 8, 9]],
      ['parameters', 40, [1, 2, 3]],
    ]);
    const parameters = await trainer.readParameters();
    expect(parameters['output.bias']).toEqual(Float32Array.of(1, 2, 3));
    trainer.writeParameters(parameters);
    expect(await trainer.readParameters()).toEqual(parameters);
  });

  it.each([
    [
      { 'output.bias': [1, 2, 3], 'hidden2.bias': [1] },
      'name',
      'there is no parameter "hidden2.bias": the network has hidden1.weight, hidden1.bias, output.weight, output.bias',
    ],
    [
      { 'output.bias': [1, 2, 3], 'hidden1.bias': [1] },
      'shape',
      'parameter "hidden1.bias" takes 5 numbers, [5], but got 1',
    ],
    [{ 'output.bias': undefined }, 'shape', 'parameter "output.bias" takes 3 numbers, [3], but got nothing'],
    [{ toString: [1] }, 'name', /^there is no parameter "toString"/],
  ])('are not written at all where one does not fit: %#', async (values, code, message) => {
    const { trainer, backend } = await recordedTrainer();
    expect(() => trainer.writeParameters(values as never)).toThrow(
      expect.objectContaining({
        code,
        message: typeof message === 'string' ? message : expect.stringMatching(message),
      }),
    );
    expect(backend.log).toEqual([]);
  });
});

describe('release', () => {
  const used = async () => {
    const recorded = await recordedTrainer();
    const { trainer } = recorded;
    await trainer.fit(examples(10), { batchSize: 4, validation: examples(3) });
    await trainer.step(examples(2));
    await trainer.predict(examples(2).inputs);
    return recorded;
  };

  it('gives every program back once, the memory last', async () => {
    const { trainer, backend } = await used();
    const compiled = 1 + backend.recorded('compile').length;
    expect(backend.alive).toBe(compiled);
    trainer.release();
    const released = backend.recorded('release').map(({ executable }) => executable);
    expect(backend.alive).toBe(0);
    expect(new Set(released).size).toBe(compiled);
    expect(released.at(-1)).toBe(0);
  });

  it('a second time does nothing', async () => {
    const { trainer, backend } = await used();
    trainer.release();
    backend.forget();
    trainer.release();
    expect(backend.log).toEqual([]);
  });

  it.each([
    ['fit', (trainer: Trainer) => trainer.fit(examples(4), { batchSize: 2 })],
    ['step', (trainer: Trainer) => trainer.step(examples(2))],
    ['evaluate', (trainer: Trainer) => trainer.evaluate(examples(2))],
    ['predict', (trainer: Trainer) => trainer.predict(examples(2).inputs)],
    ['readParameters', (trainer: Trainer) => trainer.readParameters()],
    ['writeParameters', async (trainer: Trainer) => trainer.writeParameters({})],
    ['steps', (trainer: Trainer) => trainer.steps()],
  ])('makes %s() throw, and touch nothing', async (name, call) => {
    const { trainer, backend } = await used();
    trainer.release();
    backend.forget();
    await expect(call(trainer)).rejects.toMatchObject({
      code: 'state',
      message: `${name}() was called after release(): train() a new trainer`,
    });
    expect(backend.log).toEqual([]);
  });
});
