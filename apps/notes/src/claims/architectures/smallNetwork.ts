import { relu } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { sequential, train } from '@neurite/core';
import { dense } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { sgd } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { equals } from '../../fact.ts';
import { drawNetwork } from '../../figure/network.ts';

const network = sequential([3], [dense({ units: 4, activation: relu() }), dense({ units: 2 })]);

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
  number: 37,
  title: 'Four and two neurons: 26 parameters',
  text: `
Neurons are counted without the inputs: $4 + 2 = 6$. Between them lie $[3 \\times 4] + [4 \\times 2] = 20$ weights, and each neuron
has a bias of its own, six of them. So there are 26 numbers to be learned. That number, more than that of the neurons, is
what people mean by the size of a network.`,
  experiment,
  facts: ({ neurons, weights, biases, parameters, inMemory }) => [
    equals('Neurons', neurons, 6),
    equals('Weights', weights, 20),
    equals('Biases', biases, 6),
    equals('Parameters', parameters, 26),
    equals('Numbers in memory', inMemory, 26),
  ],
  refutedBy: (result) => ({ ...result, parameters: result.weights }),
  figure: ({ numbers }) =>
    drawNetwork(network, { title: 'The network: a 2-layer network on three inputs', parameters: numbers }),
});
