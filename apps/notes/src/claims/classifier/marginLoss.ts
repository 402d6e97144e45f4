import { cpu } from '@neurite/backend-cpu';
import { gradients, sequential, train, zeros } from '@neurite/core';
import { dense } from '@neurite/layers';
import { binaryHinge } from '@neurite/losses';
import { exponentialDecay, sgd } from '@neurite/optimizers';
import { l2 } from '@neurite/regularizers';
import { defineClaim } from '../../claim.ts';
import { below, equals, near } from '../../fact.ts';
import { classed, contourLine, gridOf, plane, regions } from '../../figure/plane.ts';

const grid = gridOf(31, 2);
const points = {
  inputs: [
    [-1, 0.9],
    [-0.9, -1.2],
    [-1.6, 0.2],
    [-1.4, 1.5],
    [1, -0.4],
    [1.3, 0.9],
    [1.7, -1.1],
    [0.9, 1.6],
  ],
  targets: [-1, -1, -1, -1, 1, 1, 1, 1],
};
const pair = {
  inputs: [
    [-0.5, 0.6],
    [1, -0.4],
  ],
  targets: [-1, 1],
};

async function experiment({ seed, strength }: { seed: number; strength: number }) {
  const network = sequential([2], [dense({ units: 1, initializer: zeros() })]);
  const learningRate = exponentialDecay({ initial: 0.2, factor: 0.5, every: 400 });
  const options = { loss: binaryHinge(), backend: cpu(), seed } as const;
  const machine = (regularizer?: ReturnType<typeof l2>) =>
    train(network, { ...options, optimizer: sgd({ learningRate }), regularizer });

  // The gradient of one example with score s: ∓x inside the margin, nothing beyond it.
  const single = await machine();
  const slope = async (score: number) => {
    single.writeParameters({ 'output.weight': [0, 0], 'output.bias': [score] });
    const gradient = await gradients(single, { inputs: [[3, -2]], targets: [1] });
    return Array.from(gradient['output.weight']!);
  };
  const [inside, beyond] = [await slope(0.5), await slope(1.5)];

  const free = await machine();
  await free.fit(points, { epochs: 500, batchSize: 8 });
  const { loss } = await free.evaluate(points);

  // Of two points, the widest margin lies across the line between them.
  const widest = await machine(l2({ strength: 0.2 }));
  await widest.fit(pair, { epochs: 4000, batchSize: 2 });
  const { 'output.weight': w } = await widest.readParameters();
  const degrees = ((Math.atan2(w![1]!, w![0]!) - Math.atan2(-0.4 - 0.6, 1 + 0.5)) * 180) / Math.PI;

  const shown = await machine(l2({ strength }));
  await shown.fit(points, { epochs: 2000, batchSize: 8 });
  return { inside, beyond, loss: loss!, degrees, scores: await shown.predict(grid.rows) };
}

export const claim = defineClaim({
  number: 11,
  title: 'With a hinge loss the same neuron is a support vector machine',
  text: `
The hinge loss $\\max(0, 1 - t\\,s)$ is content once an example is on its side of the line with a margin of 1, and then has no
gradient at all: only the examples inside the margin pull. With a little $L_2$ penalty the neuron looks for the widest
margin. A stronger penalty widens it further, at the price of letting points in.`,
  controls: { strength: { label: 'penalty', value: 0.02, minimum: 0, maximum: 0.5, step: 0.01 } },
  experiment,
  facts: ({ inside, beyond, loss, degrees }) => [
    near('Gradient inside the margin, for x = (3, −2): along x₀', inside[0]!, -3, 1e-6),
    near('and along x₁', inside[1]!, 2, 1e-6),
    equals('Gradient beyond the margin', Math.abs(beyond[0]!) + Math.abs(beyond[1]!), 0),
    equals('Loss on eight points that a line divides', loss, 0),
    below('Of two points: angle between w and the widest margin, in degrees', Math.abs(degrees), 2),
  ],
  refutedBy: (result) => ({ ...result, degrees: 20 }),
  figure: ({ scores }) => {
    const above = (level: number) => Array.from(scores, (score) => score - level);
    const targets = points.targets.map((target) => (target + 1) / 2);
    return plane({
      title: 'Eight points, the line that divides them, and its margins',
      extent: 2,
      size: 340,
      marks: [
        regions(above(0), 2),
        contourLine(above(1), 2),
        contourLine(above(-1), 2),
        classed({ inputs: points.inputs.flat(), targets }, 5),
      ],
    });
  },
});
