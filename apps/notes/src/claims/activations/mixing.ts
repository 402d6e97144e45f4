import { relu, sine, softsign, tanh } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { accuracy, glorotUniform, heNormal, registry, sequential, train } from '@neurite/core';
import { spiral } from '@neurite/datasets';
import { dense } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { adam } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { above, equals, printShare } from '../../fact.ts';
import { classed, gridOf, lead, plane, regions } from '../../figure/plane.ts';
import { largestDifference } from '../../numbers.ts';

const grid = gridOf(41, 1.2);

async function experiment({ seed }: { seed: number }) {
  const layers = [relu(), tanh(), softsign(), sine()].map((activation) => dense({ units: 12, activation }));
  const network = sequential([2], [...layers, dense({ units: 2 })]);
  const options = { loss: softmaxCrossEntropy(), backend: cpu(), metrics: [accuracy()], seed };
  const trainer = await train(network, { ...options, optimizer: adam({ learningRate: 0.01 }) });
  const data = spiral({ examples: 100 });
  await trainer.fit(data, { epochs: 200, batchSize: 20 });
  const { accuracy: reached } = await trainer.evaluate(data);

  // Saved as text and loaded again, the network is the same function to the last bit.
  const saved = JSON.stringify(network);
  const known = registry().use(dense, relu, tanh, softsign, sine, glorotUniform, heNormal);
  const loaded = await train(known.network(JSON.parse(saved)), {
    ...options,
    optimizer: adam(),
    seed: seed + 1,
  });
  loaded.writeParameters(await trainer.readParameters());
  const scores = await trainer.predict(grid.rows);
  const difference = largestDifference(scores, await loaded.predict(grid.rows));
  return { reached: reached!, difference, region: lead(scores), data };
}

export const claim = defineClaim({
  number: 30,
  title: 'Different activations may be mixed, though hardly anybody does',
  text: `
Nothing in the mathematics wants all units of a network to be of one kind. This one has a layer of ReLUs, one of tanh, one of
softsign and one of sines; it learns the spiral all the same, and can be saved and loaded like any other.`,
  experiment,
  facts: ({ reached, difference }) => [
    above('Examples that it has right', reached, 0.9, printShare),
    equals('Difference after saving and loading', difference, 0),
  ],
  refutedBy: (result) => ({ ...result, reached: 0.5 }),
  figure: ({ region, data }) =>
    plane({
      title: 'What a network with four kinds of activation makes of the spiral',
      extent: 1.2,
      size: 340,
      marks: [regions(region, 1.2), classed(data)],
    }),
});
