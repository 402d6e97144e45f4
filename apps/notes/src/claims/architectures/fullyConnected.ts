import { tanh } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { layerOutputs, sequential, train } from '@neurite/core';
import { dense } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { sgd } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { equals } from '../../fact.ts';
import { drawNetwork } from '../../figure/network.ts';

const network = sequential([3], [dense({ units: 4, activation: tanh() }), dense({ units: 2 })]);

async function experiment({ seed }: { seed: number }) {
  const trainer = await train(network, {
    loss: softmaxCrossEntropy(),
    optimizer: sgd(),
    backend: cpu(),
    seed,
  });
  const parameters = await trainer.readParameters();
  const x = [0.5, -1, 2];
  const before = await layerOutputs(trainer, x);

  // Push one hidden unit at a time, by its bias, and see who notices.
  let [inside, between] = [0, 0];
  for (let unit = 0; unit < 4; unit++) {
    const bias = parameters['hidden1.bias']!.slice();
    bias[unit]! += 1;
    trainer.writeParameters({ 'hidden1.bias': bias });
    const after = await layerOutputs(trainer, x);
    const changed = [0, 1].map((layer) =>
      Array.from(after[layer]!.output).filter((value, i) => value !== before[layer]!.output[i]),
    );
    inside += changed[0]!.length - 1; // beside itself
    between += changed[1]!.length;
  }
  return { inside, between, weights: network.summary().weights, parameters };
}

export const claim = defineClaim({
  number: 34,
  title: 'Fully connected: every pair between two layers, none within one',
  text: `
In such a layer each unit takes in everything that the layer before puts out. Units of the same layer know nothing of each
other: push one, and its neighbours stay as they were, while everybody in the next layer notices. This is the first picture
of the notes, drawn from the network that was pushed; colours are the signs of its weights.`,
  experiment,
  facts: ({ inside, between, weights }) => [
    equals('Neighbours that a pushed unit changed', inside, 0),
    equals('Changes in the next layer: 4 units, 2 outputs', between, 8),
    equals('Connections, 3 · 4 + 4 · 2', weights, 20),
  ],
  refutedBy: (result) => ({ ...result, inside: 12 }),
  figure: ({ parameters }) =>
    drawNetwork(network, { title: 'A 2-layer network on three inputs', parameters }),
});
