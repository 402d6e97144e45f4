import { leakyRelu, relu } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { type Activation, evaluate, normal, sequential, train } from '@neurite/core';
import { dense, maxout } from '@neurite/layers';
import { meanSquaredError } from '@neurite/losses';
import { sgd } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { equals } from '../../fact.ts';
import { chart, line } from '../../figure/chart.ts';
import { largestDifference, range } from '../../numbers.ts';

async function experiment({ seed, slope }: { seed: number; slope: number }) {
  const xs = range(-4, 4, 201);
  const [numbers] = evaluate([normal([2], { seed, purpose: 'unit' })]);
  const [w, b] = numbers as unknown as [number, number];
  const options = { loss: meanSquaredError(), optimizer: sgd(), backend: cpu() };

  const unit = async (activation: Activation) => {
    const trainer = await train(sequential([1], [dense({ units: 1, activation, name: 'unit' })]), options);
    trainer.writeParameters({ 'unit.weight': [w], 'unit.bias': [b] });
    return trainer.predict(xs);
  };
  const largerOf = async (share: number) => {
    const trainer = await train(sequential([1], [maxout({ units: 1, name: 'unit' })]), options);
    trainer.writeParameters({ 'unit.weight': [share * w, w], 'unit.bias': [share * b, b] });
    return trainer.predict(xs);
  };

  const [asRelu, asLeaky] = [await largerOf(0), await largerOf(slope)];
  return {
    xs,
    asRelu,
    asLeaky,
    fromRelu: largestDifference(asRelu, await unit(relu())),
    fromLeaky: largestDifference(asLeaky, await unit(leakyRelu({ slope }))),
  };
}

export const claim = defineClaim({
  number: 28,
  title: 'ReLU and leaky ReLU are maxout units whose first piece is given',
  text: `
With $w_1 = 0$ and $b_1 = 0$ the larger of two sums is a ReLU. With $w_1 = \\alpha w_2$ and $b_1 = \\alpha b_2$ it is a leaky one.
Not nearly: for a power of two as the slope, in every bit.`,
  controls: { slope: { label: 'slope $\\alpha$', value: 0.125, minimum: 0, maximum: 0.5, step: 0.125 } },
  experiment,
  facts: ({ fromRelu, fromLeaky }) => [
    equals('Difference between maxout and ReLU', fromRelu, 0),
    equals('Difference between maxout and leaky ReLU', fromLeaky, 0),
  ],
  refutedBy: (result) => ({ ...result, fromLeaky: 0.1 }),
  figure: ({ xs, asRelu, asLeaky }) => {
    const all = [...asRelu, ...asLeaky];
    const drawn = (values: ArrayLike<number>) => xs.map((x, i) => [x, values[i]!] as const);
    return chart({
      title: 'Maxout as ReLU and as leaky ReLU of a random sum',
      x: { domain: [-4, 4], label: 'x' },
      y: { domain: [Math.min(...all) - 0.2, Math.max(...all) + 0.2] },
      marks: [line(drawn(asLeaky), { series: 2 }), line(drawn(asRelu), { dashed: true })],
      legend: ['as ReLU', 'as leaky ReLU'],
    });
  },
});
