import { tanh } from '@neurite/activations';
import { wasm } from '@neurite/backend-wasm';
import { gradients, type Layer, type Regularizer, sequential, train } from '@neurite/core';
import { moons } from '@neurite/datasets';
import { dense, dropout, gaussianNoise } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { adam } from '@neurite/optimizers';
import { l2 } from '@neurite/regularizers';
import { defineClaim } from '../../claim.ts';
import { above, equals, report } from '../../fact.ts';
import { classed, gridOf, lead, plane, regions } from '../../figure/plane.ts';
import { panels } from '../../figure/svg.ts';
import { largestDifference } from '../../numbers.ts';

const grid = gridOf(41, 2.2);

async function experiment({
  seed,
  rate,
  noise,
  strength,
}: Record<'seed' | 'rate' | 'noise' | 'strength', number>) {
  const data = moons({ examples: 60, noise: 0.25, seed });
  const fresh = moons({ examples: 500, noise: 0.25, seed: seed + 100 });
  const backend = wasm({ threads: 1, deterministic: true });

  const build = async (before: readonly Layer[], after: readonly Layer[], regularizer?: Regularizer) => {
    const hidden = dense({ units: 20, activation: tanh() });
    const network = sequential([2], [...before, hidden, ...after, dense({ units: 2 })]);
    const optimizer = adam({ learningRate: 0.05 });
    return train(network, { loss: softmaxCrossEntropy(), optimizer, backend, regularizer, seed });
  };
  const plain = await build([], []);
  const all = {
    L2: await build([], [], l2({ strength })),
    dropout: await build([], [dropout({ rate })]),
    noise: await build([gaussianNoise({ standardDeviation: noise })], []),
  };

  // With the parameters of the plain network: the same outputs in evaluation, other gradients in training.
  const untrained = await plain.predict(grid.rows);
  const slope = (await gradients(plain, data))['hidden1.weight']!;
  const rows: { name: string; inactive: number; active: number; loss: number; region: number[] }[] = [];
  for (const [name, trainer] of Object.entries(all)) {
    trainer.writeParameters(await plain.readParameters());
    const inactive = largestDifference(await trainer.predict(grid.rows), untrained);
    const active = largestDifference((await gradients(trainer, data))['hidden1.weight']!, slope);
    await trainer.fit(data, { epochs: 500, batchSize: 60 });
    const { loss } = await trainer.evaluate(fresh);
    rows.push({ name, inactive, active, loss: loss!, region: lead(await trainer.predict(grid.rows)) });
  }
  await plain.fit(data, { epochs: 500, batchSize: 60 });
  return { data, rows, plain: (await plain.evaluate(fresh)).loss! };
}

export const claim = defineClaim({
  number: 49,
  title: 'L2, dropout, noise: three ways, each a part that is put in',
  text: `
A penalty on weights is an option of the training. Dropout, which silences units at random, and noise on the inputs are
layers. Each changes the gradients of a training step, and none changes what the network computes once it is used: with the
same parameters the outputs are the same bits with them and without.`,
  controls: {
    strength: { label: 'L2 strength', value: 0.003, minimum: 0, maximum: 0.05, step: 0.001 },
    rate: { label: 'dropout rate', value: 0.3, minimum: 0, maximum: 0.9, step: 0.05 },
    noise: { label: 'noise on inputs', value: 0.2, minimum: 0, maximum: 1, step: 0.05 },
  },
  experiment,
  facts: ({ rows, plain }) => [
    ...rows.flatMap(({ name, inactive, active }) => [
      equals(`${name}: change of the outputs in evaluation`, inactive, 0),
      above(`${name}: change of the gradients in training`, active, 1e-6),
    ]),
    report('Loss on new data without any', plain),
    ...rows.map(({ name, loss }) => report(`with ${name}`, loss)),
  ],
  refutedBy: (result) => ({ ...result, rows: result.rows.map((row) => ({ ...row, inactive: 0.1 })) }),
  figure: ({ data, rows }) =>
    panels(
      ...rows.map(({ name, region }) =>
        plane({
          title: `Regions of a network trained with ${name}`,
          heading: name,
          extent: 2.2,
          marks: [regions(region, 2.2), classed(data)],
        }),
      ),
    ),
});
