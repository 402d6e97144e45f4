// A loop of one's own over `step` does what `fit` does: the order of its epochs, and schedules that watch the loss.
import { tanh } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { sequential, shuffledOrder, type Trainer, train } from '@neurite/core';
import { spiral } from '@neurite/datasets';
import { dense } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { momentum, reduceOnPlateau } from '@neurite/optimizers';
import { expect, it } from 'vitest';

const seed = 11;
const epochs = 12;
const batchSize = 20;

const training = (): Promise<Trainer> =>
  train(sequential([2], [dense({ units: 8, activation: tanh() }), dense({ units: 2 })]), {
    loss: softmaxCrossEntropy(),
    optimizer: momentum({ learningRate: reduceOnPlateau({ initial: 2, patience: 1, factor: 0.5 }) }),
    backend: cpu(),
    seed,
  });

it('comes to the very parameters of fit', async () => {
  const { inputs, targets } = spiral({ examples: 100, seed: 4 });
  const fitted = await training();
  const { epochs: reports } = await fitted.fit({ inputs, targets }, { epochs, batchSize });
  const looped = await training();
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = shuffledOrder(targets.length, seed, epoch);
    let loss = 0;
    for (let first = 0; first < order.length; first += batchSize) {
      const rows = order.subarray(first, first + batchSize);
      loss += await looped.step({
        inputs: Array.from(rows, (row) => inputs.subarray(2 * row, 2 * row + 2)),
        targets: Array.from(rows, (row) => targets[row] as number),
      });
    }
    looped.observe({
      steps: await looped.steps(),
      loss: reports[epoch]?.loss as number,
      validationLoss: undefined,
    });
    expect(loss / (order.length / batchSize)).toBeCloseTo(reports[epoch]?.loss as number, 5);
  }
  expect(looped.rateAt(0)).toBe(fitted.rateAt(0));
  expect(looped.rateAt(0)).toBeLessThan(2); // the schedule has looked
  expect(await looped.readParameters()).toEqual(await fitted.readParameters());
  fitted.release();
  looped.release();
});
