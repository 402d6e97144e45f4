// What each layer computes, declares and refuses.
import { cpu } from '@neurite/backend-cpu';
import {
  activation as defineActivation,
  evaluate,
  glorotUniform,
  heNormal,
  type Layer,
  NeuriteError,
  placeholder,
  regularizer,
  sequential,
  type Tensor,
  toData,
  train,
  zeros,
} from '@neurite/core';
import { checkGradient, computeOn, sampleNumbers } from '@neurite/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as layers from '../src/index.ts';
import { applied, parametersOf } from './support/applied.ts';
import { bend, decay, descent, sum } from './support/plugins.ts';

const { activation, dense, dropout, flatten } = layers;

/** The layer as a function of its input and its parameters, in the order in which it declares them. */
function asFunction(layer: Layer, input: readonly number[], training = true, seed = 1) {
  const specs = parametersOf(layer, input);
  const apply = (x: Tensor, ...values: Tensor[]): Tensor =>
    applied(layer, x, {
      values: Object.fromEntries(specs.map(({ name }, i) => [name, values[i]!])),
      training,
      seed,
    }).output;
  return { apply, shapes: specs.map(({ shape }) => shape) };
}

describe('gradients are those of central differences', () => {
  const seeds = fc.nat(10_000);
  const size = fc.integer({ min: 1, max: 5 });

  test('dense, for the input, the weights and the biases; with and without activation and bias', () => {
    fc.assert(
      fc.property(
        size,
        size,
        size,
        fc.boolean(),
        fc.boolean(),
        seeds,
        (batch, fanIn, units, bias, bent, seed) => {
          const layer = dense({ units, bias, activation: bent ? bend() : undefined });
          const { apply, shapes } = asFunction(layer, [fanIn]);
          expect(shapes).toEqual(bias ? [[fanIn, units], [units]] : [[fanIn, units]]);
          checkGradient(
            apply,
            [[batch, fanIn], ...shapes].map((shape) => ({ shape })),
            { seed },
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  const shape = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });
  test.each([
    { name: 'activation', layer: activation({ activation: bend() }) },
    { name: 'dropout with a fixed mask', layer: dropout({ rate: 0.4 }) },
    { name: 'flatten', layer: flatten() },
  ])('$name', ({ layer }) => {
    fc.assert(
      fc.property(shape, seeds, (input, seed) => {
        const { apply, shapes } = asFunction(layer, input, true, seed);
        expect(shapes).toEqual([]);
        checkGradient(apply, [{ shape: [3, ...input] }], { seed });
      }),
      { numRuns: 25 },
    );
  });
});

describe('dense', () => {
  /** Its weight and bias for `input`. */
  const specsOf = (layer: Layer, input: readonly number[] = [7]) => layer.parameters!(input);

  test('computes x W + b, examples in rows', async () => {
    const { apply } = asFunction(dense({ units: 2 }), [3]);
    const [x, w, b] = [placeholder('x', [2, 3]), placeholder('w', [3, 2]), placeholder('b', [2])];
    const inputs = { x: [1, 2, 3, 0, 0, 1], w: [1, 10, 2, 20, 3, 30], b: [0.5, -0.5] };
    expect([...evaluate([apply(x, w, b)], inputs)[0]!]).toEqual([14.5, 139.5, 3.5, 29.5]);
    expect([...(await computeOn(cpu(), [apply(x, w, b)], inputs))[0]!]).toEqual([14.5, 139.5, 3.5, 29.5]);
  });

  test('has a weight that a penalty falls on and a bias that it leaves alone', () => {
    const { weight, bias } = specsOf(dense({ units: 5 }));
    expect(weight).toMatchObject({
      shape: [7, 5],
      role: 'weight',
      fanIn: 7,
      fanOut: 5,
      regularizer: undefined,
    });
    expect(bias).toMatchObject({ shape: [5], role: 'bias', initializer: { type: 'zeros' } });
    expect(specsOf(dense({ units: 5, bias: false })).bias).toBeUndefined();
    expect(specsOf(dense({ units: 5, regularizer: decay() })).weight!.regularizer!.type).toBe('decay');
    expect(specsOf(dense({ units: 5, regularizer: decay() })).bias!.regularizer).toBeUndefined();
  });

  test('begins with what suits its activation, Glorot’s weights without one, or what it is told', () => {
    const initial = (layer: Layer) => toData(specsOf(layer).weight!.initializer);
    expect(initial(dense({ units: 5 }))).toEqual(toData(glorotUniform()));
    expect(initial(dense({ units: 5, activation: bend() }))).toEqual(toData(heNormal()));
    expect(initial(dense({ units: 5, activation: defineActivation('plain', (x) => x)() }))).toEqual(
      toData(glorotUniform()),
    );
    expect(initial(dense({ units: 5, activation: bend(), initializer: zeros() }))).toEqual(toData(zeros()));
  });

  test('initial weights have the spread that is promised, biases are 0', async () => {
    const spread = async (layer: Layer) => {
      const options = { loss: sum(), optimizer: descent(), backend: cpu(), seed: 4 };
      const parameters = await (await train(sequential([200], [layer]), options)).readParameters();
      expect(parameters['output.bias']!.every((b) => b === 0)).toBe(true);
      const weight = Array.from(parameters['output.weight']!);
      const mean = weight.reduce((a, b) => a + b) / weight.length;
      const variance = weight.reduce((a, w) => a + (w - mean) ** 2, 0) / weight.length;
      return { mean, deviation: Math.sqrt(variance), largest: Math.max(...weight.map(Math.abs)) };
    };
    // 200 · 50 draws: means within 4 σ / 100, deviations within a few percent.
    const he = await spread(dense({ units: 50, activation: bend() }));
    expect(Math.abs(he.mean)).toBeLessThan(0.04 * 0.1);
    expect(he.deviation / Math.sqrt(2 / 200)).toBeCloseTo(1, 1);
    expect(he.largest).toBeGreaterThan(3 * 0.1);
    const glorot = await spread(dense({ units: 50 }));
    const limit = Math.sqrt(6 / 250);
    expect(Math.abs(glorot.mean)).toBeLessThan((0.04 * limit) / Math.sqrt(3));
    expect(glorot.deviation / (limit / Math.sqrt(3))).toBeCloseTo(1, 1);
    expect(glorot.largest).toBeLessThanOrEqual(limit);
    expect(glorot.largest).toBeGreaterThan(0.99 * limit);
  });

  test('a regularizer of its own stands in for the training’s', async () => {
    const twice = regularizer('twice', {}, () => (w) => w.sum().mul(2));
    const network = sequential(
      [1],
      [dense({ units: 1, regularizer: twice(), name: 'own' }), dense({ units: 1, name: 'other' })],
    );
    const options = { loss: sum(), optimizer: descent(), backend: cpu(), regularizer: decay() };
    const trainer = await train(network, options);
    trainer.writeParameters({ 'own.weight': [1], 'other.weight': [3], 'own.bias': [5], 'other.bias': [7] });
    await trainer.step({ inputs: [0], targets: [0] });
    // Of the data: dw = 0 and db = 3 for the first, dw = 5 and db = 1 for the second.
    expect(await trainer.readParameters()).toEqual({
      'own.weight': Float32Array.of(1 - 2),
      'own.bias': Float32Array.of(5 - 3),
      'other.weight': Float32Array.of(3 - (5 + 2 * 3)),
      'other.bias': Float32Array.of(7 - 1),
    });
  });
});

describe('dropout', () => {
  test('in evaluation is the identity, the very tensor', async () => {
    const x = placeholder('x', [4, 3]);
    expect(applied(dropout({ rate: 0.9 }), x, { training: false }).output).toBe(x);
    const trainer = await train(sequential([50], [dropout({ rate: 0.9 })]), {
      loss: sum(),
      optimizer: descent(),
      backend: cpu(),
    });
    const inputs = Float32Array.from(sampleNumbers(200));
    expect(await trainer.predict(inputs)).toEqual(inputs);
    const total = inputs.reduce((a, b) => a + b) / 4;
    expect((await trainer.evaluate({ inputs, targets: inputs })).loss).toBeCloseTo(total, 5);
  });

  test('of rate 0 is the identity in training too', () => {
    const x = placeholder('x', [4, 3]);
    expect(applied(dropout({ rate: 0 }), x).output).toBe(x);
  });

  test.each([0, 0.1, 0.5, 0.9])(
    'of rate %d has the input as its mean over 100,000 masks, within 4 sigma',
    async (rate) => {
      const [masks, values] = [100_000, [1, -2.5, 1000]];
      const x = placeholder('x', [3]);
      const y = applied(dropout({ rate }), x.broadcastTo([masks, 3])).output;
      const [mean, kept] = await computeOn(cpu(), [y.mean(0), y.notEqual(0).cast('float32').mean(0)], {
        x: values,
      });
      values.forEach((value, i) => {
        // One mask gives value / (1 − rate) with probability 1 − rate, else 0: variance value² · rate / (1 − rate).
        const sigma = Math.abs(value) * Math.sqrt(rate / (1 - rate) / masks);
        expect(Math.abs(mean![i]! - value)).toBeLessThanOrEqual(4 * sigma + 1e-6 * Math.abs(value));
        expect(Math.abs(kept![i]! - (1 - rate))).toBeLessThanOrEqual(
          4 * Math.sqrt((rate * (1 - rate)) / masks) + 1e-6,
        );
      });
    },
  );

  test('gives 0 or x / (1 − rate), and nothing else', async () => {
    const x = placeholder('x', [1000], { dtype: 'float64' });
    const y = applied(dropout({ rate: 0.2 }), x).output;
    const [results] = await computeOn(cpu(), [y], { x: new Float64Array(1000).fill(3) });
    expect(new Set(results)).toEqual(new Set([0, 3 / 0.8]));
  });

  test('masks differ between seeds, and neighbours in them have nothing to do with each other', async () => {
    const count = 20_000;
    const mask = async (seed: number) => {
      const y = applied(dropout(), placeholder('x', [count]), { seed }).output;
      return Array.from(
        (await computeOn(cpu(), [y], { x: new Float32Array(count).fill(1) }))[0]!,
        (v) => v - 1,
      );
    };
    const [a, b] = [await mask(1), await mask(2)];
    const correlation = (p: readonly number[], q: readonly number[], lag: number) =>
      p.slice(lag).reduce((total, v, i) => total + v * q[i]!, 0) / count;
    for (const value of [correlation(a, b, 0), ...[1, 2, 3, 16, 4096].map((lag) => correlation(a, a, lag))]) {
      expect(Math.abs(value)).toBeLessThan(4 / Math.sqrt(count));
    }
  });
});

describe('flatten', () => {
  test('makes rows of images, in order', async () => {
    const x = placeholder('x', [2, 2, 3]);
    const y = applied(flatten(), x).output;
    expect(y.shape).toEqual([2, 6]);
    const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    expect([...(await computeOn(cpu(), [y], { x: numbers }))[0]!]).toEqual(numbers);
  });

  test('leaves rows as they are', () => {
    const x = placeholder('x', [5, 3]);
    expect(applied(flatten(), x).output).toBe(x);
  });
});

describe('mistakes', () => {
  const messageOf = (make: () => unknown): string => {
    try {
      make();
    } catch (error) {
      expect(error).toBeInstanceOf(NeuriteError);
      return (error as NeuriteError).message;
    }
    throw new Error('nothing was thrown');
  };

  test('dense on images says to flatten them, and is called by its name', () => {
    const message = (name?: string) =>
      messageOf(() => sequential([28, 28], [dense({ units: 128, name }), dense({ units: 10 })]));
    expect(message()).toBe(
      'dense "hidden1" takes [batch, n], but got [batch, 28, 28]: add flatten() before it',
    );
    expect(message('eyes')).toBe(
      'dense "eyes" takes [batch, n], but got [batch, 28, 28]: add flatten() before it',
    );
    expect(() => sequential([28, 28], [flatten(), dense({ units: 10 })])).not.toThrow();
  });

  test('dense on single numbers is refused as well', () => {
    expect(messageOf(() => sequential([], [dense({ units: 1 })]))).toBe(
      'dense "output" takes [batch, n], but got [batch]: add flatten() before it',
    );
  });

  test('an activation layer without an activation says what it wants', () => {
    const message = 'activation: activation must be given, such as relu()';
    expect(messageOf(() => activation())).toBe(message);
    expect(messageOf(() => activation({}))).toBe(message);
  });

  test('a definition that nobody called is named', () => {
    expect(messageOf(() => sequential([2], [flatten as never]))).toBe(
      'sequential takes layers, but number 1 is the function flatten: call it first',
    );
  });

  test('two layers of one name, and names with dots, are refused', () => {
    expect(
      messageOf(() => sequential([2], [dense({ units: 2, name: 'a' }), dense({ units: 2, name: 'a' })])),
    ).toBe('two layers are called "a": give one of them another name');
    expect(messageOf(() => dense({ units: 2, name: 'a.b' }))).toBe(
      'dense: name must be a name without dots, but got "a.b"',
    );
  });
});

describe('names', () => {
  test('neurons make hidden layers and an output; others are called by their type', () => {
    const network = sequential(
      [2, 3],
      [
        flatten(),
        dense({ units: 4 }),
        activation({ activation: bend() }),
        dropout(),
        dense({ units: 4, name: 'middle' }),
        dropout(),
        dense({ units: 4 }),
        dense({ units: 2 }),
        flatten(),
      ],
    );
    expect(network.layers.map(({ name }) => name)).toEqual([
      'flatten1',
      'hidden1',
      'activation1',
      'dropout1',
      'middle',
      'dropout2',
      'hidden2',
      'output',
      'flatten2',
    ]);
    expect(network.parameters.map(({ name }) => name).slice(0, 4)).toEqual([
      'hidden1.weight',
      'hidden1.bias',
      'middle.weight',
      'middle.bias',
    ]);
  });

  test('each layer is called what its export is called', () => {
    for (const [name, definition] of Object.entries(layers)) expect(definition.type).toBe(name);
  });
});
