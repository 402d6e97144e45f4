// Initial weights that are scaled by the data.
import { relu, tanh } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import {
  glorotUniform,
  lsuv,
  type Network,
  randomNormal,
  sequential,
  train,
  unitActivity,
} from '@neurite/core';
import { dense } from '@neurite/layers';
import { meanSquaredError } from '@neurite/losses';
import { sgd } from '@neurite/optimizers';
import { sampleNumbers } from '@neurite/testing';
import { describe, expect, test } from 'vitest';

const inputs = Float32Array.from(sampleNumbers(300 * 6, { seed: 1 }), (x) => 5 * x + 1);
const data = { inputs, targets: new Float32Array(300 * 4) };
const trainerOf = (network: Network) =>
  train(network, {
    loss: meanSquaredError(),
    optimizer: sgd({ learningRate: 1e-12 }),
    backend: cpu(),
    onWarning: () => {},
  });
const initializer = lsuv({ initializer: randomNormal({ standardDeviation: 0.03 }) });

/** Variance of what each dense layer makes before its activation, computed from the parameters. */
async function variances(network: Network, f: (x: number) => number): Promise<number[]> {
  const trainer = await trainerOf(network);
  await trainer.adapt(data);
  const parameters = await trainer.readParameters();
  let x: number[][] = Array.from({ length: 300 }, (_, row) => [...inputs.subarray(6 * row, 6 * row + 6)]);
  return network.layers.map(({ name, output: [units] }) => {
    const w = parameters[`${name}.weight`]!;
    const z = x.map((row) =>
      Array.from({ length: units! }, (_, j) => row.reduce((sum, v, i) => sum + v * w[i * units! + j]!, 0)),
    );
    const all = z.flat();
    const mean = all.reduce((a, b) => a + b) / all.length;
    x = z.map((row) => row.map(f));
    return all.reduce((sum, v) => sum + (v - mean) ** 2, 0) / all.length;
  });
}

describe('lsuv', () => {
  test.each([
    { name: 'tanh', activation: tanh(), f: Math.tanh },
    { name: 'relu', activation: relu(), f: (x: number) => Math.max(0, x) },
  ])('makes the scores of every layer have a variance of 1: $name', async ({ activation, f }) => {
    const hidden = { units: 20, activation, initializer };
    const network = sequential(
      [6],
      [dense(hidden), dense(hidden), dense(hidden), dense({ units: 4, initializer })],
    );
    for (const variance of await variances(network, f)) expect(variance).toBeCloseTo(1, 3);
  });

  test('is done by fit itself, once, before the first step', async () => {
    const network = sequential([6], [dense({ units: 4, initializer })]);
    const [fitted, adapted] = [await trainerOf(network), await trainerOf(network)];
    await fitted.fit(data, { batchSize: 300 });
    await adapted.adapt(data);
    await adapted.adapt({ ...data, inputs: data.inputs.map((x) => 100 * x) }); // changes nothing any more
    const [a, b] = [
      (await fitted.readParameters())['output.weight']!,
      (await adapted.readParameters())['output.weight']!,
    ];
    a.forEach((value, i) => {
      expect(value).toBeCloseTo(b[i]!, 6);
    });
  });

  test('leaves layers with other initializers, and parameters that were written, as they are', async () => {
    const network = sequential(
      [6],
      [dense({ units: 5, initializer: glorotUniform(), name: 'plain' }), dense({ units: 4, initializer })],
    );
    const trainer = await trainerOf(network);
    const before = await trainer.readParameters();
    trainer.writeParameters({ 'output.weight': before['output.weight']! });
    await trainer.adapt(data);
    expect(await trainer.readParameters()).toEqual(before);
    expect(await unitActivity(trainer, inputs)).toEqual([]);
  });

  test('of data that give nothing is harmless', async () => {
    const trainer = await trainerOf(sequential([6], [dense({ units: 4, initializer })]));
    const before = await trainer.readParameters();
    await trainer.adapt({ inputs: new Float32Array(60), targets: new Float32Array(40) });
    expect(await trainer.readParameters()).toEqual(before);
  });
});
