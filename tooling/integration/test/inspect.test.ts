// Looking into a training: what each layer makes of examples, and the gradient of the loss.
import { relu, tanh } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { wasm } from '@neurite/backend-wasm';
import { gradients, layerOutputs, sequential, type Trainer, train } from '@neurite/core';
import { dense, dropout } from '@neurite/layers';
import { meanSquaredError } from '@neurite/losses';
import { sgd } from '@neurite/optimizers';
import { l2 } from '@neurite/regularizers';
import { describe, expect, it } from 'vitest';

const numbers = (count: number, scale = 1): number[] =>
  Array.from({ length: count }, (_, i) => scale * Math.sin(i * 1.7 + 0.3));

const training = (rate = 0.1, backend = cpu(), dtype: 'float32' | 'float64' = 'float64'): Promise<Trainer> =>
  train(
    sequential(
      [3],
      [
        dense({ units: 4, activation: tanh() }),
        dropout({ rate: 0.5 }),
        dense({ units: 5, activation: relu(), trainable: false }),
        dense({ units: 2 }),
      ],
    ),
    {
      loss: meanSquaredError(),
      optimizer: sgd({ learningRate: rate }),
      regularizer: l2({ strength: 0.01 }),
      backend,
      dtype,
      seed: 3,
    },
  );

describe('layerOutputs', () => {
  it('gives scores and outputs of every layer, in evaluation, for any number of rows', async () => {
    const trainer = await training();
    const rows = 300; // more than one chunk, and no power of two
    const inputs = Float64Array.from(numbers(rows * 3));
    const layers = await layerOutputs(trainer, inputs);
    expect(layers.map(({ layer, shape }) => [layer, shape])).toEqual(
      trainer.network.layers.map(({ name, output }) => [name, output]),
    );
    const [first, dropped, , last] = layers as [
      (typeof layers)[0],
      (typeof layers)[0],
      unknown,
      (typeof layers)[0],
    ];
    const { 'hidden1.weight': weight, 'hidden1.bias': bias } = await trainer.readParameters();
    for (const row of [0, 255, 256, 299]) {
      for (let unit = 0; unit < 4; unit++) {
        let score = bias?.[unit] as number;
        for (let i = 0; i < 3; i++)
          score += (inputs[row * 3 + i] as number) * (weight?.[i * 4 + unit] as number);
        expect(first.scores[row * 4 + unit]).toBeCloseTo(score, 12);
        expect(first.output[row * 4 + unit]).toBeCloseTo(Math.tanh(score), 12);
      }
    }
    expect(dropped.output).toEqual(first.output);
    expect(last.output).toEqual(await trainer.predict(inputs));
    trainer.release();
  });
});

describe('gradients', () => {
  it('are those that the next step moves the parameters by, dropout and penalties included', async () => {
    const trainer = await training(0.5);
    const data = { inputs: numbers(30), targets: numbers(20, 2) };
    await trainer.step(data); // not the first step: the masks are another's
    const before = await trainer.readParameters();
    const found = await gradients(trainer, data);
    expect(Object.keys(found)).toEqual(['hidden1.weight', 'hidden1.bias', 'output.weight', 'output.bias']);
    expect(await trainer.readParameters()).toEqual(before);
    await trainer.step(data);
    const after = await trainer.readParameters();
    for (const [name, gradient] of Object.entries(found)) {
      gradient.forEach((value, i) => {
        expect(((before[name]?.[i] as number) - (after[name]?.[i] as number)) / 0.5).toBeCloseTo(value, 12);
      });
      expect(gradient.some((value) => value !== 0)).toBe(true);
    }
    trainer.release();
  });

  it('are the same on WebAssembly, to float32', async () => {
    const data = { inputs: numbers(30), targets: numbers(20, 2) };
    const [a, b] = await Promise.all([training(), training(0.1, wasm({ threads: 1 }), 'float32')]);
    const [exact, rounded] = [await gradients(a, data), await gradients(b, data)];
    for (const [name, gradient] of Object.entries(exact))
      gradient.forEach((value, i) => {
        expect(rounded[name]?.[i]).toBeCloseTo(value, 5);
      });
    a.release();
    b.release();
  });

  it('name what does not fit', async () => {
    const trainer = await training();
    await expect(gradients(trainer, { inputs: [[1, 2]], targets: [[1, 2]] })).rejects.toThrow(/inputs/);
    trainer.release();
  });
});
