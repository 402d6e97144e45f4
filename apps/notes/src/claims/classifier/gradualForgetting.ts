import { cpu } from '@neurite/backend-cpu';
import { sequential, train } from '@neurite/core';
import { dense } from '@neurite/layers';
import { binaryHinge } from '@neurite/losses';
import { sgd } from '@neurite/optimizers';
import { l2 } from '@neurite/regularizers';
import { defineClaim } from '../../claim.ts';
import { below, equals } from '../../fact.ts';
import { chart, line } from '../../figure/chart.ts';
import { largestDifference } from '../../numbers.ts';

async function experiment({ seed, rate, strength }: Record<'seed' | 'rate' | 'strength', number>) {
  const network = sequential([3], [dense({ units: 1 })]);
  const trainer = await train(network, {
    loss: binaryHinge(), // beyond its margin there is nothing to learn
    optimizer: sgd({ learningRate: rate }),
    regularizer: l2({ strength }),
    backend: cpu(),
    dtype: 'float64',
    seed,
  });
  trainer.writeParameters({ 'output.bias': [50] });
  const { 'output.weight': first } = await trainer.readParameters();
  const known = { inputs: [[0.1, -0.2, 0.3]], targets: [1] };

  const path = [Array.from(first!)];
  for (let step = 1; step <= 60; step++) {
    await trainer.step(known);
    path.push(Array.from((await trainer.readParameters())['output.weight']!));
  }
  const expected = Array.from(first!, (w) => w * (1 - rate * strength) ** 60);
  const { 'output.bias': bias } = await trainer.readParameters();
  return { path, difference: largestDifference(path.at(-1)!, expected), bias: bias![0]! };
}

export const claim = defineClaim({
  number: 12,
  title: 'A penalty on weights is gradual forgetting',
  text: `
An example that is far beyond the margin teaches nothing, so all that is left is the penalty, and every step takes the same
share of each weight away: after $t$ steps at the rate $h$ and the strength $\\lambda$ there remains
$w_0\\,(1 - h\\lambda)^t$. What is not practised fades. The bias is not penalized, and stays to the last bit.`,
  controls: {
    rate: { label: 'learning rate $h$', value: 0.1, minimum: 0.01, maximum: 1, step: 0.01 },
    strength: { label: 'strength $\\lambda$', value: 0.3, minimum: 0, maximum: 1, step: 0.05 },
  },
  experiment,
  facts: ({ difference, bias }) => [
    below('Largest difference from w₀ (1 − hλ)⁶⁰', difference, 1e-14),
    equals('Bias, which began as 50', bias, 50),
  ],
  refutedBy: (result) => ({ ...result, bias: 8 }),
  figure: ({ path }) => {
    const reach = 1.1 * Math.max(...path.flat().map(Math.abs));
    return chart({
      title: 'Three weights that are forgotten',
      x: { domain: [0, 60], label: 'step' },
      y: { domain: [-reach, reach], label: 'weight' },
      marks: [0, 1, 2].map((i) =>
        line(
          path.map((w, step) => [step, w[i]!]),
          { series: i + 1 },
        ),
      ),
      legend: ['w₀', 'w₁', 'w₂'],
    });
  },
});
