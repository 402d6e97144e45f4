import { relu } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { sequential, train } from '@neurite/core';
import { dense } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { sgd } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { equals } from '../../fact.ts';
import { drawNetwork } from '../../figure/network.ts';

const network = sequential(
  [3],
  [dense({ units: 4, activation: relu() }), dense({ units: 4, activation: relu() }), dense({ units: 1 })],
);

async function experiment({ seed }: { seed: number }) {
  const { neurons, weights, biases, parameters } = network.summary();
  const options = {
    loss: softmaxCrossEntropy(),
    optimizer: sgd(),
    backend: cpu(),
    seed,
    onWarning: () => {},
  };
  const trainer = await train(network, options);
  const numbers = await trainer.readParameters();
  const inMemory = Object.values(numbers).reduce((sum, { length }) => sum + length, 0);
  return { neurons, weights, biases, parameters, inMemory, numbers };
}

export const claim = defineClaim({
  number: 38,
  title: 'Four, four and one: 41 parameters',
  text: `
The second picture of the notes has two hidden layers and a single output: $4 + 4 + 1 = 9$ neurons,
$[3 \\times 4] + [4 \\times 4] + [4 \\times 1] = 32$ weights and 9 biases, 41 parameters in all. Sizes multiply: a layer twice as wide
between two others has twice as many weights on either side.`,
  experiment,
  facts: ({ neurons, weights, biases, parameters, inMemory }) => [
    equals('Neurons', neurons, 9),
    equals('Weights', weights, 32),
    equals('Biases', biases, 9),
    equals('Parameters', parameters, 41),
    equals('Numbers in memory', inMemory, 41),
  ],
  refutedBy: (result) => ({ ...result, parameters: result.weights }),
  figure: ({ numbers }) =>
    drawNetwork(network, { title: 'The network: a 3-layer network on three inputs', parameters: numbers }),
});
