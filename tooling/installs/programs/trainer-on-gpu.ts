// A full trainer: XOR to the last example.
import { tanh } from '@neurite/activations';
import { gpu } from '@neurite/backend-gpu';
import { accuracy, sequential, train } from '@neurite/core';
import { dense } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { adam } from '@neurite/optimizers';

const data = {
  inputs: [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ],
  targets: [0, 1, 1, 0],
};

export async function run(): Promise<string> {
  const network = sequential([2], [dense({ units: 8, activation: tanh() }), dense({ units: 2 })]);
  const trainer = await train(network, {
    loss: softmaxCrossEntropy(),
    optimizer: adam({ learningRate: 0.05 }),
    backend: gpu({ mode: 'webasm' }),
    metrics: [accuracy()],
    seed: 1,
  });
  await trainer.fit(data, { epochs: 200, batchSize: 4 });
  const { loss = 1, accuracy: right } = await trainer.evaluate(data);
  const mode = trainer.backend.report()?.mode;
  trainer.release();
  if (right !== 1 || loss > 0.1) throw new Error(`XOR was not learned: a loss of ${loss}, ${right} right`);
  return `${loss.toFixed(4)} (${mode})`;
}
