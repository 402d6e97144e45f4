import { identity, tanh } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { accuracy, sequential, train } from '@neurite/core';
import { xor } from '@neurite/datasets';
import { dense } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { adam } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { atMost, below, equals, printShare } from '../../fact.ts';
import { classed, gridOf, lead, plane, regions } from '../../figure/plane.ts';
import { panels } from '../../figure/svg.ts';
import { largestDifference } from '../../numbers.ts';

const clouds = xor({ examples: 60, noise: 0.15 });
const grid = gridOf(41, 1.6);

async function experiment({ seed, units }: { seed: number; units: number }) {
  const basics = { loss: softmaxCrossEntropy(), backend: cpu(), metrics: [accuracy()], seed };
  const learn = async (activation: typeof identity | typeof tanh) => {
    const network = sequential([2], [dense({ units, activation: activation() }), dense({ units: 2 })]);
    const trainer = await train(network, { ...basics, optimizer: adam({ learningRate: 0.05 }) });
    await trainer.fit(clouds, { epochs: 300, batchSize: 30 });
    const { accuracy: reached } = await trainer.evaluate(xor()); // the four corners themselves
    return { trainer, reached: reached!, region: lead(await trainer.predict(grid.rows)) };
  };
  const [straight, bent] = [await learn(identity), await learn(tanh)];

  // Without the non-linearity, W = W1 W2 and b = b1 W2 + b2 do all that the two layers do.
  const p = await straight.trainer.readParameters();
  const [W1, b1, W2, b2] = ['hidden1.weight', 'hidden1.bias', 'output.weight', 'output.bias'].map(
    (name) => p[name]!,
  );
  const product = (row: ArrayLike<number>, k: number) =>
    Array.from(row).reduce((sum, h, j) => sum + h * W2![2 * j + k]!, 0);
  const rowOf = (i: number) => W1!.subarray(i * units, (i + 1) * units);
  const W = [0, 1].map((i) => [product(rowOf(i), 0), product(rowOf(i), 1)]);
  const b = [0, 1].map((k) => product(b1!, k) + b2![k]!);
  const collapsed = [0, 1].flatMap((x0) =>
    [0, 1].flatMap((x1) => b.map((offset, k) => x0 * W[0]![k]! + x1 * W[1]![k]! + offset)),
  );
  const deep = await straight.trainer.predict([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]);

  return {
    difference: largestDifference(deep, collapsed),
    straight: { accuracy: straight.reached, region: straight.region },
    bent: { accuracy: bent.reached, region: bent.region },
  };
}

export const claim = defineClaim({
  number: 3,
  title: 'Without a non-linearity, layers collapse',
  text: `
Two matrices one after the other are a single matrix: their product. A network whose units pass their sum on unchanged is
therefore no more than a linear classifier, however many layers it has. The exclusive or shows it: no straight line has
more than three of its four corners right. A $\\tanh$ between the layers is where the wiggle comes from.`,
  seed: 3,
  controls: { units: { label: 'hidden units', value: 4, minimum: 1, maximum: 12, step: 1 } },
  experiment,
  facts: ({ difference, straight, bent }) => [
    below('Largest difference between two linear layers and their product', difference, 1e-5),
    atMost('Corners that the linear network has right', straight.accuracy, 0.75, printShare),
    equals('Corners that the tanh network has right', bent.accuracy, 1, printShare),
  ],
  refutedBy: (result) => ({ ...result, straight: { ...result.straight, accuracy: 1 } }),
  figure: ({ straight, bent }) => {
    const draw = (heading: string, { region }: { region: readonly number[] }) =>
      plane({
        title: `Regions of the network with ${heading}`,
        heading,
        extent: 1.6,
        marks: [regions(region, 1.6), classed(clouds)],
      });
    return panels(draw('identity', straight), draw('tanh', bent));
  },
});
