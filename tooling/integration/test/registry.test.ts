// Networks and trainings from data. What is wrong by its type is also refused at run time: each `@ts-expect-error` stands
// over an `expect`, so that the compiler and the message are held to the same mistake.
import * as activations from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { accuracy, type ChainData, glorotUniform, registry, sequential, train, zeros } from '@neurite/core';
import { spiral } from '@neurite/datasets';
import * as layers from '@neurite/layers';
import * as losses from '@neurite/losses';
import * as optimizers from '@neurite/optimizers';
import * as regularizers from '@neurite/regularizers';
import { describe, expect, test } from 'vitest';

const neurite = registry().use(
  cpu,
  activations,
  layers,
  losses,
  optimizers,
  regularizers,
  glorotUniform,
  zeros,
  accuracy,
);

const rest = { loss: 'softmaxCrossEntropy', optimizer: 'adam', backend: 'cpu' } as const;

describe('by name', () => {
  test('a spiral is learned to more than 95 %', async () => {
    const trainer = await neurite.train({
      input: [2],
      layers: [
        { type: 'dense', units: 32, activation: 'relu', regularizer: { type: 'l2', strength: 1e-4 } },
        { type: 'dropout', rate: 0.05 },
        { type: 'dense', units: 3, initializer: 'zeros' },
      ],
      loss: 'softmaxCrossEntropy',
      optimizer: { type: 'adam', learningRate: { type: 'exponentialDecay', initial: 0.02, every: 1000 } },
      backend: { type: 'cpu', codeGeneration: 'auto' },
      metrics: ['accuracy'],
      seed: 1,
    });
    const data = spiral({ examples: 300, classes: 3, turns: 0.75 });
    await trainer.fit(data, { epochs: 100, batchSize: 30 });
    expect((await trainer.evaluate(data)).accuracy).toBeGreaterThan(0.95);
  });

  test('a training is the same as by value, bit for bit', async () => {
    const data = spiral({ examples: 60, classes: 3 });
    const named = await neurite.train({
      input: [2],
      layers: [
        { type: 'dense', units: 8, activation: { type: 'leakyRelu', slope: 0.2 }, name: 'first' },
        { type: 'dense', units: 3, bias: false },
      ],
      loss: { type: 'multiclassHinge', margin: 0.5 },
      optimizer: { type: 'momentum', momentum: 0.8 },
      regularizer: 'l1',
      backend: 'cpu',
      seed: 5,
      dtype: 'float64',
    });
    const valued = await train(
      sequential(
        [2],
        [
          layers.dense({ units: 8, activation: activations.leakyRelu({ slope: 0.2 }), name: 'first' }),
          layers.dense({ units: 3, bias: false }),
        ],
      ),
      {
        loss: losses.multiclassHinge({ margin: 0.5 }),
        optimizer: optimizers.momentum({ momentum: 0.8 }),
        regularizer: regularizers.l1(),
        backend: cpu(),
        seed: 5,
        dtype: 'float64',
      },
    );
    for (const trainer of [named, valued]) await trainer.fit(data, { epochs: 3, batchSize: 16 });
    expect(await named.readParameters()).toEqual(await valued.readParameters());
    expect(Object.keys(await named.readParameters())).toEqual([
      'first.weight',
      'first.bias',
      'output.weight',
    ]);
  });

  test('values and names mix', () => {
    const network = neurite.network({
      input: [3],
      layers: [
        layers.dense({ units: 4 }),
        { type: 'dense', units: 2, activation: activations.tanh() },
        'flatten',
      ],
    });
    expect(network.summary().parameters).toBe(26);
  });

  test('a network goes through JSON and comes back the same', () => {
    const network = sequential(
      [4, 5],
      [
        layers.flatten(),
        layers.dense({
          units: 7,
          activation: activations.leakyRelu({ slope: 0.3 }),
          initializer: glorotUniform(),
          regularizer: regularizers.l2({ strength: 0.5 }),
        }),
        layers.activation({ activation: activations.sigmoid() }),
        layers.dropout({ rate: 0.25, name: 'noise' }),
        layers.dense({ units: 2, bias: false }),
      ],
    );
    const data = JSON.parse(JSON.stringify(network)) as ChainData;
    const again = neurite.network(data as never);
    expect(again.toJSON()).toEqual(network.toJSON());
    expect(data.layers[1]).toEqual({
      type: 'dense',
      name: 'hidden1',
      units: 7,
      activation: { type: 'leakyRelu', slope: 0.3 },
      initializer: { type: 'glorotUniform' },
      regularizer: { type: 'l2', strength: 0.5 },
      bias: true,
    });
    expect(again.parameters.map(({ name }) => name)).toEqual(network.parameters.map(({ name }) => name));
  });

  test('every plugin is listed under its kind', () => {
    expect(neurite.names('activation')).toEqual(Object.keys(activations));
    expect(neurite.names('layer')).toEqual(Object.keys(layers));
    expect(neurite.names('loss')).toEqual(Object.keys(losses));
    expect([...neurite.names('optimizer'), ...neurite.names('schedule')].sort()).toEqual(
      Object.keys(optimizers).sort(),
    );
    expect(neurite.names('schedule')).toContain('exponentialDecay');
    expect([...neurite.names('regularizer'), ...neurite.names('constraint')].sort()).toEqual(
      Object.keys(regularizers).sort(),
    );
    expect(neurite.names('constraint')).toContain('maxNorm');
    const name: 'elasticNet' | 'l1' | 'l2' | 'orthogonal' | undefined = neurite.names('regularizer')[0];
    expect(name).toBe('elasticNet');
  });
});

describe('a wrong name is a type error, and a message that begins with the nearest', () => {
  test('of an activation', () => {
    expect(() =>
      neurite.network({
        input: [2],
        // @ts-expect-error there is no such activation
        layers: ['flatten', { type: 'dense', units: 2, activation: 'rleu' }],
      }),
    ).toThrow(
      'layer 2: activation of dense: there is no activation "rleu"; registered are "relu", "celu", "gelu", ',
    );
  });

  test('of a layer', () => {
    expect(() =>
      // @ts-expect-error there is no such layer
      neurite.network({ input: [2], layers: [{ type: 'Dens', units: 2 }] }),
    ).toThrow('layer 1: there is no layer "Dens"; registered are "dense", ');
  });

  test('of a loss, an optimizer, a regularizer, a backend, a metric, a schedule', async () => {
    const base = { input: [2], layers: [{ type: 'dense', units: 2 }], ...rest } as const;
    // @ts-expect-error there is no such loss
    await expect(neurite.train({ ...base, loss: 'softmax' })).rejects.toThrow(
      'loss: there is no loss "softmax"',
    );
    // @ts-expect-error there is no such optimizer
    await expect(neurite.train({ ...base, optimizer: 'adamw' })).rejects.toThrow(
      'registered are "adamW", "adam", ',
    );
    // @ts-expect-error there is no such regularizer
    await expect(neurite.train({ ...base, regularizer: 'l3' })).rejects.toThrow('no regularizer "l3"');
    // @ts-expect-error there is no such backend
    await expect(neurite.train({ ...base, backend: 'cuda' })).rejects.toThrow('registered are "cpu"');
    // @ts-expect-error there is no such metric
    await expect(neurite.train({ ...base, metrics: ['acc'] })).rejects.toThrow('no metric "acc"');
    await expect(
      // @ts-expect-error there is no such schedule
      neurite.train({ ...base, optimizer: { type: 'sgd', learningRate: { type: 'step' } } }),
    ).rejects.toThrow('learningRate of sgd: there is no schedule "step"; registered are "');
  });

  test('of a kind that nobody registered', () => {
    const bare = registry().use(layers);
    expect(() =>
      // @ts-expect-error no activation is registered
      bare.network({ input: [2], layers: [{ type: 'dense', units: 2, activation: 'relu' }] }),
    ).toThrow('no activation is registered; those of this project are in @neurite/activations: install it');
  });

  test('names of objects’ own methods are no plugins', () => {
    for (const type of ['toString', 'constructor', '__proto__', '']) {
      expect(() => neurite.make('layer', { type, units: 2 } as never)).toThrow(`there is no layer "${type}"`);
    }
  });
});

describe('a wrong option is a type error, and a message that names it', () => {
  test('by value', () => {
    // @ts-expect-error units is missing
    expect(() => layers.dense({})).toThrow('dense: units must be a whole number from 1, but got nothing');
    // @ts-expect-error units is missing
    expect(() => layers.dense()).toThrow('dense: units must be a whole number from 1, but got nothing');
    // @ts-expect-error units is a number
    expect(() => layers.dense({ units: '3' })).toThrow(
      'dense: units must be a whole number from 1, but got "3"',
    );
    // @ts-expect-error there is no option `unit`
    expect(() => layers.dense({ units: 2, unit: 3 })).toThrow('dense has no option "unit": it takes "units"');
    expect(() =>
      // @ts-expect-error an optimizer is no activation
      layers.dense({ units: 2, activation: optimizers.sgd() }),
    ).toThrow('dense: activation must be an activation, but got {');
    expect(() =>
      // @ts-expect-error the definition is no activation yet
      layers.dense({ units: 2, activation: activations.relu }),
    ).toThrow('dense: activation must be an activation, but got the function relu: call it first');
    // @ts-expect-error softmaxCrossEntropy takes no options
    expect(() => losses.softmaxCrossEntropy({ smooth: 1 })).toThrow(
      'softmaxCrossEntropy has no option "smooth"',
    );
    // @ts-expect-error relu takes no options
    expect(() => activations.relu({ slope: 1 })).toThrow('relu has no option "slope": it takes none');
  });

  test('by name', () => {
    // @ts-expect-error there is no option `unit`
    expect(() => neurite.make('layer', { type: 'dense', units: 2, unit: 3 })).toThrow(
      'dense has no option "unit"',
    );
    // @ts-expect-error units is missing
    expect(() => neurite.make('layer', { type: 'dense' })).toThrow('dense: units must be');
    // @ts-expect-error units is missing
    expect(() => neurite.make('layer', 'dense')).toThrow('dense: units must be');
    // @ts-expect-error slope is a number
    expect(() => neurite.make('activation', { type: 'leakyRelu', slope: 'steep' })).toThrow(
      'leakyRelu: slope must be a number, but got "steep"',
    );
    // @ts-expect-error relu takes no options
    expect(() => neurite.make('activation', { type: 'relu', slope: 1 })).toThrow(
      'relu has no option "slope"',
    );
    // @ts-expect-error a plugin of another kind
    expect(() => neurite.make('activation', optimizers.sgd())).toThrow(
      'activation takes an activation, but got the optimizer "sgd"',
    );
    // @ts-expect-error no plugin at all
    expect(() => neurite.make('loss', 3)).toThrow(
      'loss takes a loss, its name or { type, …options }, but got 3',
    );
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
    'a learning rate of %d is refused',
    (learningRate) => {
      for (const optimizer of [optimizers.sgd, optimizers.momentum, optimizers.adam]) {
        expect(() => optimizer({ learningRate })).toThrow(
          `${optimizer.type}: learningRate must be a number above 0 or a schedule, but got ${learningRate}`,
        );
      }
    },
  );

  test('numbers outside of their limits are refused', () => {
    expect(() => layers.dense({ units: 0 })).toThrow('a whole number from 1, but got 0');
    expect(() => layers.dense({ units: 2.5 })).toThrow('a whole number from 1, but got 2.5');
    expect(() => layers.dropout({ rate: 1 })).toThrow(
      'dropout: rate must be a number from 0 below 1, but got 1',
    );
    expect(() => layers.dropout({ rate: -0.1 })).toThrow('but got -0.1');
    expect(() => losses.multiclassHinge({ margin: 0 })).toThrow(
      'multiclassHinge: margin must be a number above 0',
    );
    expect(() => optimizers.momentum({ momentum: 1 })).toThrow(
      'momentum: momentum must be a number from 0 below 1',
    );
    expect(() => optimizers.adam({ epsilon: 0 })).toThrow('adam: epsilon must be a number above 0');
    expect(() => regularizers.l2({ strength: -1 })).toThrow('l2: strength must be a number from 0');
    expect(() => optimizers.exponentialDecay({ factor: 2 })).toThrow(
      'factor must be a number up to 1 above 0',
    );
  });
});

describe('use()', () => {
  test('gives a new registry, and leaves the old one as it was', () => {
    const before = registry().use(layers);
    before.use(activations);
    expect(before.names('activation')).toEqual([]);
  });

  test('takes the same plugins twice', () => {
    expect(neurite.use(layers, layers.dense).names('layer')).toEqual(neurite.names('layer'));
  });

  test('refuses another plugin under a name that is taken, and what is no plugin', () => {
    const other = {
      ...layers,
      dense: Object.assign(() => undefined, { kind: 'layer', type: 'dense', schema: {} }),
    };
    expect(() => neurite.use(other)).toThrow('two layer plugins are called "dense": use one of them');
    expect(() => neurite.use({ pi: 3 })).toThrow('use() takes plugins, but got {"pi":3}');
  });
});

test('a network from JSON text is checked as it is made', () => {
  const network = sequential([2], [layers.dense({ units: 3, activation: activations.relu() })]);
  const data = JSON.parse(JSON.stringify(network));
  expect(neurite.fromJSON(data).toJSON()).toEqual(network.toJSON());
  data.layers[0].type = 'dens';
  expect(() => neurite.fromJSON(data)).toThrow('layer 1: there is no layer "dens"; registered are "dense"');
});
