// A network from data, with the plugins that were installed; what was not is named with its package.
import * as activations from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { predictor, registry } from '@neurite/core';
import * as layers from '@neurite/layers';

export async function run(): Promise<string> {
  const neurite = registry().use(cpu, activations, layers);
  const network = neurite.network({
    input: [2],
    layers: [
      { type: 'dense', units: 2, activation: 'relu' },
      { type: 'dense', units: 1 },
    ],
  });
  const parameters = {
    'hidden1.weight': [1, 1, 1, 1],
    'hidden1.bias': [0, -1],
    'output.weight': [1, -2],
    'output.bias': [0],
  };
  const model = await predictor(network, { parameters, backend: neurite.make('backend', 'cpu') });
  const xor = await model.predict([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]);
  model.release();
  if (String([...xor]) !== '0,1,1,0') throw new Error(`XOR is not ${[...xor]}`);
  try {
    neurite.make('loss', 'softmaxCrossEntropy' as never);
  } catch (error) {
    const { message } = error as Error;
    if (message.includes('@neurite/losses')) return [...xor].join(' ');
    throw new Error(`a loss that is missing is explained by: ${message}`);
  }
  throw new Error('a loss was found that nobody installed');
}
