// What the other layers of the family compute and declare, what they refuse, and the way through data.
import { cpu } from '@neurite/backend-cpu';
import {
  evaluate,
  filled,
  grad,
  type Layer,
  NeuriteError,
  ones,
  placeholder,
  randomNormal,
  registry,
  sequential,
  toData,
  zeros,
} from '@neurite/core';
import { computeOn, sampleNumbers } from '@neurite/testing';
import { describe, expect, test } from 'vitest';
import * as layers from '../src/index.ts';
import { applied, parametersOf } from './support/applied.ts';
import { bend, decay, descent, halved, squares } from './support/plugins.ts';
import { mean, variance } from './support/statistics.ts';
import { titled } from './support/titled.ts';
import { trainerOf } from './support/trainerOf.ts';

const {
  activation,
  alphaDropout,
  batchNorm,
  dense,
  dropout,
  embedding,
  flatten,
  gaussianDropout,
  gaussianNoise,
  layerNorm,
  maxout,
  prelu,
  rescale,
  reshape,
  rmsNorm,
  standardize,
} = layers;

describe('small ones', () => {
  const compute = async (layer: Layer, x: readonly number[], shape: readonly number[]) => {
    const { output } = applied(layer, placeholder('x', shape, { dtype: 'float64' }));
    return { shape: output.shape, y: Array.from((await computeOn(cpu(), [output], { x }))[0]!) };
  };

  test('rescale: x · scale + offset', async () => {
    expect((await compute(rescale({ scale: 2, offset: -1 }), [1, 2, -3], [3])).y).toEqual([1, 3, -7]);
    expect((await compute(rescale({ scale: 0.5 }), [1, 2], [1, 2])).y).toEqual([0.5, 1]);
    expect((await compute(rescale(), [1, 2], [2, 1])).y).toEqual([1, 2]);
  });

  test('reshape: the same numbers in the same order', async () => {
    const x = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    expect(await compute(reshape({ sizes: [3, 2] }), x, [2, 6])).toEqual({ shape: [2, 3, 2], y: x });
    expect((await compute(reshape({ sizes: [6] }), x, [2, 3, 2])).shape).toEqual([2, 6]);
    expect((await compute(reshape({ sizes: [] }), x, [12, 1])).shape).toEqual([12]);
    expect((await compute(reshape({ sizes: [1] }), x, [12])).shape).toEqual([12, 1]);
    expect(sequential([6], [reshape({ sizes: [2, 3] })]).output).toEqual([2, 3]);
  });

  test('prelu: slopes begin as told, are learned and left alone by penalties', async () => {
    const one = await trainerOf([2], [prelu({ slope: 0.5, name: 'p' })], { regularizer: decay() });
    expect([...(await one.predict([-2, 4]))]).toEqual([-1, 4]);
    await one.step({ inputs: [-2, 4], targets: [0, 0] });
    expect([...(await one.readParameters())['p.slope']!]).toEqual([Math.fround(0.5 + 0.1 * 2), 0.5]);
    const [only] = parametersOf(prelu(), [3, 7]);
    expect(only).toMatchObject({ name: 'slope', shape: [7], role: 'bias' });
    expect(toData(only!.initializer)).toEqual({ type: 'filled', value: 0.25 });
  });

  test('prelu: at 0 the slope is that of the left side, as in PyTorch', () => {
    const x = placeholder('x', [1, 1], { dtype: 'float64' });
    const slope = placeholder('slope', [1], { dtype: 'float64' });
    const { output } = applied(prelu(), x, { values: { slope } });
    expect(evaluate(grad(output.sum(), [x, slope]), { x: [0], slope: [0.25] })).toEqual([
      Float64Array.of(0.25),
      Float64Array.of(0),
    ]);
  });

  test('maxout: the largest piece of each unit, whose columns lie side by side', async () => {
    const one = await trainerOf([1], [maxout({ units: 2, pieces: 3 })]);
    one.writeParameters({ 'output.weight': [1, -1, 0, 2, 3, 4], 'output.bias': [0, 0, 5, 0, 0, 0] });
    expect([...(await one.predict([[6], [-6], [1]]))]).toEqual([6, 24, 6, -12, 5, 4]);
    const [weight, bias] = parametersOf(maxout({ units: 2, pieces: 3, regularizer: decay() }), [4]);
    expect(weight).toMatchObject({ shape: [4, 6], role: 'weight', fanIn: 4, fanOut: 2 });
    expect([weight!.regularizer!.type, bias!.regularizer]).toEqual(['decay', undefined]);
    expect(bias).toMatchObject({ shape: [6], role: 'bias' });
    expect(parametersOf(maxout({ units: 2, bias: false }), [4]).map(({ name }) => name)).toEqual(['weight']);
    expect(sequential([4], [maxout({ units: 2 }), dense({ units: 1 })]).layers[0]!.name).toBe('hidden1');
  });

  test('maxout of one piece is dense', async () => {
    const both = await Promise.all(
      [maxout({ units: 3, pieces: 1 }), dense({ units: 3 })].map((layer) => trainerOf([4], [layer])),
    );
    const x = sampleNumbers(8);
    expect(await both[0]!.predict(x)).toEqual(await both[1]!.predict(x));
  });

  test('a scale and an offset are where they are asked for', () => {
    for (const make of [batchNorm, layerNorm, rmsNorm]) {
      const own = parametersOf(make(), [2, 5]);
      expect(own.map(({ name }) => name)).toEqual(make === rmsNorm ? ['scale'] : ['scale', 'offset']);
      own.forEach((spec, i) => {
        expect(spec).toMatchObject({ shape: [5], role: 'bias' });
        expect(toData(spec.initializer)).toEqual(toData([ones(), zeros()][i]!));
      });
      expect(parametersOf(make({ affine: false }), [5])).toEqual([]);
    }
  });
});

describe('embedding', () => {
  const weight = [1, 2, 10, 20, 100, 200];

  test('gives the row of each number, for single numbers and for lists', async () => {
    const one = await trainerOf([3], [embedding({ count: 3, size: 2, name: 'e' })]);
    one.writeParameters({ 'e.weight': weight });
    expect(one.network.output).toEqual([3, 2]);
    expect([...(await one.predict([2, 0, 2]))]).toEqual([100, 200, 1, 2, 100, 200]);
    const single = await trainerOf([], [embedding({ count: 3, size: 2, name: 'e' })]);
    single.writeParameters({ 'e.weight': weight });
    expect(single.network.output).toEqual([2]);
    expect([...(await single.predict([1, 2]))]).toEqual([10, 20, 100, 200]);
  });

  test('moves the rows that were chosen, as often as they were', async () => {
    const one = await trainerOf([2], [embedding({ count: 3, size: 2, name: 'e' })], {
      optimizer: descent({ learningRate: 1 }),
    });
    one.writeParameters({ 'e.weight': weight });
    await one.step({ inputs: [2, 2], targets: [0, 0, 0, 0] });
    expect([...(await one.readParameters())['e.weight']!]).toEqual([1, 2, 10, 20, 98, 198]);
  });

  test('makes NaN of what is no row, for whoever looks, and says so in training', async () => {
    const notFinite = 'the loss is no finite number at step';
    const one = await trainerOf([1], [embedding({ count: 3, size: 2 })]);
    const y = await one.predict([-1, 3, 0.5, 1e12, -1e12, 2]);
    expect([...y.subarray(0, 10)].every(Number.isNaN)).toBe(true);
    expect([...y.subarray(10)].every(Number.isFinite)).toBe(true);
    await expect(one.step({ inputs: [3], targets: [0, 0] })).rejects.toThrow(notFinite);
    const fit = one.fit({ inputs: [1, 3], targets: [0, 0, 0, 0] }, { epochs: 1, batchSize: 2 });
    await expect(fit).rejects.toThrow(notFinite);
  });

  test('begins normal, and is what penalties fall on', async () => {
    const [only] = parametersOf(embedding({ count: 40, size: 50 }), [3]);
    expect(only).toMatchObject({ shape: [40, 50], role: 'weight' });
    expect(toData(only!.initializer)).toEqual(toData(randomNormal()));
    const values = (
      await (await trainerOf([1], [embedding({ count: 40, size: 50, name: 'e' })])).readParameters()
    )['e.weight']!;
    expect(Math.abs(mean(values))).toBeLessThan(4 / Math.sqrt(2000));
    expect(Math.abs(variance(values) - 1)).toBeLessThan(4 * Math.sqrt(2 / 2000));
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

  test.each(
    [
      prelu(),
      batchNorm(),
      batchNorm({ affine: false }),
      layerNorm(),
      layerNorm({ affine: false }),
      rmsNorm(),
      rmsNorm({ affine: false }),
      standardize(),
    ].map(titled),
  )('$title wants features', ({ layer }) => {
    expect(messageOf(() => sequential([], [layer]))).toBe(
      `${layer.type} "${layer.type}1" takes [batch, …, features], but got [batch]: add reshape({ sizes: [1] }) before it`,
    );
    expect(() => sequential([], [reshape({ sizes: [1] }), layer])).not.toThrow();
  });

  test('reshape names both shapes', () => {
    expect(messageOf(() => sequential([5], [reshape({ sizes: [3, 4] })]))).toBe(
      'reshape "reshape1" makes [batch, 3, 4], 12 numbers for each example, but got [batch, 5], 5 numbers: choose sizes whose product is 5',
    );
    expect(messageOf(() => reshape({ sizes: [2, 0] }))).toBe(
      'reshape: sizes must be a list of whole numbers from 1, but got [2,0]',
    );
  });

  test('maxout wants rows', () => {
    expect(messageOf(() => sequential([2, 3], [maxout({ units: 2 })]))).toBe(
      'maxout "output" takes [batch, n], but got [batch, 2, 3]: add flatten() before it',
    );
  });

  test.each<[string, () => unknown, string]>([
    ['maxout', () => maxout({ units: 0 }), 'units must be a whole number from 1, but got 0'],
    ['maxout', () => maxout({ units: 2, pieces: 1.5 }), 'pieces must be a whole number from 1, but got 1.5'],
    ['alphaDropout', () => alphaDropout({ rate: 1 }), 'rate must be a number from 0 below 1, but got 1'],
    [
      'gaussianDropout',
      () => gaussianDropout({ rate: 1 }),
      'rate must be a number from 0 below 1, but got 1',
    ],
    [
      'gaussianNoise',
      () => gaussianNoise({ standardDeviation: -1 }),
      'standardDeviation must be a number from 0, but got -1',
    ],
    ['batchNorm', () => batchNorm({ momentum: 2 }), 'momentum must be a number from 0 up to 1, but got 2'],
    ['batchNorm', () => batchNorm({ epsilon: 0 }), 'epsilon must be a number above 0, but got 0'],
    ['layerNorm', () => layerNorm({ epsilon: 0 }), 'epsilon must be a number above 0, but got 0'],
    ['rmsNorm', () => rmsNorm({ epsilon: 0 }), 'epsilon must be a number above 0, but got 0'],
    [
      'embedding',
      () => embedding({ count: 2 } as never),
      'size must be a whole number from 1, but got nothing',
    ],
  ])('%s refuses options that make no sense: %3$s', (type, make, message) => {
    expect(messageOf(make)).toBe(`${type}: ${message}`);
  });
});

test('options are those of PyTorch, Keras and the papers by default', () => {
  const own = (options: object) =>
    Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const few = [
    alphaDropout(),
    batchNorm(),
    dropout(),
    gaussianDropout(),
    gaussianNoise(),
    layerNorm(),
    maxout({ units: 1 }),
    prelu(),
    rescale(),
    rmsNorm(),
  ];
  expect(Object.fromEntries(few.map(({ type, options }) => [type, own(options)]))).toEqual({
    alphaDropout: { rate: 0.5 },
    batchNorm: { momentum: 0.1, epsilon: 1e-5, affine: true },
    dropout: { rate: 0.5 },
    gaussianDropout: { rate: 0.5 },
    gaussianNoise: { standardDeviation: 0.1 },
    layerNorm: { epsilon: 1e-5, affine: true },
    maxout: { units: 1, pieces: 2, bias: true },
    prelu: { slope: 0.25 },
    rescale: { scale: 1, offset: 0 },
    rmsNorm: { affine: true },
  });
});

/** One of each, with options that differ from what they are by default where there are any. */
const every: Record<keyof typeof layers, Layer> = {
  activation: activation({ activation: bend() }),
  alphaDropout: alphaDropout({ rate: 0.2 }),
  batchNorm: batchNorm({ momentum: 0.2, epsilon: 0.01, affine: false }),
  dense: dense({ units: 3, bias: false }),
  dropout: dropout({ rate: 0.2 }),
  embedding: embedding({ count: 4, size: 3, initializer: filled({ value: 2 }), constraint: halved() }),
  flatten: flatten(),
  gaussianDropout: gaussianDropout({ rate: 0.2 }),
  gaussianNoise: gaussianNoise({ standardDeviation: 0.2 }),
  layerNorm: layerNorm({ epsilon: 0.01, affine: false }),
  maxout: maxout({ units: 3, pieces: 4, bias: false, regularizer: decay() }),
  prelu: prelu({ slope: 0.1 }),
  rescale: rescale({ scale: 2, offset: 1 }),
  reshape: reshape({ sizes: [1, 3] }),
  rmsNorm: rmsNorm({ epsilon: 0.01, affine: false }),
  standardize: standardize(),
};

test.each(Object.values(every))('$type comes back from JSON', (layer) => {
  const network = sequential([3], [layer]);
  const data = JSON.parse(JSON.stringify(network));
  const known = registry().use(layers, bend, decay, halved, filled);
  const again = known.network(data);
  expect(JSON.parse(JSON.stringify(again))).toEqual(data);
  expect(toData(again.layers[0]!.layer)).toEqual({ ...toData(layer), name: network.layers[0]!.name });
  expect(again.parameters.map(({ name, shape }) => [name, shape])).toEqual(
    network.parameters.map(({ name, shape }) => [name, shape]),
  );
});

test('each can be made by name, with what must be given', () => {
  const given: Record<string, object> = {
    activation: { activation: 'bend' },
    dense: { units: 2 },
    embedding: { count: 2, size: 2 },
    maxout: { units: 2 },
    reshape: { sizes: [3] },
  };
  const known = registry().use(layers, bend);
  for (const type of Object.keys(every)) {
    const network = known.network({ input: [3], layers: [{ type, ...given[type] }] } as never);
    expect(network.layers[0]!.layer.type).toBe(type);
  }
});

test('a deep chain of all of them trains, in float32, with batches of any size', async () => {
  const chain: readonly Layer[] = [
    standardize(),
    gaussianNoise(),
    maxout({ units: 6 }),
    batchNorm(),
    prelu(),
    gaussianDropout({ rate: 0.1 }),
    reshape({ sizes: [2, 3] }),
    layerNorm(),
    flatten(),
    alphaDropout({ rate: 0.1 }),
    rmsNorm(),
    rescale({ scale: 0.5 }),
    dense({ units: 1 }),
  ];
  const inputs = sampleNumbers(41 * 4, { seed: 8, low: 50, high: 60 });
  const targets = Array.from({ length: 41 }, (_, i) => Math.sign(inputs[i * 4]! - 55));
  const one = await trainerOf([4], chain, { loss: squares(), seed: 2 });
  const before = (await one.evaluate({ inputs, targets })).loss!;
  await one.fit({ inputs, targets }, { epochs: 60, batchSize: 8 });
  const { loss } = await one.evaluate({ inputs, targets });
  expect(loss).toBeLessThan(before / 2);
  expect(loss).toBeLessThan(0.4);
});
