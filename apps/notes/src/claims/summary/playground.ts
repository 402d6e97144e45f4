import { leakyRelu, relu, sigmoid, sine, tanh } from '@neurite/activations';
import { wasm } from '@neurite/backend-wasm';
import { accuracy, sequential, train } from '@neurite/core';
import { circle, gaussianClouds, moons, spiral, xor } from '@neurite/datasets';
import { dense } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { adam } from '@neurite/optimizers';
import { l2 } from '@neurite/regularizers';
import { defineClaim, type Settings } from '../../claim.ts';
import { above, printShare, report } from '../../fact.ts';
import { chart, line } from '../../figure/chart.ts';
import { classed, gridOf, lead, plane, regions } from '../../figure/plane.ts';
import { panels } from '../../figure/svg.ts';

const sets = {
  circle: (seed: number) => circle({ examples: 120, seed }),
  spiral: (seed: number) => spiral({ examples: 120, seed }),
  moons: (seed: number) => moons({ examples: 120, noise: 0.15, seed }),
  'exclusive or': (seed: number) => xor({ examples: 120, noise: 0.15, seed }),
  clouds: (seed: number) => gaussianClouds({ examples: 120, noise: 0.5, seed }),
};
const activations = { tanh, relu, leakyRelu, sigmoid, sine };
const grid = gridOf(61, 1.7);

const controls = {
  data: { label: 'data', value: 'circle', choices: ['circle', 'spiral', 'moons', 'exclusive or', 'clouds'] },
  activation: {
    label: 'activation',
    value: 'tanh',
    choices: ['tanh', 'relu', 'leakyRelu', 'sigmoid', 'sine'],
  },
  layers: { label: 'hidden layers', value: 2, minimum: 0, maximum: 5, step: 1 },
  units: { label: 'units in each', value: 6, minimum: 1, maximum: 40, step: 1 },
  rate: { label: 'learning rate', value: 0.02, minimum: 0.001, maximum: 0.2, step: 0.001 },
  penalty: { label: 'L2 penalty', value: 0, minimum: 0, maximum: 0.05, step: 0.001 },
  epochs: { label: 'epochs', value: 200, minimum: 10, maximum: 1000, step: 10 },
} as const;

async function experiment({
  seed,
  data,
  activation,
  layers,
  units,
  rate,
  penalty,
  epochs,
}: Settings<typeof controls>) {
  const examples = sets[data](seed);
  const hidden = Array.from({ length: layers }, () =>
    dense({ units, activation: activations[activation]() }),
  );
  const network = sequential([2], [...hidden, dense({ units: 2 })]);
  const trainer = await train(network, {
    loss: softmaxCrossEntropy(),
    optimizer: adam({ learningRate: rate }),
    regularizer: l2({ strength: penalty }),
    backend: wasm({ threads: 1, deterministic: true }),
    metrics: [accuracy()],
    seed,
  });
  const { epochs: reports } = await trainer.fit(examples, { epochs, batchSize: 20 });
  return {
    examples,
    losses: reports.map(({ loss }) => loss),
    accuracy: (await trainer.evaluate(examples)).accuracy!,
    parameters: network.summary().parameters,
    region: lead(await trainer.predict(grid.rows)),
  };
}

export const claim = defineClaim({
  number: 55,
  title: 'Now you: a plane to play with',
  text: `
The notes end with demonstrations in the browser, ConvNetJS's classifier in two dimensions first of all. Here is its like:
choose the data and the network, and look. As it stands, two layers of six tanh units have the disc in its ring. Try to do it
without a hidden layer; with two units; the spiral with as few as you can; and see what a penalty does to clouds that
overlap.`,
  controls,
  experiment,
  facts: ({ accuracy, losses, parameters }) => [
    above('Right on the disc and the ring', accuracy, 0.97, printShare),
    report('Loss in the last epoch', losses.at(-1)!),
    report('Parameters', parameters),
  ],
  refutedBy: (result) => ({ ...result, accuracy: 0.5 }),
  figure: ({ examples, region, losses }) =>
    panels(
      plane({
        title: 'The data, and what the network makes of the plane',
        extent: 1.7,
        size: 320,
        marks: [regions(region, 1.7), classed(examples)],
      }),
      chart({
        title: 'Loss over the epochs',
        x: { domain: [0, losses.length], label: 'epoch' },
        y: { domain: [0, Math.max(...losses)], label: 'mean loss' },
        width: 320,
        height: 320,
        marks: [line(losses.map((loss, epoch) => [epoch, loss]))],
      }),
    ),
});
