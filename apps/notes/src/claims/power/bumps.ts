import { sigmoid } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { sequential, train } from '@neurite/core';
import { dense } from '@neurite/layers';
import { meanSquaredError } from '@neurite/losses';
import { sgd } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { atMost, below, report } from '../../fact.ts';
import { chart, line } from '../../figure/chart.ts';
import { largestDifference, range } from '../../numbers.ts';

const f = (x: number): number => x * Math.sin(x);
const xs = range(-5, 5, 1001);

/** c · 1(a < x < b) for each of n bins, the outer ones made a little wider. */
const bumpsOf = (n: number) =>
  Array.from({ length: n }, (_, i) => {
    const [a, b] = [-5 + (10 * i) / n, -5 + (10 * (i + 1)) / n];
    return { a: i === 0 ? a - 1 : a, b: i === n - 1 ? b + 1 : b, c: f((a + b) / 2) };
  });

async function experiment({ bumps }: { seed: number; bumps: number }) {
  const errorOf = (n: number) => {
    const sum = (x: number) =>
      bumpsOf(n).reduce((total, { a, b, c }) => total + (a < x && x <= b ? c : 0), 0);
    return largestDifference(xs.map(sum), xs.map(f));
  };
  const errors = [10, 20, 50, 100, 200].map(errorOf);

  // The same as a network: each bump is two sigmoids, one up at a and one down at b.
  const all = bumpsOf(bumps);
  const steepness = 40 * (bumps / 10);
  const network = sequential([1], [dense({ units: 2 * bumps, activation: sigmoid() }), dense({ units: 1 })]);
  const options = { loss: meanSquaredError(), optimizer: sgd(), backend: cpu(), dtype: 'float64' } as const;
  const trainer = await train(network, options);
  trainer.writeParameters({
    'hidden1.weight': all.flatMap(() => [steepness, steepness]),
    'hidden1.bias': all.flatMap(({ a, b }) => [-steepness * a, -steepness * b]),
    'output.weight': all.flatMap(({ c }) => [c, -c]),
    'output.bias': [0],
  });
  const shown = await trainer.predict(xs);
  const error = largestDifference(shown, xs.map(f));
  return { errors, shown, error, exact: errorOf(bumps), parameters: network.summary().parameters, bumps };
}

export const claim = defineClaim({
  number: 43,
  title: 'So does a sum of indicator bumps, $g(x) = \\sum_i c_i\\,\\mathbf{1}(a_i < x < b_i)$',
  text: `
It approximates any continuous function as well, with parameters $a$, $b$ and $c$ — and nobody would think of using it for
machine learning. That a family of functions can be anything says little about whether it is any good. A bump is two
sigmoids, one that goes up and one that comes down. At the ends of the interval there is a trap: a bump that ends right there
is only half as high at its edge, so the outer ones reach beyond.`,
  controls: { bumps: { label: 'bumps', value: 20, minimum: 2, maximum: 200, step: 1 } },
  experiment,
  facts: ({ errors, error, exact, parameters }) => [
    atMost('Largest error of 100 bumps', errors[3]!, 0.2),
    atMost('of 200', errors[4]!, 0.1),
    below('Of 20 bumps: by how much the network’s error exceeds that of the sum', error - exact, 0.1),
    report('Parameters of that network', parameters),
  ],
  refutedBy: (result) => ({ ...result, error: 2.4 }),
  figure: ({ shown, bumps, error }) =>
    chart({
      title: `x sin x as a sum of ${bumps} bumps made of sigmoids; largest error ${error.toFixed(3)}`,
      heading: `${bumps} bumps · largest error ${error.toFixed(3)}`,
      x: { domain: [-5, 5], label: 'x' },
      y: { domain: [-5.5, 2.5] },
      marks: [
        ...bumpsOf(bumps).map(({ a, b, c }) =>
          line(
            [
              [a, 0],
              [a, c],
              [b, c],
              [b, 0],
            ],
            { series: 3, thin: true },
          ),
        ),
        line(
          xs.map((x) => [x, f(x)]),
          { series: 2 },
        ),
        line(xs.map((x, i) => [x, shown[i]!])),
      ],
      legend: ['network', 'x sin x', 'bumps'],
    }),
});
