import { cpu } from '@neurite/backend-cpu';
import { evaluate, gradients, sequential, train, uniform } from '@neurite/core';
import { dense } from '@neurite/layers';
import { binaryCrossEntropy } from '@neurite/losses';
import { sgd } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { below, equals, printShare } from '../../fact.ts';
import { chart, dots, rule } from '../../figure/chart.ts';
import { panels } from '../../figure/svg.ts';

const unit = sequential([2], [dense({ units: 1, name: 'unit' })]);

async function experiment({ seed }: { seed: number }) {
  const options = { loss: binaryCrossEntropy(), optimizer: sgd(), backend: cpu(), seed };
  const trainer = await train(unit, options);
  const [numbers] = evaluate([uniform([400, 2], { seed, purpose: 'inputs' })]);

  const gradientsFor = async (shift: number) => {
    const points: number[][] = [];
    for (let row = 0; row < 400; row++) {
      const x = [numbers![2 * row]! - shift, numbers![2 * row + 1]! - shift];
      const { 'unit.weight': gradient } = await gradients(trainer, { inputs: [x], targets: [row % 2] });
      points.push(Array.from(gradient!));
    }
    const alike = points.filter(([a, b]) => a! * b! > 0).length / 400;
    return { points, alike };
  };

  // The same inputs twice: between 0 and 1, as sigmoids give them, and between −½ and ½.
  return { positive: await gradientsFor(0), centred: await gradientsFor(0.5) };
}

export const claim = defineClaim({
  number: 16,
  title: 'Inputs that are all positive give a unit’s weights gradients of one sign',
  text: `
For one example, $\\partial L/\\partial w_i$ is $x_i$ times one number that all weights of the unit share. Where every $x_i$ is
positive, as whatever comes out of sigmoids is, all weights must go up together or down together. To go up with one and
down with the other takes a zig-zag. Each point in the figure is the gradient of one example: two quadrants stay empty.`,
  experiment,
  facts: ({ positive, centred }) => [
    equals('Examples with gradients of one sign, inputs positive', positive.alike, 1, printShare),
    below('The same, inputs centred', centred.alike, 0.65, printShare),
  ],
  refutedBy: (result) => ({ ...result, positive: result.centred }),
  figure: ({ positive, centred }) => {
    const draw = (heading: string, { points }: { points: readonly (readonly number[])[] }) =>
      chart({
        title: `Gradients with ${heading}`,
        heading,
        x: { domain: [-0.8, 0.8], label: '∂L/∂w₀' },
        y: { domain: [-0.8, 0.8], label: '∂L/∂w₁' },
        width: 300,
        height: 290,
        marks: [rule('x', 0), rule('y', 0), dots(points as [number, number][], { radius: 2.4 })],
      });
    return panels(draw('positive inputs', positive), draw('centred inputs', centred));
  },
});
