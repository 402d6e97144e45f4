import { describe, expect, it } from 'vitest';
import {
  activation,
  constant,
  initializer,
  layer,
  NeuriteError,
  type Option,
  option,
  optionOf,
  resolveOptions,
  type Schema,
} from '../../src/index.ts';
import { printValue } from '../../src/plugin/options.ts';
import { dense, halving, leakyRelu, momentum, relu, sgd } from '../support/plugins.ts';

const thrown = (run: () => unknown): { code: string; message: string } => {
  try {
    run();
  } catch (error) {
    if (error instanceof NeuriteError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('nothing was thrown');
};
/** Options as they come from JavaScript or JSON, of any type. */
const given = (definition: unknown, options: unknown): unknown =>
  (definition as (options: unknown) => unknown)(options);

describe('options of a plugin', () => {
  it('are as given, else their defaults', () => {
    expect(leakyRelu().options).toEqual({ slope: 0.01 });
    expect(leakyRelu({ slope: 0.2 }).options).toEqual({ slope: 0.2 });
    expect(leakyRelu({ slope: undefined }).options).toEqual({ slope: 0.01 });
    expect(momentum({ momentum: 0 }).options).toEqual({ learningRate: 0.01, momentum: 0 });
    expect(dense({ units: 3, bias: false }).options).toMatchObject({
      units: 3,
      bias: false,
      activation: undefined,
    });
  });

  it('that are not known are refused, with the nearest name first', () => {
    expect(thrown(() => given(dense, { units: 3, activaton: relu() }))).toEqual({
      code: 'option',
      message:
        'dense has no option "activaton": it takes "activation", "trainable", "units", "bias", "name", "initializer", "regularizer", "rateMultiplier", "activityRegularizer"',
    });
    expect(thrown(() => given(relu, { slope: 1 })).message).toBe('relu has no option "slope": it takes none');
    expect(thrown(() => given(leakyRelu, { toString: 1 })).message).toMatch(
      /^leakyRelu has no option "toString"/,
    );
  });

  it('that must be given are missed', () => {
    const message = 'dense: units must be a whole number from 1, but got nothing';
    expect(thrown(() => given(dense, undefined))).toEqual({ code: 'option', message });
    expect(thrown(() => given(dense, {})).message).toBe(message);
    expect(thrown(() => given(dense, { units: undefined })).message).toBe(message);
  });

  it.each([
    [dense, { units: 2.5 }, 'dense: units must be a whole number from 1, but got 2.5'],
    [dense, { units: 0 }, 'dense: units must be a whole number from 1, but got 0'],
    [dense, { units: '10' }, 'dense: units must be a whole number from 1, but got "10"'],
    [dense, { units: null }, 'dense: units must be a whole number from 1, but got null'],
    [dense, { units: 1, bias: 1 }, 'dense: bias must be true or false, but got 1'],
    [dense, { units: 1, activation: 'relu' }, 'dense: activation must be an activation, but got "relu"'],
    [
      dense,
      { units: 1, activation: relu },
      'dense: activation must be an activation, but got the function relu: call it first',
    ],
    [dense, { units: 1, activation: sgd() }, /^dense: activation must be an activation, but got \{/],
    [dense, { units: 1, name: 'a.b' }, 'dense: name must be a name without dots, but got "a.b"'],
    [dense, { units: 1, name: '' }, 'dense: name must be a name without dots, but got ""'],
    [leakyRelu, { slope: Number.NaN }, 'leakyRelu: slope must be a number, but got NaN'],
    [leakyRelu, { slope: Infinity }, 'leakyRelu: slope must be a number, but got Infinity'],
    [sgd, { learningRate: -0.1 }, 'sgd: learningRate must be a number above 0 or a schedule, but got -0.1'],
    [sgd, { learningRate: 0 }, 'sgd: learningRate must be a number above 0 or a schedule, but got 0'],
    [sgd, { learningRate: 'halving' }, /a number above 0 or a schedule, but got "halving"$/],
    [sgd, 0.1, 'sgd takes its options as an object, but got 0.1'],
    [sgd, [0.1], 'sgd takes its options as an object, but got [0.1]'],
  ] as [unknown, unknown, string | RegExp][])(
    'that are wrong are refused: %#',
    (definition, options, message) => {
      const error = thrown(() => given(definition, options));
      expect(error.code).toBe('option');
      if (typeof message === 'string') expect(error.message).toBe(message);
      else expect(error.message).toMatch(message);
    },
  );

  it('may be plugins, and learning rates may be schedules', () => {
    const schedule = halving();
    expect(sgd({ learningRate: schedule }).learningRate).toBe(schedule);
    expect(dense({ units: 1, activation: relu() }).options.activation).toMatchObject({ type: 'relu' });
  });
});

describe('kinds of options', () => {
  const cases: [
    what: string,
    option: Option<unknown>,
    accepted: unknown[],
    refused: unknown[],
    takes: string,
  ][] = [
    ['number', option.number(1), [0, -5, 1e30], [NaN, Infinity, '1', null, true], 'a number'],
    [
      'number within limits',
      option.number(1, { minimum: 0, maximum: 2 }),
      [0, 2],
      [-0.1, 2.1],
      'a number from 0 up to 2',
    ],
    [
      'number between limits',
      option.number(1, { above: 0, below: 2 }),
      [0.1, 1.9],
      [0, 2],
      'a number above 0 below 2',
    ],
    ['whole number', option.number(1, { whole: true }), [-3, 0], [0.5], 'a whole number'],
    ['positive', option.positive(1), [1e-9], [0, -1], 'a number above 0'],
    ['nonNegative', option.nonNegative(1), [0, 3], [-1e-9], 'a number from 0'],
    ['fraction', option.fraction(0.5), [0, 0.999], [1, -0.1], 'a number from 0 below 1'],
    ['count', option.count(), [1, 7], [0, 1.5], 'a whole number from 1'],
    ['flag', option.flag(true), [true, false], [0, 'true'], 'true or false'],
    ['choice', option.choice('sum', ['sum', 'mean']), ['sum', 'mean'], ['max', 1], 'one of "sum", "mean"'],
    ['text', option.text(/^x/, 'an x'), ['x', 'xy'], ['y', 3], 'an x'],
    ['sizes', option.sizes(), [[1, 2], []], [[0], [1.5], 3, '12'], 'a list of whole numbers from 1'],
    [
      'numbers',
      option.numbers({ above: 0 }),
      [[1, 2.5]],
      [[], [0], ['1'], 1],
      'a list, each a number above 0',
    ],
    ['requiredPlugin', option.requiredPlugin('layer'), [dense({ units: 1 })], [relu(), dense], 'a layer'],
    ['plugin', option.plugin('activation'), [relu()], [relu, 'relu', halving()], 'an activation'],
    ['rate', option.rate(0.1), [0.5, halving()], [0, -1, relu()], 'a number above 0 or a schedule'],
  ];
  it.each(cases)('%s accepts what it takes', (_, entry, accepted, refused, takes) => {
    expect(accepted.filter((value) => !entry.accepts(value))).toEqual([]);
    expect(refused.filter((value) => entry.accepts(value))).toEqual([]);
    expect(entry.takes).toBe(takes);
  });

  it('must be given where they have no default to fall back on, and may be left out elsewhere', () => {
    const required = cases.filter(([, entry]) => entry.required).map(([what]) => what);
    expect(required).toEqual(['count', 'sizes', 'requiredPlugin']);
  });

  it('have limits for forms', () => {
    expect(option.fraction(0.5).limits).toEqual({ minimum: 0, maximum: 1, whole: false });
    expect(option.count().limits).toEqual({ minimum: 1, maximum: Infinity, whole: true });
  });

  it('may be written as their default', () => {
    expect(optionOf(3)).toMatchObject({ kind: 'number', default: 3, required: false });
    expect(optionOf(false)).toMatchObject({ kind: 'flag', default: false });
    const entry = option.positive(1);
    expect(optionOf(entry)).toBe(entry);
  });

  it('are all in the schema of a definition, those that every plugin of the kind has too', () => {
    const kinds = (schema: Schema) =>
      Object.fromEntries(Object.entries(schema).map(([name, entry]) => [name, optionOf(entry).kind]));
    expect(kinds(dense.schema)).toEqual({
      units: 'number',
      trainable: 'flag',
      rateMultiplier: 'number',
      activityRegularizer: 'plugin',
      activation: 'plugin',
      initializer: 'plugin',
      regularizer: 'plugin',
      bias: 'flag',
      name: 'text',
    });
    expect(kinds(momentum.schema)).toEqual({ learningRate: 'rate', momentum: 'number' });
  });
});

describe('resolveOptions', () => {
  it('takes no default for granted that the option itself would refuse as given', () => {
    const schema = { label: option.text(/^x/, 'an x') } as const;
    expect(resolveOptions('who', schema, {})).toEqual({ label: undefined });
    expect(() => resolveOptions('who', schema, { label: 'y' })).toThrow(
      /^who: label must be an x, but got "y"$/,
    );
  });
});

describe('definitions', () => {
  it('say what they make, and make it anew each time', () => {
    expect([leakyRelu.kind, leakyRelu.type, leakyRelu.name]).toEqual([
      'activation',
      'leakyRelu',
      'leakyRelu',
    ]);
    expect(leakyRelu({ slope: 0.2 })).toMatchObject({
      kind: 'activation',
      type: 'leakyRelu',
      options: { slope: 0.2 },
    });
    expect(leakyRelu()).not.toBe(leakyRelu());
  });

  it('of activations bring along what weights in front should begin as', () => {
    expect(relu().initializer).toMatchObject({ kind: 'initializer', type: 'heNormal' });
    expect(leakyRelu().initializer).toBeUndefined();
    const ones = initializer(
      'ones',
      {},
      () =>
        ({ shape, dtype }) =>
          constant(1, { shape, dtype }),
    );
    expect(activation('a', { c: 1 }, () => (x) => x, { initializer: ones() }).schema).toEqual({ c: 1 });
  });

  it('of layers take a name', () => {
    const copy = layer('copy', {}, () => ({ apply: (_, x) => x }));
    expect(copy({ name: 'mine' }).name).toBe('mine');
    expect(copy().name).toBeUndefined();
    expect(copy().neurons).toBeUndefined();
  });
});

describe('printValue', () => {
  it('shows a value as it would be written, cut short', () => {
    expect([undefined, null, 'x', 1, NaN, [1, 2], { a: 1 }].map(printValue)).toEqual([
      'nothing',
      'null',
      '"x"',
      '1',
      'NaN',
      '[1,2]',
      '{"a":1}',
    ]);
    expect(printValue('y'.repeat(100))).toHaveLength(58);
    expect(printValue(relu)).toBe('the function relu: call it first');
    expect(printValue(() => 0)).toBe('the function (without a name): call it first');
    expect(printValue(Symbol('s'))).toBe('Symbol(s)');
  });

  it('shows what cannot be written as JSON', () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    expect(printValue(circle)).toBe('[object Object]');
    expect(printValue(3n)).toBe('3');
  });
});
