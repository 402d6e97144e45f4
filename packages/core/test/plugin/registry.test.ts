import { describe, expect, it } from 'vitest';
import {
  type Activation,
  activation,
  type Initializer,
  isPluginValue,
  type Layer,
  type Optimizer,
  registry,
  toData,
} from '../../src/index.ts';
import * as plugins from '../support/plugins.ts';

const { adam, dense, halving, l2, leakyRelu, relu, sigmoid } = plugins;
const neurite = registry().use(plugins);
/** As JSON would bring it. */
const untyped = (value: unknown) => value as never;

describe('use', () => {
  it('takes definitions, and modules with whatever else they export', () => {
    const mixed = { relu, helper: () => 0, version: '1', nothing: undefined, list: [relu] };
    expect(registry().use(mixed, sigmoid, { adam }).definitions()).toEqual([relu, sigmoid, adam]);
  });

  it('leaves the registry alone that it is called on', () => {
    const empty = registry();
    const full = empty.use(relu);
    expect(empty.definitions()).toEqual([]);
    expect(full.use(sigmoid).names('activation')).toEqual(['relu', 'sigmoid']);
    expect(full.names('activation')).toEqual(['relu']);
  });

  it('takes the same plugin twice, but not two of one name', () => {
    expect(registry().use(relu, { relu }, plugins).names('activation')).toHaveLength(3);
    const other = activation('relu', (x) => x);
    expect(() => registry().use(relu, other)).toThrow(
      expect.objectContaining({
        code: 'name',
        message: 'two activation plugins are called "relu": use one of them',
      }),
    );
  });

  it('takes plugins of two kinds under one name', () => {
    const both = registry().use(
      activation('dense', (x) => x),
      dense,
    );
    expect([both.names('activation'), both.names('layer')]).toEqual([['dense'], ['dense']]);
  });

  it.each([[{}], ['relu'], [null], [undefined], [relu()], [() => 0]])(
    'refuses what holds no definition: %#',
    (source) => {
      expect(() => registry().use(untyped(source))).toThrow(
        expect.objectContaining({
          code: 'name',
          message: expect.stringMatching(/^use\(\) takes plugins, but got/),
        }),
      );
    },
  );
});

describe('names and definitions', () => {
  it('are listed by kind, in the order in which they came', () => {
    expect(neurite.names('layer')).toEqual(['dense', 'dropout', 'flatten']);
    expect(neurite.definitions('schedule')).toEqual([halving]);
    expect(neurite.names('metric')).toEqual([]);
  });
});

describe('make', () => {
  it('makes a plugin by name, or by name and options', () => {
    expect(neurite.make('activation', 'relu')).toMatchObject({ kind: 'activation', type: 'relu' });
    expect(neurite.make('activation', { type: 'leakyRelu', slope: 0.3 }).options).toEqual({ slope: 0.3 });
    expect(neurite.make('optimizer', 'adam').learningRate).toBe(0.001);
  });

  it('takes plugins as they are', () => {
    const plugin = relu();
    expect(neurite.make('activation', plugin)).toBe(plugin);
  });

  it('makes plugins within plugins, by value or by name, however deep', () => {
    const layer = neurite.make('layer', {
      type: 'dense',
      units: 4,
      activation: { type: 'leakyRelu', slope: 0.5 },
      regularizer: 'l2',
    });
    expect(layer.options).toMatchObject({
      units: 4,
      activation: { kind: 'activation', options: { slope: 0.5 } },
      regularizer: { kind: 'regularizer', type: 'l2' },
    });
    expect(
      neurite.make('layer', { type: 'dense', units: 4, activation: relu() }).options.activation,
    ).toMatchObject({
      type: 'relu',
    });
    const rate = neurite.make('optimizer', { type: 'adam', learningRate: 'halving' }).learningRate;
    expect(rate).toMatchObject({ kind: 'schedule', type: 'halving' });
    expect(neurite.make('optimizer', { type: 'adam', learningRate: 0.5 }).learningRate).toBe(0.5);
  });

  it.each([
    [
      'a name that is not registered',
      'activation',
      'Rellu',
      'name',
      'activation: there is no activation "Rellu"; registered are "relu", "leakyRelu", "sigmoid"; those of this project are in @neurite/activations: install it, import its plugins, and pass them to use()',
    ],
    [
      'such a name with options',
      'layer',
      { type: 'dens', units: 3 },
      'name',
      /^layer: there is no layer "dens"; registered are "dense", "dropout", "flatten"; .*@neurite\/layers/,
    ],
    ['a name that every object knows', 'activation', 'toString', 'name', /there is no activation "toString"/],
    [
      'a backend that this project has',
      'backend',
      'wasm',
      'name',
      /^backend: there is no backend "wasm"; .*@neurite\/backend-wasm: install it/,
    ],
    [
      'a backend that nobody knows',
      'backend',
      'tpu',
      'name',
      /^backend: there is no backend "tpu"; (?!.*@neurite)/,
    ],
    ['a regularizer', 'regularizer', 'l3', 'name', /in @neurite\/regularizers/],
    ['a schedule', 'schedule', 'cosine', 'name', /in @neurite\/optimizers/],
    [
      'a kind of which none is registered',
      'metric',
      'accuracy',
      'name',
      'metric: there is no metric "accuracy"; no metric is registered; @neurite/core has its own: import them from there, and pass them to use()',
    ],
    [
      'no type',
      'layer',
      { units: 3 },
      'name',
      /^layer: there is no layer nothing; registered are "dense", "dropout", "flatten"/,
    ],
    ['a type that is no text', 'layer', { type: 7 }, 'name', /there is no layer 7; registered are "dense"/],
    ['a number', 'layer', 7, 'option', 'layer takes a layer, its name or { type, …options }, but got 7'],
    [
      'nothing',
      'activation',
      undefined,
      'option',
      'activation takes an activation, its name or { type, …options }, but got nothing',
    ],
    ['null', 'layer', null, 'option', /but got null$/],
    ['a list', 'layer', ['dense'], 'option', /but got \["dense"\]$/],
    [
      'a definition that was not called',
      'layer',
      dense,
      'option',
      /but got the function dense: call it first$/,
    ],
    [
      'a plugin of another kind',
      'layer',
      relu(),
      'option',
      'layer takes a layer, but got the activation "relu"',
    ],
    [
      'a wrong option',
      'layer',
      { type: 'dense', units: 0 },
      'option',
      'dense: units must be a whole number from 1, but got 0',
    ],
    [
      'an option that is not known',
      'layer',
      { type: 'dense', unit: 3 },
      'option',
      /^dense has no option "unit": it takes "units"/,
    ],
    [
      'a wrong name within',
      'layer',
      { type: 'dense', units: 3, activation: 'tanhh' },
      'name',
      /^layer: activation of dense: there is no activation "tanhh"/,
    ],
    [
      'a plugin of another kind within',
      'layer',
      { type: 'dense', units: 3, activation: l2() },
      'option',
      'layer: activation of dense takes an activation, but got the regularizer "l2"',
    ],
    [
      'a wrong option within',
      'layer',
      { type: 'dense', units: 3, activation: { type: 'leakyRelu', slop: 1 } },
      'option',
      /^leakyRelu has no option "slop": it takes "slope"$/,
    ],
  ] as const)('refuses %s', (_, kind, value, code, message) => {
    const expected = typeof message === 'string' ? message : expect.stringMatching(message);
    expect(() => neurite.make(kind, untyped(value))).toThrow(
      expect.objectContaining({ code, message: expected }),
    );
  });

  it('says where, if it is told', () => {
    expect(() => neurite.make('layer', untyped('x'), 'layer 3')).toThrow(/^layer 3: there is no layer "x"/);
  });
});

describe('plain data', () => {
  const examples: { kind: 'layer' | 'optimizer'; plugin: Layer | Optimizer }[] = [
    { kind: 'layer', plugin: dense({ units: 3 }) },
    {
      kind: 'layer',
      plugin: dense({
        units: 3,
        activation: leakyRelu({ slope: 0.4 }),
        regularizer: l2({ strength: 0.5 }),
        name: 'first',
        bias: false,
      }),
    },
    { kind: 'optimizer', plugin: adam({ beta1: 0.5 }) },
    { kind: 'optimizer', plugin: adam({ learningRate: halving({ initial: 0.25 }) }) },
  ];
  it.each(examples)('holds a plugin, through JSON and back: %#', ({ kind, plugin }) => {
    const data = JSON.parse(JSON.stringify(toData(plugin)));
    const again = neurite.make(kind, data);
    expect(toData(again)).toEqual(toData(plugin));
    expect(again.type).toBe(plugin.type);
  });

  it('has the type, and every option that has a value', () => {
    expect(toData(dense({ units: 3, activation: leakyRelu() }))).toEqual({
      type: 'dense',
      units: 3,
      activation: { type: 'leakyRelu', slope: 0.01 },
      bias: true,
    });
  });

  it('is told from plugins', () => {
    const plugin: Activation = relu();
    expect(isPluginValue(plugin)).toBe(true);
    expect(isPluginValue(plugin.initializer as Initializer)).toBe(true);
    for (const other of [toData(plugin), relu, 'relu', null, undefined])
      expect(isPluginValue(other)).toBe(false);
  });
});
