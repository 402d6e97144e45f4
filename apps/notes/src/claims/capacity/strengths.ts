import { tanh } from '@neurite/activations';
import { wasm } from '@neurite/backend-wasm';
import { sequential, train } from '@neurite/core';
import { moons } from '@neurite/datasets';
import { dense } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { adam } from '@neurite/optimizers';
import { l2 } from '@neurite/regularizers';
import { defineClaim } from '../../claim.ts';
import { above, report } from '../../fact.ts';
import { boundaryLength, classed, gridOf, lead, plane, regions } from '../../figure/plane.ts';
import { panels } from '../../figure/svg.ts';
import { norm } from '../../numbers.ts';

const grid = gridOf(101, 2.2);

async function experiment({ seed, factor }: { seed: number; factor: number }) {
  const data = moons({ examples: 60, noise: 0.3, seed });
  const backend = wasm({ threads: 1, deterministic: true });
  const networks: { strength: number; size: number; length: number; region: number[] }[] = [];
  for (const strength of [0.001, 0.01, 0.1].map((each) => each * factor)) {
    const network = sequential([2], [dense({ units: 20, activation: tanh() }), dense({ units: 2 })]);
    const optimizer = adam({ learningRate: 0.05 });
    const regularizer = l2({ strength });
    const trainer = await train(network, {
      loss: softmaxCrossEntropy(),
      optimizer,
      backend,
      regularizer,
      seed,
    });
    await trainer.fit(data, { epochs: 800, batchSize: 60 });
    const { 'hidden1.weight': w1, 'output.weight': w2 } = await trainer.readParameters();
    const region = lead(await trainer.predict(grid.rows));
    networks.push({ strength, size: norm([...w1!, ...w2!]), length: boundaryLength(region, 2.2), region });
  }
  return { data, networks };
}

export const claim = defineClaim({
  number: 50,
  title: 'The strength of the penalty is the knob: smoother and smoother',
  text: `
Three networks of twenty units, the same data, the same seed, and a penalty that is ten times as strong each time. The
weights get smaller, the boundary shorter and smoother. The first bows to single points, the last draws nearly a straight
line. Which is best, new data must say.`,
  seed: 2,
  controls: { factor: { label: 'all three, times', value: 1, minimum: 0.1, maximum: 5, step: 0.1 } },
  experiment,
  facts: ({ networks: [weak, middle, strong] }) => [
    above('Size of all weights, first minus second', weak!.size - middle!.size, 0),
    above('second minus third', middle!.size - strong!.size, 0),
    above('Length of the boundary, first over third', weak!.length / strong!.length, 1.1),
    report('Size of all weights in the first', weak!.size),
    report('in the third', strong!.size),
  ],
  refutedBy: ({ data, networks }) => ({ data, networks: networks.toReversed() }),
  figure: ({ data, networks }) =>
    panels(
      ...networks.map(({ strength, region }) =>
        plane({
          title: `Regions with a penalty of ${strength}`,
          heading: `λ = ${Number(strength.toPrecision(2))}`,
          extent: 2.2,
          marks: [regions(region, 2.2), classed(data)],
        }),
      ),
    ),
});
