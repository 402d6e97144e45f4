import { tanh } from '@neurite/activations';
import { wasm } from '@neurite/backend-wasm';
import { accuracy, type Regularizer, sequential, train } from '@neurite/core';
import { gaussianClouds } from '@neurite/datasets';
import { dense } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { adam } from '@neurite/optimizers';
import { l2 } from '@neurite/regularizers';
import { defineClaim } from '../../claim.ts';
import { above, printShare, report } from '../../fact.ts';
import { classed, gridOf, lead, plane, regionCount, regions } from '../../figure/plane.ts';
import { panels } from '../../figure/svg.ts';

const grid = gridOf(61, 2);

async function experiment({ seed, strength }: { seed: number; strength: number }) {
  const { inputs, targets: clean } = gaussianClouds({ examples: 60, noise: 0.4, seed });
  const targets = clean.map((target, i) =>
    i % 20 === 3 || i % 20 === 10 || i % 20 === 13 ? 1 - target : target,
  );
  const fresh = gaussianClouds({ examples: 1000, noise: 0.4, seed: seed + 100 });
  const backend = wasm({ threads: 1, deterministic: true });

  const learn = async (units: number, regularizer?: Regularizer) => {
    const network = sequential([2], [dense({ units, activation: tanh() }), dense({ units: 2 })]);
    const optimizer = adam({ learningRate: 0.05 });
    const options = {
      loss: softmaxCrossEntropy(),
      optimizer,
      backend,
      regularizer,
      metrics: [accuracy()],
      seed,
    };
    const trainer = await train(network, options);
    await trainer.fit({ inputs, targets }, { epochs: 1200, batchSize: 60 });
    const { accuracy: known } = await trainer.evaluate({ inputs, targets });
    const { accuracy: unknown, loss } = await trainer.evaluate(fresh);
    const region = lead(await trainer.predict(grid.rows));
    return { known: known!, unknown: unknown!, loss: loss!, region, pieces: regionCount(region) };
  };

  return {
    inputs,
    targets,
    three: await learn(3),
    twenty: await learn(20),
    held: await learn(20, l2({ strength })),
  };
}

export const claim = defineClaim({
  number: 47,
  title: 'A large network can fit the noise',
  text: `
Two clouds, and nine of their sixty points with the wrong label. Twenty hidden units find a boundary that has every one of
them "right", and cut the plane into islands for it; asked about new points, they pay. Three units cannot do so and treat some
of the nine as what they are, outliers. So can twenty, with a penalty on the weights: they do best of all.`,
  seed: 3,
  controls: {
    strength: { label: 'penalty of the third', value: 0.01, minimum: 0, maximum: 0.1, step: 0.002 },
  },
  experiment,
  facts: ({ three, twenty, held }) => [
    above('Training points that 20 units have right', twenty.known, 0.97, printShare),
    above('Loss on new points, 20 units over 20 with the penalty', twenty.loss / held.loss, 2),
    above(
      'New points right: 20 with the penalty minus 20 without',
      held.unknown - twenty.unknown,
      0.05,
      printShare,
    ),
    above('Pieces of the plane: 20 without minus 20 with the penalty', twenty.pieces - held.pieces, 0),
    report('New points right with 3 units', three.unknown, printShare),
  ],
  refutedBy: (result) => ({ ...result, twenty: result.held }),
  figure: ({ inputs, targets, three, twenty, held }) =>
    panels(
      ...(
        [
          ['3 units', three],
          ['20 units', twenty],
          ['20 units, L2', held],
        ] as const
      ).map(([heading, { region }]) =>
        plane({
          title: `Regions with ${heading}`,
          heading,
          extent: 2,
          marks: [regions(region, 2), classed({ inputs, targets })],
        }),
      ),
    ),
});
