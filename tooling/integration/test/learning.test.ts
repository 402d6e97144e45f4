// Whole trainings that must succeed: the classics, small enough for a second.
import { leakyRelu, relu, sigmoid, tanh } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { accuracy, sequential, train } from '@neurite/core';
import { spiral, xor } from '@neurite/datasets';
import { activation, dense, dropout, flatten } from '@neurite/layers';
import { meanSquaredError, multiclassHinge, softmaxCrossEntropy } from '@neurite/losses';
import { adam, exponentialDecay, momentum, sgd } from '@neurite/optimizers';
import { l1, l2 } from '@neurite/regularizers';
import { sampleNumbers } from '@neurite/testing';
import { describe, expect, test } from 'vitest';

describe('XOR', () => {
  test.each([sigmoid(), tanh(), relu(), leakyRelu({ slope: 0.1 })])('with $type units', async (f) => {
    const network = sequential([2], [dense({ units: 8, activation: f }), dense({ units: 2 })]);
    const options = { loss: softmaxCrossEntropy(), optimizer: adam({ learningRate: 0.05 }), seed: 1 };
    const trainer = await train(network, { ...options, backend: cpu(), metrics: [accuracy()] });
    const before = await trainer.evaluate(xor());
    await trainer.fit(xor(), { epochs: 300, batchSize: 4 });
    const after = await trainer.evaluate(xor());
    expect(after.accuracy).toBe(1);
    expect(after.loss).toBeLessThan(0.1);
    expect(after.loss).toBeLessThan(before.loss! / 5);
  });

  test('as a regression with one output, by each optimizer', async () => {
    const { inputs, targets } = xor();
    for (const optimizer of [
      sgd({ learningRate: 0.1 }),
      momentum({ learningRate: 0.1 }),
      adam({ learningRate: 0.03 }),
    ]) {
      const network = sequential([2], [dense({ units: 8, activation: tanh() }), dense({ units: 1 })]);
      const trainer = await train(network, { loss: meanSquaredError(), optimizer, backend: cpu(), seed: 1 });
      await trainer.fit({ inputs, targets }, { epochs: 2000, batchSize: 4 });
      const outputs = await trainer.predict(inputs);
      outputs.forEach((y, i) => void expect(Math.abs(y - targets[i]!), optimizer.type).toBeLessThan(0.1));
    }
  });

  test('with the layers kept apart: flatten, dense, activation, dense', async () => {
    const network = sequential(
      [1, 2],
      [flatten(), dense({ units: 8 }), activation({ activation: tanh() }), dense({ units: 2 })],
    );
    const options = {
      loss: multiclassHinge(),
      optimizer: adam({ learningRate: 0.05 }),
      metrics: [accuracy()],
    };
    const trainer = await train(network, { ...options, backend: cpu(), seed: 1 });
    await trainer.fit(xor(), { epochs: 300, batchSize: 2 });
    expect((await trainer.evaluate(xor())).accuracy).toBe(1);
  });
});

test('three spiral arms are told apart to more than 95 %, which a network without hidden units cannot', async () => {
  const data = spiral({ examples: 300, classes: 3, turns: 0.75, noise: 0.02 });
  const options = {
    loss: softmaxCrossEntropy(),
    regularizer: l2({ strength: 1e-4 }),
    metrics: [accuracy()],
    seed: 1,
  };
  const score = async (layers: Parameters<typeof sequential>[1]): Promise<number> => {
    const optimizer = adam({ learningRate: exponentialDecay({ initial: 0.02, every: 1000 }) });
    const trainer = await train(sequential([2], layers), { ...options, optimizer, backend: cpu() });
    await trainer.fit(data, { epochs: 100, batchSize: 30 });
    return (await trainer.evaluate(data)).accuracy!;
  };
  expect(await score([dense({ units: 32, activation: relu() }), dense({ units: 3 })])).toBeGreaterThan(0.95);
  expect(await score([dense({ units: 3 })])).toBeLessThan(0.7);
});

test('x sin x on −5 … 5 is learned by 20 tanh units to a mean squared error below 0.01', async () => {
  const inputs = Float32Array.from({ length: 101 }, (_, i) => -5 + i / 10);
  const targets = inputs.map((x) => x * Math.sin(x));
  const network = sequential([1], [dense({ units: 20, activation: tanh() }), dense({ units: 1 })]);
  const optimizer = adam({ learningRate: exponentialDecay({ initial: 0.05, every: 1500 }) });
  const trainer = await train(network, { loss: meanSquaredError(), optimizer, backend: cpu(), seed: 1 });
  await trainer.fit({ inputs, targets }, { epochs: 500, batchSize: 16 });
  expect((await trainer.evaluate({ inputs, targets })).loss).toBeLessThan(0.01);
  const between = Float32Array.from({ length: 100 }, (_, i) => -4.95 + i / 10);
  const outputs = await trainer.predict(between);
  outputs.forEach((y, i) => void expect(Math.abs(y - between[i]! * Math.sin(between[i]!))).toBeLessThan(0.5));
});

test('L1 leaves a network fewer weights that matter than L2 or nothing does', async () => {
  // Of ten inputs two say what the class is.
  const inputs = sampleNumbers(60 * 10);
  const targets = Array.from({ length: 60 }, (_, i) => (inputs[i * 10]! + inputs[i * 10 + 1]! > 0 ? 1 : 0));
  const matter = async (regularizer?: ReturnType<typeof l1>): Promise<number> => {
    const options = { loss: softmaxCrossEntropy(), optimizer: sgd({ learningRate: 0.2 }), regularizer };
    const trainer = await train(sequential([10], [dense({ units: 2 })]), { ...options, backend: cpu() });
    await trainer.fit({ inputs, targets }, { epochs: 500, batchSize: 60 });
    return Object.values(await trainer.readParameters())[0]!.filter((w) => Math.abs(w) > 0.02).length;
  };
  expect(await matter(l1({ strength: 0.05 }))).toBeLessThanOrEqual(6);
  expect(await matter(l2({ strength: 0.05 }))).toBeGreaterThan(10);
  expect(await matter()).toBeGreaterThan(10);
});

test('dropout is off where a network is evaluated: a trained one predicts the same twice', async () => {
  const data = spiral({ examples: 90, classes: 3 });
  const network = sequential(
    [2],
    [dense({ units: 32, activation: relu() }), dropout({ rate: 0.3 }), dense({ units: 3 })],
  );
  const options = {
    loss: softmaxCrossEntropy(),
    optimizer: adam({ learningRate: 0.02 }),
    metrics: [accuracy()],
  };
  const trainer = await train(network, { ...options, backend: cpu() });
  const { epochs } = await trainer.fit(data, { epochs: 60, batchSize: 10 });
  expect(await trainer.predict(data.inputs)).toEqual(await trainer.predict(data.inputs));
  expect(await trainer.evaluate(data)).toEqual(await trainer.evaluate(data));
  expect(epochs.at(-1)!.loss).toBeLessThan(epochs[0]!.loss);
});
