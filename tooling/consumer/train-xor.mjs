// The packages as they are published, on the Node that is there: they train, or this throws.
import { tanh } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { accuracy, registry, sequential, train } from '@neurite/core';
import * as layers from '@neurite/layers';
import * as losses from '@neurite/losses';
import * as optimizers from '@neurite/optimizers';

const data = {
  inputs: [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ],
  targets: [0, 1, 1, 0],
};

async function learn(how, trainer) {
  const before = await trainer.evaluate(data);
  await trainer.fit(data, { epochs: 300, batchSize: 4 });
  const after = await trainer.evaluate(data);
  if (after.accuracy !== 1 || !(after.loss < 0.1) || !(after.loss < before.loss / 5)) {
    throw new Error(`XOR was not learned ${how}: ${JSON.stringify({ before, after })}`);
  }
  const scores = await trainer.predict(data.inputs);
  const read = data.targets.map((_, i) => Number(scores[2 * i + 1] > scores[2 * i]));
  if (String(read) !== String(data.targets)) throw new Error(`XOR is read as ${read} ${how}`);
  trainer.release();
  return after.loss;
}

const { dense } = layers;
const network = sequential([2], [dense({ units: 8, activation: tanh() }), dense({ units: 2 })]);
const byValue = await train(network, {
  loss: losses.softmaxCrossEntropy(),
  optimizer: optimizers.adam({ learningRate: 0.05 }),
  backend: cpu(),
  metrics: [accuracy()],
  seed: 1,
});
const byName = await registry()
  .use(cpu, tanh, layers, losses, optimizers, accuracy)
  .train({
    ...network.toJSON(),
    loss: 'softmaxCrossEntropy',
    optimizer: { type: 'adam', learningRate: 0.05 },
    backend: 'cpu',
    metrics: ['accuracy'],
    seed: 1,
  });

const loss = await learn('by value', byValue);
const again = await learn('by name', byName);
if (loss !== again) throw new Error(`by value the loss is ${loss}, by name it is ${again}`);
console.log(`${process.version} learns XOR to a loss of ${loss.toFixed(4)}`);
