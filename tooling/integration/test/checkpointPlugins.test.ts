// What any plugin says of itself and remembers comes through a file.
import * as activations from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { decode, encode, predictor, restoreTrainer, resume } from '@neurite/checkpoint';
import * as core from '@neurite/core';
import {
  type AnyDefinition,
  accuracy,
  type Data,
  graph,
  type Layer,
  type Network,
  type Optimizer,
  registry,
  type Schedule,
  sequential,
  type TrainOptions,
  train,
} from '@neurite/core';
import * as layers from '@neurite/layers';
import * as losses from '@neurite/losses';
import * as optimizers from '@neurite/optimizers';
import * as regularizers from '@neurite/regularizers';
import { describe, expect, test } from 'vitest';

const { dense } = layers;
const { momentum, sgd } = optimizers;
const plugins = registry().use(activations, layers, losses, optimizers, regularizers, core);
const backend = cpu();

const inputs = Float64Array.from({ length: 24 * 3 }, (_, i) => Math.sin(i * i));
const targets = Int32Array.from({ length: 24 }, (_, i) => (i * 7) % 4);

const rest = {
  loss: losses.softmaxCrossEntropy(),
  optimizer: momentum(),
  seed: 3,
  dtype: 'float64',
  backend,
} as const;

/** Three steps, a file, and three more beside three without it: by names, and in code. */
async function goesOn(network: Network, options: Partial<TrainOptions>, data: Data): Promise<void> {
  const trainer = await train(network, { ...rest, ...options });
  await trainer.adapt(data);
  for (let step = 0; step < 3; step++) await trainer.step(data);
  const checkpoint = decode(await encode(trainer));
  const built = await train(network, { ...rest, ...options });
  restoreTrainer(checkpoint, built);
  const named = await resume(checkpoint, plugins, { backend });
  const predicting = await predictor(checkpoint, plugins, { backend });
  expect(await predicting.predictAll(data.inputs)).toEqual(await trainer.predictAll(data.inputs));
  for (let step = 0; step < 3; step++) {
    const loss = await trainer.step(data);
    expect([await built.step(data), await named.step(data)]).toEqual([loss, loss]);
  }
  expect(await named.snapshot()).toEqual(await trainer.snapshot());
}

type Make = (options: object) => unknown;
const definitionsOf = (module: object): [string, Make][] =>
  Object.values(module)
    .filter((value): value is AnyDefinition => typeof value === 'function' && 'schema' in value)
    .map((definition) => [definition.type, definition as Make]);

/** What must be given. */
const required: Readonly<Record<string, object>> = {
  activation: { activation: activations.gelu({ approximation: 'tanh' }) },
  dense: { units: 4 },
  maxout: { units: 4 },
  rescale: { scale: 0.5, offset: 2 },
  reshape: { sizes: [3] },
  parameterGroup: { optimizer: momentum(), parameters: ['bias'], group: optimizers.adam() },
  warmup: { steps: 2 },
  ...Object.fromEntries(
    ['accumulated', 'averaged', 'clipByGlobalNorm', 'clipByNorm', 'clipByValue', 'muon'].map((name) => [
      name,
      { optimizer: optimizers.adam({ learningRate: optimizers.cosineDecay({ steps: 9 }) }) },
    ]),
  ),
};

const chain = (...middle: Layer[]): Network =>
  sequential([3], [dense({ units: 3, activation: activations.tanh() }), ...middle, dense({ units: 4 })]);

test.each(definitionsOf(layers).filter(([name]) => name !== 'embedding'))(
  'the layer %s',
  async (name, make) => {
    await goesOn(chain(make(required[name] ?? {}) as Layer), {}, { inputs, targets });
  },
);

test.each(definitionsOf(optimizers))('the optimizer or schedule %s', async (name, make) => {
  const made = make(required[name] ?? {}) as Optimizer | Schedule;
  const optimizer = made.kind === 'schedule' ? sgd({ learningRate: made }) : made;
  await goesOn(chain(), { optimizer }, { inputs, targets });
});

test('a schedule that watches the training, for several groups of parameters', async () => {
  const network = chain();
  const learningRate = optimizers.reduceOnPlateau({ initial: 0.1, patience: 0 });
  const groups = (bias: Schedule): Optimizer =>
    optimizers.parameterGroup({
      optimizer: momentum({ learningRate }),
      parameters: ['bias'],
      group: momentum({ learningRate: bias }),
    });
  for (const bias of [learningRate, optimizers.reduceOnPlateau({ initial: 0.1, patience: 0 })]) {
    const trainer = await train(network, { ...rest, optimizer: groups(bias) });
    await trainer.fit({ inputs, targets }, { epochs: 3 });
    const snapshot = await trainer.snapshot();
    expect(snapshot.schedules.length).toBe(bias === learningRate ? 1 : 2);
    const named = await resume(decode(await encode(trainer)), plugins, { backend });
    expect(await named.snapshot()).toEqual(snapshot);
    expect(await named.step({ inputs, targets })).toBe(await trainer.step({ inputs, targets }));
  }
});

describe('graphs', () => {
  test('of several inputs and outputs, with weighted losses and metrics of each', async () => {
    const network = graph({ left: [3], right: [3] }, ({ left, right }, use) => {
      const shared = dense({ units: 5, activation: activations.selu() });
      const [a, b] = [use(shared, left), use(shared, right)];
      return { digit: use(dense({ units: 4 }), a.add(b)), size: use(dense({ units: 1 }), a.mul(0.5)) };
    });
    await goesOn(
      network,
      {
        loss: {
          digit: losses.softmaxCrossEntropy(),
          size: { loss: losses.huber({ delta: 0.5 }), weight: 0.3 },
        },
        metrics: { digit: [accuracy(), accuracy({ name: 'again' })] },
        optimizer: optimizers.lbfgs({ history: 3 }),
        regularizer: regularizers.elasticNet(),
        constraint: regularizers.maxNorm(),
      },
      {
        inputs: { left: inputs, right: inputs.toReversed() },
        targets: { digit: targets, size: inputs.subarray(0, 24) },
      },
    );
  });

  test('with an embedding, and layers that are not trained', async () => {
    const network = sequential(
      [2],
      [
        layers.embedding({ count: 4, size: 3, trainable: false, name: 'words' }),
        layers.flatten(),
        dense({ units: 4, rateMultiplier: 0.5, constraint: regularizers.unitNorm() }),
      ],
    );
    const optimizer = optimizers.averaged({ optimizer: sgd() });
    await goesOn(
      network,
      { optimizer },
      { inputs: Int32Array.from({ length: 48 }, (_, i) => i % 4), targets },
    );
  });
});

test('an order of parameters that the optimizer has in its memory is held to', async () => {
  const network = chain();
  const trainer = await train(network, { ...rest, optimizer: optimizers.lbfgs() });
  const checkpoint = decode(await encode(trainer));
  const parameters = Object.fromEntries(Object.entries(checkpoint.parameters).toReversed());
  expect(() => restoreTrainer({ ...checkpoint, parameters }, trainer)).toThrow(
    'this optimizer needs the same order',
  );
});

test('a graph that no data can describe says what to do', async () => {
  const network = graph([3], (x, use) => use(dense({ units: 4 }), x.exp()));
  const trainer = await train(network, rest);
  await expect(encode(trainer)).rejects.toThrow('put that into a layer of its own');
});
