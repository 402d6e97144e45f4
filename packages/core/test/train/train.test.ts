import { describe, expect, it } from 'vitest';
import {
  initializer,
  loss,
  metric,
  optimizer,
  registry,
  sequential,
  type Tensor,
  type TrainOptions,
  train,
  uniform,
} from '../../src/index.ts';
import * as plugins from '../support/plugins.ts';
import { recordingBackend } from '../support/testing.ts';
import { countingBackend, examples, recordedTrainer, smallNetwork, writesTo } from '../support/training.ts';

const { adam, dense, meanSquaredError, momentum, relu, sgd, softmaxCrossEntropy } = plugins;
const good = (): TrainOptions => ({
  loss: softmaxCrossEntropy(),
  optimizer: sgd(),
  backend: recordingBackend(),
});

describe('train', () => {
  it('lays out the parameters, what the optimizer remembers of them, and the number of steps', async () => {
    const backend = recordingBackend();
    await train(smallNetwork(), { ...good(), optimizer: adam(), backend });
    const [compiled] = backend.recorded('compile');
    expect(backend.recorded('compile')).toHaveLength(1);
    expect(compiled?.program.kernels).toEqual([]);
    expect(
      compiled?.program.buffers.map(({ name, home, dtype, length }) => [name, home, dtype, length]),
    ).toEqual([
      ['parameters', 'state', 'float32', 43],
      ['optimizer.mean', 'state', 'float32', 43],
      ['optimizer.variance', 'state', 'float32', 43],
      ['step', 'state', 'int32', 1],
    ]);
    expect(backend.recorded('write').map(({ buffer, offset }) => [buffer, offset])).toEqual([
      ['parameters', 0],
      ['optimizer.mean', 0],
      ['optimizer.variance', 0],
    ]);
    expect(backend.recorded('run')).toEqual([]);
  });

  it('draws the initial weights by seed and name', async () => {
    const initial = async (seed: number, network = smallNetwork()) =>
      (await train(network, { ...good(), seed })).readParameters();
    const [first, again, other] = [await initial(1), await initial(1), await initial(2)];
    expect(again).toEqual(first);
    expect(other['hidden1.weight']).not.toEqual(first['hidden1.weight']);
    expect(first['hidden1.bias']).toEqual(new Float32Array(5));
    // Another layer behind changes nothing of those before.
    const longer = sequential(
      [4],
      [dense({ units: 5, activation: relu() }), dense({ units: 7 }), dense({ units: 3 })],
    );
    expect((await initial(1, longer))['hidden1.weight']).toEqual(first['hidden1.weight']);
  });

  it('draws them so that they have the spread that is wanted', async () => {
    const network = sequential([200], [dense({ units: 300, activation: relu() }), dense({ units: 100 })]);
    const parameters = await (await train(network, good())).readParameters();
    const spread = (values: ArrayLike<number> | undefined) => {
      const all = Array.from(values ?? []);
      return Math.sqrt(all.reduce((sum, value) => sum + value * value, 0) / all.length);
    };
    expect(spread(parameters['hidden1.weight'])).toBeCloseTo(Math.sqrt(2 / 200), 2);
    expect(spread(parameters['output.weight'])).toBeCloseTo(Math.sqrt(2 / 400), 2);
    const limit = Math.sqrt(6 / 400);
    expect(Array.from(parameters['output.weight'] ?? []).every((value) => Math.abs(value) <= limit)).toBe(
      true,
    );
  });

  it('computes in float64 where that is asked for', async () => {
    const backend = recordingBackend();
    const trainer = await train(smallNetwork(), { ...good(), backend, dtype: 'float64' });
    const parameters = await trainer.readParameters();
    expect(parameters['output.bias']).toBeInstanceOf(Float64Array);
    await trainer.fit(examples(4), { batchSize: 4 });
    const dtypes = backend
      .recorded('compile')
      .flatMap(({ program }) => program.buffers.map(({ dtype }) => dtype));
    expect(dtypes).not.toContain('float32');
  });
});

describe('train refuses', () => {
  const network = smallNetwork();
  const cases: [what: string, options: Record<string, unknown>, code: string, message: string | RegExp][] = [
    ['no loss', { loss: undefined }, 'option', 'train: loss must be a loss, but got nothing'],
    [
      'no optimizer',
      { optimizer: undefined },
      'option',
      'train: optimizer must be an optimizer, but got nothing',
    ],
    ['no backend', { backend: undefined }, 'option', 'train: backend must be a backend, but got nothing'],
    [
      'a loss that was not called',
      { loss: softmaxCrossEntropy },
      'option',
      'train: loss must be a loss, but got the function softmaxCrossEntropy: call it first',
    ],
    ['a name', { optimizer: 'adam' }, 'option', 'train: optimizer must be an optimizer, but got "adam"'],
    ['an optimizer for a loss', { loss: sgd() }, 'option', /^train: loss must be a loss, but got \{/],
    [
      'no regularizer',
      { regularizer: 'l2' },
      'option',
      'train: regularizer must be a regularizer, but got "l2"',
    ],
    [
      'metrics that are none',
      { metrics: ['accuracy'] },
      'option',
      'train: metric must be a metric, but got "accuracy"',
    ],
    [
      'a dtype that is not known',
      { dtype: 'float16' },
      'option',
      'train: dtype must be "float32" or "float64", but got "float16"',
    ],
    ['a dtype that nobody computes in', { dtype: 'int32' }, 'option', /^train: dtype must be/],
    [
      'a dtype that the backend lacks',
      {
        dtype: 'float64',
        backend: recordingBackend({ capabilities: { dtypes: ['float32', 'int32'], inPlace: true } }),
      },
      'unsupported',
      'backend "recording" computes in float32, int32, not in float64',
    ],
    ['half a seed', { seed: 0.5 }, 'option', 'train: seed must be a whole number, but got 0.5'],
    ['a seed that is a text', { seed: '1' }, 'option', 'train: seed must be a whole number, but got "1"'],
  ];
  it.each(cases)('%s', async (_, options, code, message) => {
    const backend = (options.backend ?? recordingBackend()) as ReturnType<typeof recordingBackend>;
    const given = { ...good(), backend, ...options } as unknown as TrainOptions;
    await expect(train(network, given)).rejects.toMatchObject({
      code,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
    expect(backend.log).toEqual([]);
  });

  it('an initializer that gives another shape, and keeps no memory', async () => {
    const flat = initializer(
      'flat',
      {},
      () =>
        ({ random, dtype }) =>
          uniform([3], random, dtype),
    );
    const backend = recordingBackend();
    const wrong = sequential([4], [dense({ units: 2, initializer: flat() })]);
    await expect(train(wrong, { ...good(), backend })).rejects.toMatchObject({
      code: 'shape',
      message: 'initializer "flat" must give [4, 2] for "output.weight", but gave [3]',
    });
    expect(backend.alive).toBe(0);
  });

  it('two metrics of one name, whose totals would be one', async () => {
    const count = metric('count', {}, () => ({
      totals: (x) => ({ all: x.sum() }),
      result: ({ all }) => all[0] as number,
    }));
    await expect(train(network, { ...good(), metrics: [count(), count()] })).rejects.toMatchObject({
      code: 'option',
      message: expect.stringMatching(/^train: two metrics are called "count"/),
    });
  });
});

describe('a plugin that breaks its contract is named', () => {
  const fitted = async (options: Partial<Omit<TrainOptions, 'backend'>>) => {
    const { trainer, backend } = await recordedTrainer(options);
    const error = await trainer.fit(examples(4), { batchSize: 4 }).catch((caught: unknown) => caught);
    expect(backend.recorded('write')).toEqual([]);
    expect(backend.recorded('run')).toEqual([]);
    return error;
  };
  it('a loss that gives no number for each example', async () => {
    const total = loss('total', {}, () => (x, target) => x.sub(target).square().sum());
    const { trainer } = await recordedTrainer({ loss: total() });
    const data = { inputs: new Float32Array(16), targets: new Float32Array(12) };
    await expect(trainer.fit(data, { batchSize: 4 })).rejects.toMatchObject({
      code: 'shape',
      message: 'loss "total" must give [4], a number for each example, but gave []',
    });
  });

  it('an optimizer that gives a direction of another shape', async () => {
    const lost = optimizer('lost', 0.1, {}, () => ({
      state: () => ({}),
      update: ({ gradient }) => ({ direction: gradient.sum(), state: {} }),
    }));
    expect(await fitted({ optimizer: lost() })).toMatchObject({
      code: 'shape',
      message: 'optimizer "lost" must give a direction of [4, 5] for "hidden1.weight", but gave []',
    });
  });

  it.each([
    ['too few gradients', (all: readonly Tensor[]) => all.slice(1), 'must prepare 4 gradients, but gave 3'],
    [
      'gradients of another shape',
      (all: readonly Tensor[]) => all.map((each) => each.sum()),
      'must prepare a gradient of [4, 5] for "hidden1.weight", but gave []',
    ],
  ])('an optimizer that prepares %s', async (_, prepare, message) => {
    const careless = optimizer('careless', 0.1, {}, () => ({
      state: () => ({}),
      prepare,
      update: ({ gradient }) => ({ direction: gradient, state: {} }),
    }));
    expect(await fitted({ optimizer: careless() })).toMatchObject({
      code: 'shape',
      message: `optimizer "careless" ${message}`,
    });
  });
});

describe('a registry', () => {
  it('trains from data', async () => {
    const backend = countingBackend();
    const neurite = registry().use(plugins);
    const trainer = await neurite.train({
      input: [4],
      layers: [
        { type: 'dense', units: 5, activation: 'relu' },
        { type: 'dense', units: 3 },
      ],
      loss: 'softmaxCrossEntropy',
      optimizer: { type: 'momentum', learningRate: { type: 'halving', initial: 0.5 } },
      regularizer: { type: 'l2', strength: 0.1 },
      backend,
      seed: 3,
      dtype: 'float64',
    });
    expect(trainer.network.toJSON()).toEqual(smallNetwork().toJSON());
    expect(trainer.recipe).toMatchObject({
      seed: 3,
      dtype: 'float64',
      regularizer: { type: 'l2' },
      metrics: [],
    });
    backend.forget();
    await trainer.fit(examples(4), { batchSize: 4 });
    expect(writesTo(backend, 'learningRates')[0]?.[0]).toBe(0.5);
  });

  it('says which part of a training is wrong', async () => {
    const neurite = registry().use(plugins);
    const spec = {
      input: [4],
      layers: [],
      loss: 'meanSquaredErr',
      optimizer: 'sgd',
      backend: recordingBackend(),
    };
    await expect(neurite.train(spec as never)).rejects.toMatchObject({
      code: 'name',
      message: expect.stringMatching(
        /^loss: there is no loss "meanSquaredErr"; registered are "meanSquaredError"/,
      ),
    });
  });
});

describe('without a loss that takes classes', () => {
  it('class numbers are refused', async () => {
    const { trainer } = await recordedTrainer({ loss: meanSquaredError(), optimizer: momentum() });
    await expect(trainer.fit(examples(4), { batchSize: 2 })).rejects.toMatchObject({
      code: 'data',
      message: 'meanSquaredError takes targets of [4, 3], but got 4 numbers for 4 rows',
    });
  });
});
