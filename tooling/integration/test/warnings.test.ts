// What looks like a mistake is said, once; what does not is not.
import { relu, sigmoid, softmax } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { type Layer, type Loss, sequential, type TrainOptions, train } from '@neurite/core';
import { dense } from '@neurite/layers';
import { binaryCrossEntropy, meanSquaredError, softmaxCrossEntropy } from '@neurite/losses';
import { sgd } from '@neurite/optimizers';
import { afterEach, describe, expect, test, vi } from 'vitest';

afterEach(() => vi.restoreAllMocks());

const warned = async (last: Layer, loss: Loss, options: Partial<TrainOptions> = {}) => {
  const warnings: string[] = [];
  const trainer = await train(sequential([2], [dense({ units: 4, activation: relu() }), last]), {
    loss,
    optimizer: sgd({ learningRate: 1e-6 }),
    backend: cpu(),
    onWarning: (message) => warnings.push(message),
    ...options,
  });
  return { trainer, warnings };
};

describe('a network', () => {
  test.each([
    [softmax(), softmaxCrossEntropy()],
    [sigmoid(), binaryCrossEntropy()],
  ])('that gives probabilities to a loss that takes logits', async (activation, loss) => {
    const { warnings } = await warned(dense({ units: 3, activation }), loss);
    expect(warnings).toEqual([
      `${loss.type} takes logits, but layer "output" ends with ${activation.type}: leave the activation out, or training is slow and the loss never gets small`,
    ]);
  });

  test('with a single output for a loss over classes', async () => {
    const { warnings } = await warned(dense({ units: 1 }), softmaxCrossEntropy());
    expect(warnings).toEqual([
      'softmaxCrossEntropy compares classes, but the network has a single output: give it one for each class, or use a loss for two classes such as binaryCrossEntropy',
    ]);
  });

  test.each([
    [dense({ units: 3 }), softmaxCrossEntropy()],
    [dense({ units: 3, activation: softmax() }), meanSquaredError()],
    [dense({ units: 1, activation: sigmoid() }), meanSquaredError()],
    [dense({ units: 1 }), binaryCrossEntropy()],
  ])('that is as it should be is left in peace', async (last, loss) => {
    expect((await warned(last, loss)).warnings).toEqual([]);
  });

  test('tells the console where nobody listens', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const { trainer } = await warned(dense({ units: 3, activation: softmax() }), softmaxCrossEntropy(), {
      onWarning: undefined,
    });
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/^neurite: softmaxCrossEntropy takes logits/)]]);
    trainer.release();
  });
});

describe('data', () => {
  const labels = (rows: number, classes: number) => Int32Array.from({ length: rows }, (_, i) => i % classes);

  test('that are unscaled are named, once, and train all the same', async () => {
    const { trainer, warnings } = await warned(dense({ units: 3 }), softmaxCrossEntropy());
    const pixels = {
      inputs: Float32Array.from({ length: 80 }, (_, i) => (i * 37) % 256),
      targets: labels(40, 3),
    };
    await trainer.fit(pixels);
    await trainer.fit(pixels);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(
      /^inputs look unscaled, with numbers of about 1\.\de\+2: bring them to about −1 … 1, or put standardize\(\) first$/,
    );
    expect(await trainer.steps()).toBe(4);
  });

  test('that are bytes, or about −1 … 1, are not', async () => {
    const { trainer, warnings } = await warned(dense({ units: 3 }), softmaxCrossEntropy());
    await trainer.fit({ inputs: new Uint8Array(80).fill(255), targets: labels(40, 3) });
    await trainer.fit({
      inputs: Float32Array.from({ length: 80 }, (_, i) => i / 20 - 2),
      targets: labels(40, 3),
    });
    expect(warnings).toEqual([]);
  });

  test('whose labels leave outputs without examples are named; a few rows say nothing', async () => {
    const { trainer, warnings } = await warned(dense({ units: 5 }), softmaxCrossEntropy());
    await trainer.fit({ inputs: new Float32Array(20), targets: labels(10, 3) }, { batchSize: 10 });
    expect(warnings).toEqual([]);
    await trainer.fit({ inputs: new Float32Array(200), targets: labels(100, 3) });
    expect(warnings).toEqual([
      'labels go from 0 to 2, but the network has 5 outputs: 2 of them have no examples',
    ]);
  });
});
