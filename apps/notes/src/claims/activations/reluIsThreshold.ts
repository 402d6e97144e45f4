import { relu } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { wasm } from '@neurite/backend-wasm';
import { evaluate, grad, placeholder, sequential, train } from '@neurite/core';
import { activation } from '@neurite/layers';
import { meanSquaredError } from '@neurite/losses';
import { sgd } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { equals } from '../../fact.ts';
import { chart, line } from '../../figure/chart.ts';
import { largestDifference, range } from '../../numbers.ts';

async function experiment() {
  const xs = range(-3, 3, 121);
  const x = placeholder('x', [121, 1]);
  const y = relu().apply(x);
  const [values, slopes] = evaluate([y, grad(y.sum(), [x])[0]!], { x: xs });

  let difference = 0;
  for (const backend of [cpu(), wasm({ threads: 1 })]) {
    const network = sequential([1], [activation({ activation: relu() })]);
    const trainer = await train(network, { loss: meanSquaredError(), optimizer: sgd(), backend });
    difference = Math.max(difference, largestDifference(await trainer.predict(xs), values!));
  }
  const fromFormula = largestDifference(
    values!,
    new Float32Array(xs).map((at) => Math.max(0, at)),
  );
  return { xs, values: values!, slopes: slopes!, atZero: slopes![60]!, difference, fromFormula };
}

export const claim = defineClaim({
  number: 19,
  title: 'ReLU is a threshold: $f(x) = \\max(0, x)$',
  text: `
Below zero nothing, above it the number itself: a slope of 0 or of 1, and no saturation on the right however far it goes. At
zero exactly the function has a corner and no slope; one has to be chosen. Here, as in PyTorch, it is 0.`,
  experiment,
  facts: ({ fromFormula, difference, atZero, slopes }) => [
    equals('Difference from max(0, x)', fromFormula, 0),
    equals('Difference between backends', difference, 0),
    equals('Slope at 0', atZero, 0),
    equals('Slope at −3', slopes[0]!, 0),
    equals('Slope at 3', slopes[120]!, 1),
  ],
  refutedBy: (result) => ({ ...result, atZero: 0.5 }),
  figure: ({ xs, values, slopes }) =>
    chart({
      title: 'ReLU and its slope',
      x: { domain: [-3, 3], label: 'x' },
      y: { domain: [-0.2, 3] },
      marks: [
        line(xs.map((at, i) => [at, values[i]!])),
        line(
          xs.slice(0, 61).map((at, i) => [at, slopes[i]!]),
          { series: 2 },
        ),
        line(
          xs.slice(61).map((at, i) => [at, slopes[i + 61]!]),
          { series: 2 },
        ),
      ],
      legend: ['max(0, x)', 'its slope'],
    }),
});
