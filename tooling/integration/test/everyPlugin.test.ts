// What holds for every plugin that there is. Much of it went wrong elsewhere: options that change nothing, names that all
// end up as one function, losses that are empty, penalties that depend on the size of the batch.
import * as activations from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import {
  type Activation,
  type AnyDefinition,
  type Constraint,
  constraint,
  glorotUniform,
  type Layer,
  type Loss,
  type NumberArray,
  type Optimizer,
  optionOf,
  type Plugin,
  type Regularizer,
  type Schedule,
  type Schema,
  sequential,
  train,
  zeros,
} from '@neurite/core';
import * as layers from '@neurite/layers';
import * as losses from '@neurite/losses';
import * as optimizers from '@neurite/optimizers';
import * as regularizers from '@neurite/regularizers';
import { checkGradient, sampleNumbers } from '@neurite/testing';
import { describe, expect, test } from 'vitest';

const { dense } = layers;
const definitions: readonly AnyDefinition[] = [activations, layers, losses, optimizers, regularizers].flatMap(
  (family) => Object.values(family) as AnyDefinition[],
);
const all = definitions
  .map((definition) => ({ name: definition.type, definition }))
  // These two fit nowhere between dense layers: their own tests vary their options.
  .filter(({ name }) => name !== 'embedding' && name !== 'reshape');

/** 24 rows; each target is a class as ones and zeros, which every loss takes. */
const data = {
  inputs: sampleNumbers(24 * 3, { seed: 5, low: -2, high: 2 }),
  targets: Array.from({ length: 24 }, (_, i) => [0, 1, 2, 3].map((j) => (j === (i * 7) % 4 ? 1 : 0))),
};

/** All numbers after a short training in which the plugin takes its part. */
async function trained(plugin: Plugin): Promise<readonly NumberArray[]> {
  const as = <P extends Plugin>(kind: P['kind']): P | undefined =>
    plugin.kind === kind ? (plugin as P) : undefined;
  const own = as<Layer>('layer');
  const schedule = as<Schedule>('schedule');
  const network = sequential(
    [3],
    [
      dense({ units: 6, activation: as<Activation>('activation') ?? activations.tanh(), name: 'first' }),
      ...(own ? [own] : []),
      dense({ units: 4, name: 'last' }),
    ],
  );
  const trainer = await train(network, {
    loss: as<Loss>('loss') ?? losses.softmaxCrossEntropy(),
    optimizer: as<Optimizer>('optimizer') ?? optimizers.sgd({ learningRate: schedule ?? 0.1 }),
    regularizer: as<Regularizer>('regularizer'),
    constraint: as<Constraint>('constraint'),
    backend: cpu(),
    dtype: 'float64',
    seed: 3,
  });
  const isFullBatch = plugin.type === 'lbfgs';
  const epochs = schedule || isFullBatch ? 8 : 2;
  await trainer.fit(data, { epochs, batchSize: isFullBatch ? 24 : 6 });
  return [...Object.values(await trainer.readParameters()), await trainer.predict(data.inputs)];
}

const halved = constraint('halved', {}, () => (w) => w.mul(0.5));

describe('options', () => {
  /** For each option of each plugin another value than its default. */
  const others: Record<string, Record<string, unknown>> = {
    celu: { alpha: 0.3 },
    elu: { alpha: 0.3 },
    gaussian: {},
    gelu: { approximation: 'tanh' },
    hardSigmoid: {},
    hardSwish: {},
    hardTanh: {},
    identity: {},
    leakyRelu: { slope: 0.3 },
    logSigmoid: {},
    logSoftmax: {},
    mish: {},
    relu: {},
    relu6: {},
    selu: {},
    sigmoid: {},
    silu: {},
    sine: {},
    softmax: {},
    softplus: {},
    softsign: {},
    step: {},
    tanh: {},
    tanhShrink: {},
    activation: { activation: activations.sigmoid() },
    dense: {
      units: 7,
      activation: activations.relu(),
      initializer: zeros(),
      regularizer: regularizers.l2({ strength: 0.5 }),
      constraint: halved(),
      bias: false,
    },
    alphaDropout: { rate: 0.1 },
    batchNorm: { momentum: 0.5, epsilon: 0.5, affine: false },
    dropout: { rate: 0.1 },
    flatten: {},
    gaussianDropout: { rate: 0.1 },
    gaussianNoise: { standardDeviation: 2 },
    layerNorm: { epsilon: 0.5, affine: false },
    maxout: {
      units: 7,
      pieces: 3,
      initializer: zeros(),
      regularizer: regularizers.l2({ strength: 0.5 }),
      constraint: halved(),
      bias: false,
    },
    prelu: { slope: 0.5 },
    rescale: { scale: 2, offset: 1 },
    rmsNorm: { epsilon: 0.5, affine: false },
    standardize: {},
    binaryCrossEntropy: {},
    binaryHinge: {},
    categoricalHinge: { margin: 0.2 },
    cosineSimilarity: {},
    huber: { delta: 0.3 },
    klDivergence: {},
    logCosh: {},
    meanAbsoluteError: {},
    meanSquaredError: {},
    multiclassHinge: { margin: 0.2, squared: true },
    poisson: {},
    softmaxCrossEntropy: { labelSmoothing: 0.2, classWeights: [1, 2, 3, 4] },
    squaredHinge: {},
    adam: { learningRate: 0.5, beta1: 0.5, beta2: 0.5, epsilon: 0.1 },
    exponentialDecay: { initial: 0.2, factor: 0.1, every: 2 },
    momentum: { learningRate: 0.5, momentum: 0.2, dampening: 0.5 },
    sgd: { learningRate: 0.5, weightDecay: 0.3 },
    adadelta: { learningRate: 0.5, rho: 0.5, epsilon: 0.1 },
    adagrad: { learningRate: 0.5, initialSum: 1, epsilon: 0.1 },
    adamax: { learningRate: 0.5, beta1: 0.5, beta2: 0.5, epsilon: 0.1 },
    adamW: { learningRate: 0.5, beta1: 0.5, beta2: 0.5, epsilon: 0.1, weightDecay: 0.3 },
    amsgrad: { learningRate: 0.5, beta1: 0.5, beta2: 0.5, epsilon: 0.1 },
    lion: { learningRate: 0.5, beta1: 0.1, beta2: 0.2, weightDecay: 0.3 },
    muon: {
      optimizer: optimizers.momentum(),
      momentum: 0.5,
      nesterov: false,
      weightDecay: 0.5,
      iterations: 2,
      epsilon: 10,
    },
    nadam: { learningRate: 0.5, beta1: 0.5, beta2: 0.5, epsilon: 0.1, momentumDecay: 1 },
    nesterov: { learningRate: 0.5, momentum: 0.2 },
    radam: { learningRate: 0.5, beta1: 0.5, beta2: 0.9, epsilon: 0.1 },
    rmsprop: { learningRate: 0.5, alpha: 0.5, epsilon: 0.1, centered: true, momentum: 0.5 },
    rprop: { learningRate: 0.5, decrease: 0.1, increase: 3, minimum: 0.009, maximum: 0.011 },
    accumulated: { optimizer: optimizers.momentum(), steps: 2 },
    averaged: { optimizer: optimizers.momentum(), decay: 0.5 },
    lbfgs: { learningRate: 0.5, history: 1 },
    parameterGroup: {
      optimizer: optimizers.momentum(),
      parameters: ['last'],
      group: optimizers.momentum(),
    },
    clipByGlobalNorm: { optimizer: optimizers.momentum(), limit: 0.01 },
    clipByNorm: { optimizer: optimizers.momentum(), limit: 0.01 },
    clipByValue: { optimizer: optimizers.momentum(), limit: 0.01 },
    constantRate: { rate: 0.2 },
    cosineDecay: { initial: 0.2, floor: 0.005, steps: 3 },
    cosineRestarts: { initial: 0.2, floor: 0.005, period: 3, multiplier: 2 },
    inverseTimeDecay: { initial: 0.2, decay: 3, every: 2 },
    oneCycle: { peak: 0.2, steps: 6, rise: 0.7, startDivisor: 3, endDivisor: 3, shape: 'linear' },
    polynomialDecay: { initial: 0.2, floor: 0.005, steps: 3, power: 2 },
    reduceOnPlateau: {
      initial: 0.2,
      factor: 0.5,
      patience: 1,
      threshold: 0.01,
      cooldown: 1,
      minimum: 0.05,
    },
    stepDecay: { initial: 0.2, factor: 0.5, every: 2 },
    warmup: { steps: 3, start: 0.5, before: 0.2 },
    l1: { strength: 0.3, proximal: true },
    l2: { strength: 0.3 },
    elasticNet: { l1: 0.3, l2: 0.3, proximal: true },
    maxNorm: { limit: 0.1 },
    nonNegative: {},
    unitNorm: {},
    orthogonal: { strength: 0.3 },
  };
  /** What a plugin needs before its options can be varied. */
  const basis: Record<string, Record<string, unknown>> = {
    activation: { activation: activations.tanh() },
    dense: { units: 5 },
    maxout: { units: 5 },
    accumulated: { optimizer: optimizers.sgd({ learningRate: 0.1 }) },
    averaged: { optimizer: optimizers.sgd({ learningRate: 0.1 }) },
    parameterGroup: {
      optimizer: optimizers.sgd({ learningRate: 0.1 }),
      parameters: ['first'],
      group: optimizers.sgd({ learningRate: 0.01 }),
    },
    exponentialDecay: { every: 5 },
    clipByGlobalNorm: { optimizer: optimizers.sgd({ learningRate: 0.1 }) },
    clipByNorm: { optimizer: optimizers.sgd({ learningRate: 0.1 }) },
    clipByValue: { optimizer: optimizers.sgd({ learningRate: 0.1 }) },
    cosineDecay: { steps: 8 },
    cosineRestarts: { period: 2 },
    inverseTimeDecay: { every: 5 },
    muon: { optimizer: optimizers.sgd({ learningRate: 0.1 }) },
    oneCycle: { steps: 8 },
    polynomialDecay: { steps: 8 },
    reduceOnPlateau: { initial: 0.1, patience: 0, threshold: 0.9 }, // nothing is ever better
    stepDecay: { every: 5 },
    warmup: { steps: 8 },
  };
  /** Those of its own: what every layer takes is tried in core's tests. */
  const common = ['name', 'trainable', 'rateMultiplier', 'activityRegularizer'];
  const optionsOf = ({ schema, type }: AnyDefinition): string[] =>
    Object.keys(schema as Schema).filter(
      (option) => !(Object.hasOwn(layers, type) && common.includes(option)),
    );

  test.each(all)('of $name are all tried below', ({ name, definition }) => {
    expect(Object.keys(others[name] ?? {}).sort()).toEqual(optionsOf(definition).sort());
  });

  test.each(
    all.flatMap(({ name, definition }) =>
      optionsOf(definition).map((option) => ({ name, option, definition })),
    ),
  )('$option of $name changes what is computed', async ({ name, option, definition }) => {
    const create = definition as unknown as (options: Record<string, unknown>) => Plugin;
    const before = create({ ...basis[name] });
    const after = create({ ...basis[name], [option]: others[name]![option] });
    expect(optionOf((definition.schema as Schema)[option]!).accepts(others[name]![option])).toBe(true);
    expect(await trained(after)).not.toEqual(await trained(before));
  });

  test.each(all)(
    'that $name does not have are refused by name, and so are texts instead of options',
    ({ name, definition }) => {
      const create = definition as unknown as (options: unknown) => Plugin;
      expect(() => create({ ...basis[name], wibble: 1 })).toThrow(`${name} has no option "wibble"`);
      expect(() => create('wibble')).toThrow(`${name} takes its options as an object, but got "wibble"`);
      expect(() => create({ ...basis[name], toString: 1 })).toThrow(`${name} has no option "toString"`);
    },
  );

  test('that are undefined are as if they had not been given', async () => {
    const given = activations.leakyRelu({ slope: undefined });
    expect(given.options).toEqual({ slope: 0.01 });
    expect(await trained(given)).toEqual(await trained(activations.leakyRelu()));
  });

  test('that are null, as JSON has NaN, are refused', () => {
    expect(() => activations.leakyRelu({ slope: null as never })).toThrow(
      'leakyRelu: slope must be a number',
    );
  });
});

describe('different plugins do different things', () => {
  test.each([
    {
      family: 'activations', // celu is elu where alpha is 1, and relu6 is relu up to 6: both have tests of their own
      plugins: Object.values(activations)
        .filter((make) => make !== activations.celu && make !== activations.relu6)
        .map((make) => make()),
    },
    {
      family: 'losses', // klDivergence has the gradient of softmaxCrossEntropy
      plugins: Object.values(losses)
        .filter((make) => make !== losses.klDivergence)
        .map((make) => make()),
    },
    {
      family: 'optimizers',
      plugins: [
        optimizers.adadelta(),
        optimizers.adagrad(),
        optimizers.accumulated({ optimizer: optimizers.sgd() }),
        optimizers.averaged({ optimizer: optimizers.sgd() }),
        optimizers.lbfgs(),
        optimizers.parameterGroup({
          optimizer: optimizers.sgd(),
          parameters: ['bias'],
          group: optimizers.adam(),
        }),
        optimizers.adam(),
        optimizers.adamax(),
        optimizers.adamW(),
        optimizers.amsgrad(),
        optimizers.lion(),
        optimizers.momentum(),
        optimizers.muon({ optimizer: optimizers.sgd() }),
        optimizers.nadam(),
        optimizers.nesterov(),
        optimizers.radam(),
        optimizers.rmsprop(),
        optimizers.rprop(),
        optimizers.sgd(),
        optimizers.clipByGlobalNorm({ optimizer: optimizers.sgd(), limit: 0.01 }),
        optimizers.clipByNorm({ optimizer: optimizers.sgd(), limit: 0.01 }),
        optimizers.clipByValue({ optimizer: optimizers.sgd(), limit: 0.01 }),
      ],
    },
    {
      family: 'regularizers',
      plugins: [
        regularizers.elasticNet({ l1: 0.1, l2: 0.1 }),
        regularizers.l1({ strength: 0.1 }),
        regularizers.l2({ strength: 0.1 }),
        regularizers.orthogonal({ strength: 0.1 }),
      ],
    },
  ])('$family, with the same seed', async ({ plugins }) => {
    const results = await Promise.all(plugins.map(async (plugin) => (await trained(plugin)).join()));
    expect(new Set(results).size).toBe(plugins.length);
  });
});

describe('every activation with every loss', () => {
  const pairs = Object.values(activations).flatMap((activation) =>
    Object.values(losses).map((loss) => ({
      a: activation.type,
      b: loss.type,
      activation: activation() as Activation,
      loss: loss() as Loss,
    })),
  );

  test.each(pairs)(
    '$a and $b: the gradient of every parameter of a network is that of central differences',
    (pair) => {
      const f = pair.activation;
      const network = sequential(
        [3],
        [dense({ units: 4, activation: f }), dense({ units: 4, activation: f }), dense({ units: 3 })],
      );
      const rows = 4;
      const named = network.parameters;
      checkGradient(
        (inputs, targets, ...values) => {
          const tensors = new Map(named.map(({ name }, i) => [name, values[i]!]));
          const random = (purpose: string) => ({ seed: 0, purpose });
          return pair.loss.compute(
            network.apply(tensors, [inputs!], { training: false, random })[0]!,
            targets!.cast('float64'),
          );
        },
        [
          { shape: [rows, 3] },
          { shape: [rows, 3], values: [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0], dtype: 'int32' },
          ...named.map(({ shape }) => ({ shape })),
        ],
        { seed: 12 },
      );
    },
  );
});

describe.each([
  regularizers.l1({ strength: 0.3 }),
  regularizers.l2({ strength: 0.3 }),
  regularizers.elasticNet({ l1: 0.3, l2: 0.3 }),
  regularizers.orthogonal({ strength: 0.3 }),
])('$type', (regularizer) => {
  test('pulls as hard whatever the size of the batch', async () => {
    const after = async (rows: number, penalty?: Regularizer) => {
      const options = {
        loss: losses.softmaxCrossEntropy(),
        optimizer: optimizers.sgd({ learningRate: 1 }),
      };
      const trainer = await train(sequential([3], [dense({ units: 2, initializer: glorotUniform() })]), {
        ...options,
        regularizer: penalty,
        backend: cpu(),
        dtype: 'float64',
      });
      const row = [0.5, -1, 2];
      await trainer.step({ inputs: Array(rows).fill(row), targets: Array(rows).fill(1) });
      return Object.values(await trainer.readParameters()).flatMap((values) => [...values]);
    };
    const pull = async (rows: number) => {
      const [without, with_] = [await after(rows), await after(rows, regularizer)];
      return without.map((value, i) => value - with_[i]!);
    };
    const [one, many] = [await pull(1), await pull(50)];
    one.forEach((value, i) => void expect(many[i]).toBeCloseTo(value, 14));
    expect(one.slice(0, 6).every((value) => value !== 0)).toBe(true);
    expect(one.slice(6)).toEqual([0, 0]);
  });
});
