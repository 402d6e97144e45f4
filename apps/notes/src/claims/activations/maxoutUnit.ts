import { cpu } from '@neurite/backend-cpu';
import { evaluate, gradients, normal, sequential, train } from '@neurite/core';
import { maxout } from '@neurite/layers';
import { meanSquaredError } from '@neurite/losses';
import { sgd } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { below, equals } from '../../fact.ts';
import { chart, line } from '../../figure/chart.ts';
import { largestDifference, range } from '../../numbers.ts';

async function experiment({ seed, pieces }: { seed: number; pieces: number }) {
  const network = sequential([1], [maxout({ units: 1, pieces, name: 'unit' })]);
  const options = { loss: meanSquaredError(), optimizer: sgd(), backend: cpu(), dtype: 'float64' } as const;
  const trainer = await train(network, { ...options, seed });
  const [w, b] = [1, 2].map(
    (which) => evaluate([normal([pieces], { seed, purpose: `piece ${which}` }, 'float64')])[0]!,
  );
  trainer.writeParameters({ 'unit.weight': w!, 'unit.bias': b! });

  const xs = range(-3, 3, 121);
  const values = await trainer.predict(xs);
  const lines = Array.from(w!, (weight, k) => xs.map((x) => weight * x + b![k]!));
  const byBruteForce = xs.map((_, i) => Math.max(...lines.map((one) => one[i]!)));

  let strayed = 0;
  for (let i = 0; i < xs.length; i += 6) {
    const { 'unit.bias': gradient } = await gradients(trainer, { inputs: [xs[i]!], targets: [-100] });
    const winner = lines.findIndex((one) => one[i] === byBruteForce[i]);
    strayed += gradient!.filter((slope, k) => (slope !== 0) !== (k === winner)).length;
  }
  return { xs, values, lines, difference: largestDifference(values, byBruteForce), strayed };
}

export const claim = defineClaim({
  number: 27,
  title: 'A maxout unit is the largest of several sums',
  text: `
$\\max(w_1 \\cdot x + b_1,\\; w_2 \\cdot x + b_2)$ has no activation function; the choice among linear pieces is the bend. Over
one input it is the upper edge of some straight lines, so any convex shape, learned. The gradient goes to the piece that
won, which has a slope of its own: nothing saturates and nothing dies.`,
  seed: 5,
  controls: { pieces: { label: 'pieces', value: 4, minimum: 1, maximum: 8, step: 1 } },
  experiment,
  facts: ({ difference, strayed }) => [
    below('Largest difference from brute force', difference, 1e-12),
    equals('Gradients that went to another piece than the winner', strayed, 0),
  ],
  refutedBy: (result) => ({ ...result, strayed: 3 }),
  figure: ({ xs, values, lines }) => {
    const reach = Math.max(...lines.flat().map(Math.abs));
    return chart({
      title: 'A maxout unit over one input, and the lines it chooses from',
      x: { domain: [-3, 3], label: 'x' },
      y: { domain: [-reach, reach] },
      marks: [
        ...lines.map((one) =>
          line(
            xs.map((x, i) => [x, one[i]!]),
            { series: 2, thin: true, dashed: true },
          ),
        ),
        line(xs.map((x, i) => [x, values[i]!])),
      ],
      legend: ['maxout', 'its pieces'],
    });
  },
});
