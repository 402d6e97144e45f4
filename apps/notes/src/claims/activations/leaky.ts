import { leakyRelu, relu } from '@neurite/activations';
import { wasm } from '@neurite/backend-wasm';
import { type Activation, evaluate, placeholder, sequential, stopOnNaN, train } from '@neurite/core';
import { spiral } from '@neurite/datasets';
import { dense } from '@neurite/layers';
import { binaryCrossEntropy } from '@neurite/losses';
import { sgd } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { equals, near, report } from '../../fact.ts';
import { chart, line } from '../../figure/chart.ts';
import { largestDifference, range } from '../../numbers.ts';

async function experiment({ seed, slope, rate }: Record<'seed' | 'slope' | 'rate', number>) {
  const xs = [-1, ...range(-4, 4, 81)];
  const x = placeholder('x', [xs.length, 1], { dtype: 'float64' });
  const [values] = evaluate([leakyRelu({ slope }).apply(x)], { x: xs });
  const piecewise = xs.map((at) => (at < 0 ? 1 : 0) * slope * at + (at >= 0 ? 1 : 0) * at);

  const diverged = async (activation: Activation) => {
    const hidden = () => dense({ units: 32, activation });
    const network = sequential([2], [hidden(), hidden(), dense({ units: 1 })]);
    let runs = 0;
    for (let i = 0; i < 6; i++) {
      const optimizer = sgd({ learningRate: rate });
      const trainer = await train(network, {
        loss: binaryCrossEntropy(),
        optimizer,
        backend: wasm({ threads: 1, deterministic: true }),
        seed: seed + i,
      });
      const watch = stopOnNaN();
      await trainer.fit(spiral({ examples: 100 }), { epochs: 100, batchSize: 100, callbacks: [watch] });
      if (watch.finding) runs++;
    }
    return runs;
  };
  return {
    xs,
    values: values!,
    atMinusOne: values![0]!,
    slope,
    difference: largestDifference(values!, piecewise),
    leaky: await diverged(leakyRelu({ slope })),
    relu: await diverged(relu()),
  };
}

export const claim = defineClaim({
  number: 25,
  title: 'A leaky ReLU keeps a small slope on the left',
  text: `
$f(x) = \\mathbf{1}(x < 0)\\,\\alpha x + \\mathbf{1}(x \\ge 0)\\,x$, with $\\alpha$ about 0.01: a unit that has gone too far left can
find its way back. It is no insurance. At learning rates where ReLUs die and the training limps on, units that cannot die may
go on growing until the numbers overflow. How many of six trainings do so is reported; the notes say, rightly, that results
are not consistent.`,
  controls: {
    slope: { label: 'slope $\\alpha$', value: 0.01, minimum: 0, maximum: 0.5, step: 0.01 },
    rate: { label: 'learning rate', value: 5, minimum: 0.1, maximum: 20, step: 0.1 },
  },
  experiment,
  facts: ({ difference, atMinusOne, slope, leaky, relu }) => [
    equals('Difference from the formula with its two cases', difference, 0),
    near('f(−1)', atMinusOne, -slope, 1e-15),
    report('Of six trainings, those that overflowed with leaky ReLU', leaky),
    report('with ReLU', relu),
  ],
  refutedBy: (result) => ({ ...result, atMinusOne: 0 }),
  figure: ({ xs, values, slope }) =>
    chart({
      title: `Leaky ReLU with a slope of ${slope}`,
      x: { domain: [-4, 4], label: 'x' },
      y: { domain: [-2, 4] },
      marks: [line(xs.map((at, i) => [at, values[i]!] as const).slice(1))],
    }),
});
