// Layers that work with means and variances: of a batch, of rows, of the training data.
import { cpu } from '@neurite/backend-cpu';
import { glorotUniform, placeholder, registry, train } from '@neurite/core';
import { computeOn, sampleNumbers } from '@neurite/testing';
import { describe, expect, test } from 'vitest';
import * as layers from '../src/index.ts';
import { applied } from './support/applied.ts';
import { descent, squares, sum } from './support/plugins.ts';
import { column, mean, variance } from './support/statistics.ts';
import { trainerOf } from './support/trainerOf.ts';

const { batchNorm, dense, layerNorm, rmsNorm, standardize } = layers;

describe('batchNorm', () => {
  const inputs = sampleNumbers(8 * 2, { seed: 6, low: -3, high: 7 });
  const data = { inputs, targets: new Float32Array(16) };
  const momentum = 0.25;

  test('makes mean 0 and variance 1 of a batch, and remembers what the batch was like', async () => {
    const one = await trainerOf([2], [batchNorm({ momentum, epsilon: 1e-12 })], { dtype: 'float64' });
    expect(await one.readLayerState()).toEqual({
      'batchNorm1.mean': Float64Array.of(0, 0),
      'batchNorm1.variance': Float64Array.of(1, 1),
    });
    await one.fit(data, { epochs: 1, batchSize: 8 });
    const kept = await one.readLayerState();
    for (const j of [0, 1]) {
      const own = column(inputs, 2, j);
      expect(kept['batchNorm1.mean']![j]).toBeCloseTo(momentum * mean(own), 13);
      const unbiased = (variance(own) * 8) / 7;
      expect(kept['batchNorm1.variance']![j]).toBeCloseTo(1 - momentum + momentum * unbiased, 13);
    }
    const x = placeholder('x', [8, 2], { dtype: 'float64' });
    const affine = { scale: placeholder('scale', [2], { dtype: 'float64' }), offset: x.mean(0).mul(0) };
    const { output } = applied(batchNorm({ epsilon: 1e-12 }), x, {
      values: { ...affine, mean: affine.scale, variance: affine.scale },
    });
    const [y] = await computeOn(cpu(), [output], { x: inputs, scale: [1, 1] });
    for (const j of [0, 1]) {
      expect(mean(column(y!, 2, j))).toBeCloseTo(0, 13);
      expect(variance(column(y!, 2, j))).toBeCloseTo(1, 10);
    }
  });

  test('evaluates with what it remembers, whatever the batch', async () => {
    const one = await trainerOf([2], [batchNorm({ affine: false })], { dtype: 'float64' });
    one.writeLayerState({ 'batchNorm1.mean': [1, -2], 'batchNorm1.variance': [4, 0.25] });
    const rows = [3, -1, 5, 0];
    const deviations = [4, 0.25].map((v) => Math.sqrt(v + 1e-5));
    const wanted = rows.map((x, i) => (x - [1, -2][i % 2]!) / deviations[i % 2]!);
    expect([...(await one.predict(rows))]).toEqual(wanted);
    expect([...(await one.predict(rows.slice(2)))]).toEqual(wanted.slice(2));
    const { loss } = await one.evaluate({ inputs: rows, targets: rows });
    expect(loss).toBeCloseTo(2 * mean(wanted), 12);
    expect((await one.readLayerState())['batchNorm1.mean']).toEqual(Float64Array.of(1, -2));
  });

  test('learns running statistics that evaluate a data set as its batches were seen', async () => {
    const rows = 64;
    const numbers = sampleNumbers(rows * 3, { seed: 9, low: 4, high: 8 });
    const set = { inputs: numbers, targets: new Float32Array(rows * 3) };
    const one = await trainerOf([3], [batchNorm({ affine: false })], { loss: squares() });
    await one.fit(set, { epochs: 120, batchSize: rows });
    const y = await one.predict(numbers);
    for (const j of [0, 1, 2]) {
      expect(mean(column(y, 3, j))).toBeCloseTo(0, 2);
      expect(variance(column(y, 3, j))).toBeCloseTo(1, 1);
    }
  });

  test('takes the running statistics for a batch of 1, and leaves them', async () => {
    const one = await trainerOf([2], [batchNorm()]);
    const state = { 'batchNorm1.mean': [1, 2], 'batchNorm1.variance': [4, 9] };
    one.writeLayerState(state);
    const loss = await one.step({ inputs: [3, 8], targets: [0, 0] });
    expect(loss).toBeCloseTo(1 + 2, 4);
    expect(await one.readLayerState()).toEqual({
      'batchNorm1.mean': Float32Array.of(1, 2),
      'batchNorm1.variance': Float32Array.of(4, 9),
    });
    // Scales learn from it as they would from any other row.
    expect((await one.readParameters())['batchNorm1.scale']![1]).toBeCloseTo(1 - 0.1 * 2, 5);
  });

  test('survives a last batch of 1', async () => {
    const one = await trainerOf([2], [batchNorm()], { loss: squares() });
    await one.fit(data, { epochs: 3, batchSize: 7 });
    for (const values of Object.values({ ...(await one.readLayerState()), ...(await one.readParameters()) }))
      expect(values.every(Number.isFinite)).toBe(true);
  });

  test('takes statistics of a batch of 1 where an example has several rows', async () => {
    const one = await trainerOf([4, 2], [batchNorm({ momentum: 1 })]);
    const x = inputs.slice(0, 8);
    await one.step({ inputs: x, targets: new Float32Array(8) });
    const kept = await one.readLayerState();
    expect(kept['batchNorm1.mean']![0]).toBeCloseTo(mean(column(x, 2, 0)), 5);
  });

  test('that is not trainable keeps its state and its parameters, and works as in evaluation', async () => {
    const chain = [dense({ units: 2, name: 'first' }), batchNorm({ trainable: false, name: 'norm' })];
    const one = await trainerOf([2], chain, { loss: squares() });
    one.writeLayerState({ 'norm.mean': [1, 2], 'norm.variance': [4, 9] });
    const before = await one.readParameters();
    const { loss } = await one.evaluate(data);
    expect(await one.step(data)).toBeCloseTo(loss!, 5);
    await one.fit(data, { epochs: 2, batchSize: 4 });
    expect(await one.readLayerState()).toEqual({
      'norm.mean': Float32Array.of(1, 2),
      'norm.variance': Float32Array.of(4, 9),
    });
    const after = await one.readParameters();
    expect(after['norm.scale']).toEqual(before['norm.scale']);
    expect(after['norm.offset']).toEqual(before['norm.offset']);
    expect(after['first.weight']).not.toEqual(before['first.weight']);
  });

  test('goes on from a snapshot as if nothing had been between', async () => {
    const [a, b] = [await trainerOf([2], [batchNorm()]), await trainerOf([2], [batchNorm()])];
    await a.step(data);
    b.restore(await a.snapshot());
    await a.step(data);
    await b.step(data);
    expect(await b.readLayerState()).toEqual(await a.readLayerState());
  });
});

describe('normalizations of rows', () => {
  const x = sampleNumbers(12, { seed: 2, low: 3, high: 9 });
  test('layerNorm gives rows of mean 0 and variance 1, rmsNorm of mean square 1; the same in evaluation', async () => {
    for (const [layer, square] of [
      [layerNorm(), 1],
      [rmsNorm(), undefined],
    ] as const) {
      const one = await trainerOf([4], [layer], { dtype: 'float64' });
      const y = await one.predict(x);
      for (const row of [0, 1, 2]) {
        const own = y.slice(row * 4, row * 4 + 4);
        expect(mean(own.map((v) => v * v))).toBeCloseTo(1, 4);
        if (square) expect(mean(own)).toBeCloseTo(0, 12);
      }
      expect(await one.step({ inputs: x, targets: x })).toBeCloseTo(4 * mean(y), 12);
    }
  });

  test('rows of equal numbers become the offset, rows of zeros stay zeros', async () => {
    for (const [layer, row] of [
      [layerNorm(), [5, 5, 5]],
      [rmsNorm(), [0, 0, 0]],
    ] as const) {
      const one = await trainerOf([3], [layer]);
      expect([...(await one.predict([row]))]).toEqual([0, 0, 0]);
      await one.step({ inputs: [row], targets: [row] });
      for (const values of Object.values(await one.readParameters()))
        expect(values.every(Number.isFinite)).toBe(true);
    }
  });
});

describe('standardize', () => {
  const rows = 50;
  const constantHere = 0.1; // 50 of them do not add up to 5
  const inputs = Array.from({ length: rows }, (_, i) => [
    1000 + sampleNumbers(1, { seed: i })[0]!,
    constantHere,
    i % 5,
  ]);
  const data = { inputs, targets: inputs };
  const flat = inputs.flat();

  test('is the identity before it has seen data', async () => {
    const one = await trainerOf([3], [standardize()]);
    expect(await one.predict(flat)).toEqual(Float32Array.from(flat));
  });

  test('takes mean and deviation from the data before the first step, and keeps them', async () => {
    const one = await trainerOf([3], [standardize()]);
    await one.adapt(data);
    const kept = await one.readLayerState();
    for (const j of [0, 2]) {
      const own = column(Float32Array.from(flat), 3, j);
      const centre = mean(own);
      const deviation = Math.sqrt(mean(own.map((v) => (v - centre) ** 2)));
      expect(Math.abs(kept['standardize1.mean']![j]! - centre)).toBeLessThan(1e-6 * Math.abs(centre));
      expect(kept['standardize1.standardDeviation']![j]! / deviation).toBeCloseTo(1, 5);
    }
    const y = await one.predict(flat);
    for (const j of [0, 2]) {
      expect(mean(column(y, 3, j))).toBeCloseTo(0, 3);
      expect(variance(column(y, 3, j))).toBeCloseTo(1, 3);
    }
    await one.fit({ inputs: inputs.slice(0, 9), targets: inputs.slice(0, 9) }, { epochs: 2, batchSize: 3 });
    expect(await one.readLayerState()).toEqual(kept);
  });

  test.each(['float32', 'float64'] as const)(
    'makes 0 of a feature that is constant, and NaN of none, in %s',
    async (dtype) => {
      const one = await trainerOf([3], [standardize()], { dtype });
      await one.fit(data, { epochs: 1, batchSize: 10 });
      expect((await one.readLayerState())['standardize1.standardDeviation']![1]).toBe(0);
      expect(new Set(column(await one.predict(flat), 3, 1))).toEqual(new Set([0]));
      expect((await one.predict([1000, 7, 2]))[1]).toBe(0);
      const single = await trainerOf([2], [standardize()]);
      await single.fit({ inputs: [[3, 4]], targets: [[0, 0]] }, { epochs: 1, batchSize: 1 });
      expect([...(await single.predict([3, 4]))]).toEqual([0, 0]);
    },
  );

  test('lets gradients through, none where a feature is constant', async () => {
    const one = await trainerOf([3], [dense({ units: 3, name: 'first', bias: false }), standardize()]);
    one.writeParameters({ 'first.weight': [1, 0, 0, 0, 0, 0, 0, 0, 1] });
    await one.fit(data, { epochs: 1, batchSize: rows });
    const weight = (await one.readParameters())['first.weight']!;
    expect(weight.every(Number.isFinite)).toBe(true);
    expect(weight[1]).toBe(0);
    expect(weight[0]).not.toBe(1);
  });

  test('is saved as state: a network that gets it computes the same', async () => {
    const one = await trainerOf([3], [standardize(), dense({ units: 2 })], { loss: sum() });
    await one.fit({ inputs, targets: new Float32Array(rows * 2) }, { epochs: 1 });
    const network = registry()
      .use(layers, glorotUniform)
      .network(JSON.parse(JSON.stringify(one.network)));
    const other = await train(network, { loss: sum(), optimizer: descent(), backend: cpu() });
    other.writeParameters(await one.readParameters());
    expect(await other.predict(flat)).not.toEqual(await one.predict(flat));
    other.writeLayerState(await one.readLayerState());
    expect(await other.predict(flat)).toEqual(await one.predict(flat));
  });

  test('counts every axis but the last', async () => {
    const one = await trainerOf([2, 2], [standardize()], { dtype: 'float64' });
    await one.adapt({ inputs: [1, 10, 3, 30, 5, 50, 7, 70], targets: new Float32Array(8) });
    const kept = await one.readLayerState();
    expect([...kept['standardize1.mean']!]).toEqual([4, 40]);
    expect([...kept['standardize1.standardDeviation']!]).toEqual([Math.sqrt(5), Math.sqrt(500)]);
  });
});
