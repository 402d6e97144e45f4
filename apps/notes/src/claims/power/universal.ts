import { sigmoid } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { sequential, train } from '@neurite/core';
import { dense } from '@neurite/layers';
import { meanSquaredError } from '@neurite/losses';
import { sgd } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { atMost, equals } from '../../fact.ts';
import { chart, line } from '../../figure/chart.ts';
import { largestDifference, range } from '../../numbers.ts';

const f = (x: number): number => x * Math.sin(x);
const xs = range(-5, 5, 1001);

/** One hidden layer of n − 1 sigmoids, its weights written down: a step up or down where two of n bins meet. */
async function staircase(n: number) {
  const width = 10 / n;
  const height = (bin: number): number => f(-5 + (bin + 0.5) * width);
  const edges = Array.from({ length: n - 1 }, (_, i) => -5 + (i + 1) * width);
  const network = sequential([1], [dense({ units: n - 1, activation: sigmoid() }), dense({ units: 1 })]);
  const options = { loss: meanSquaredError(), optimizer: sgd(), backend: cpu(), dtype: 'float64' } as const;
  const trainer = await train(network, options);
  const steepness = 40 / width;
  trainer.writeParameters({
    'hidden1.weight': edges.map(() => steepness),
    'hidden1.bias': edges.map((edge) => -steepness * edge),
    'output.weight': edges.map((_, i) => height(i + 1) - height(i)),
    'output.bias': [height(0)],
  });
  return trainer;
}

async function experiment({ bins }: { seed: number; bins: number }) {
  const sizes = [20, 50, 100, 200];
  const errors: number[] = [];
  for (const n of sizes) errors.push(largestDifference(await (await staircase(n)).predict(xs), xs.map(f)));
  const shown = await (await staircase(bins)).predict(xs);
  const shrinking = errors.every((error, i) => i === 0 || error < errors[i - 1]!);
  return { sizes, errors, shrinking, bins, shown, error: largestDifference(shown, xs.map(f)) };
}

export const claim = defineClaim({
  number: 42,
  title: 'One hidden layer comes as near to a continuous function as you like',
  text: `
For any continuous $f$ and any $\\varepsilon > 0$ there is a network $g$ with one hidden layer such that
$|f(x) - g(x)| < \\varepsilon$ everywhere on an interval. It need not be trained: it can be written down. Cut the interval
into bins, and let a steep sigmoid at each edge step from the height of one bin to that of the next. The stairs follow
$x \\sin x$ as closely as there are steps, and no weight is ever learned.`,
  controls: { bins: { label: 'bins', value: 20, minimum: 2, maximum: 200, step: 1 } },
  experiment,
  facts: ({ errors, shrinking }) => [
    atMost('Largest error anywhere with 100 bins', errors[2]!, 0.16),
    atMost('with 200', errors[3]!, 0.08),
    equals('More bins, smaller error: 20, 50, 100, 200', Number(shrinking && errors[0]! > 0), 1, (value) =>
      value ? 'yes' : 'no',
    ),
  ],
  refutedBy: (result) => ({ ...result, errors: result.errors.map(() => 1) }),
  figure: ({ bins, shown, error }) =>
    chart({
      title: `x sin x and a constructed network of ${bins - 1} hidden units; largest error ${error.toFixed(3)}`,
      heading: `${bins - 1} hidden units · largest error ${error.toFixed(3)}`,
      x: { domain: [-5, 5], label: 'x' },
      y: { domain: [-5.5, 2.5] },
      marks: [
        line(
          xs.map((x) => [x, f(x)]),
          { series: 2 },
        ),
        line(xs.map((x, i) => [x, shown[i]!])),
      ],
      legend: ['network', 'x sin x'],
    }),
});
