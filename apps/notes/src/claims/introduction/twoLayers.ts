import { relu } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { evaluate, sequential, train, uniform } from '@neurite/core';
import { dense } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { sgd } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { below, equals } from '../../fact.ts';
import { table } from '../../figure/table.ts';
import { largestDifference } from '../../numbers.ts';

async function experiment({ seed }: { seed: number }) {
  const network = sequential(
    [3072],
    [dense({ units: 100, activation: relu(), bias: false }), dense({ units: 10, bias: false })],
  );
  const options = {
    loss: softmaxCrossEntropy(),
    optimizer: sgd(),
    backend: cpu(),
    dtype: 'float64',
  } as const;
  const trainer = await train(network, { ...options, seed });
  const { 'hidden1.weight': W1, 'output.weight': W2 } = await trainer.readParameters();
  const [x] = evaluate([uniform([3072], { seed, purpose: 'image' }, 'float64')]);

  const hidden = new Float64Array(100);
  for (let j = 0; j < 100; j++) {
    for (let i = 0; i < 3072; i++) hidden[j]! += W1![100 * i + j]! * x![i]!;
    hidden[j] = Math.max(0, hidden[j]!);
  }
  const scores = new Float64Array(10);
  for (let k = 0; k < 10; k++) for (let j = 0; j < 100; j++) scores[k]! += W2![10 * j + k]! * hidden[j]!;

  const { layers, weights } = network.summary();
  const rows = layers.map(({ name, output, parameters }) => ({ name, units: output[0]!, parameters }));
  const difference = largestDifference(await trainer.predict(x!), scores);
  return { rows, weights, difference, silent: hidden.filter((h) => h === 0).length };
}

export const claim = defineClaim({
  number: 2,
  title: 'A network puts two of them together: $s = W_2 \\max(0, W_1 x)$',
  text: `
The first matrix turns the image into a hundred numbers between, the second turns those into ten scores. In between,
whatever is below zero becomes zero. That threshold is the whole difference between one matrix and a network. Nearly all
the weights are in the first matrix, since that is where the 3,072 pixels come in.`,
  experiment,
  facts: ({ difference, weights, silent }) => [
    below('Largest difference between the network and plain loops', difference, 1e-12),
    equals('Weights', weights, 308_200),
    {
      what: 'Hidden units that the threshold silences on this image',
      measured: `${silent} of 100`,
      wanted: '',
      holds: undefined,
    },
  ],
  refutedBy: (result) => ({ ...result, weights: 30_720 }),
  figure: ({ rows }) =>
    table(
      'The network, layer by layer',
      ['layer', 'units', 'weights'],
      rows.map(({ name, units, parameters }) => [name, String(units), parameters.toLocaleString('en')]),
    ),
});
