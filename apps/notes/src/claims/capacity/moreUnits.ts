import { tanh } from '@neurite/activations';
import { wasm } from '@neurite/backend-wasm';
import { accuracy, randomNormal, sequential, train } from '@neurite/core';
import { spiral } from '@neurite/datasets';
import { dense } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { momentum } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { above, printShare } from '../../fact.ts';
import { classed, gridOf, lead, plane, regions } from '../../figure/plane.ts';
import { panels } from '../../figure/svg.ts';

const grid = gridOf(51, 1.2);

async function experiment({ seed, units }: { seed: number; units: number }) {
  const data = spiral({ examples: 100 });
  const backend = wasm({ threads: 1, deterministic: true });
  const learn = async (hidden: number) => {
    const initializer = randomNormal({ standardDeviation: 1.5 });
    const layers = [dense({ units: hidden, activation: tanh(), initializer }), dense({ units: 2 })];
    const optimizer = momentum({ learningRate: 0.3 });
    const options = { loss: softmaxCrossEntropy(), optimizer, backend, metrics: [accuracy()], seed };
    const trainer = await train(sequential([2], layers), options);
    await trainer.fit(data, { epochs: 800, batchSize: 100 });
    const { accuracy: reached } = await trainer.evaluate(data);
    return { hidden, accuracy: reached!, region: lead(await trainer.predict(grid.rows)) };
  };
  return { data, networks: [await learn(3), await learn(6), await learn(units)] };
}

export const claim = defineClaim({
  number: 46,
  title: 'More units, more complicated functions',
  text: `
Each hidden unit draws one soft line, and the output puts lines together. Three of them are too few for two spirals that wind
around each other; six come a long way; twenty have room to spare. The figure is that of the notes, and the third network is
yours to size.`,
  controls: { units: { label: 'units of the third', value: 20, minimum: 1, maximum: 40, step: 1 } },
  experiment,
  facts: ({ networks: [three, six, twenty] }) => [
    above('Right with 20 units, minus right with 3', twenty!.accuracy - three!.accuracy, 0.1, printShare),
    above('Right with 20 units', twenty!.accuracy, 0.95, printShare),
    {
      what: 'Right with 3, with 6',
      measured: `${printShare(three!.accuracy)}, ${printShare(six!.accuracy)}`,
      wanted: '',
      holds: undefined,
    },
  ],
  refutedBy: ({ data, networks: [three, six] }) => ({ data, networks: [three!, six!, three!] }),
  figure: ({ data, networks }) =>
    panels(
      ...networks.map(({ hidden, region }) =>
        plane({
          title: `Regions of a network with ${hidden} hidden units`,
          heading: `${hidden} hidden units`,
          extent: 1.2,
          marks: [regions(region, 1.2), classed(data, 3)],
        }),
      ),
    ),
});
