import { sigmoid } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { evaluate, normal, sequential, train } from '@neurite/core';
import { dense } from '@neurite/layers';
import { meanSquaredError } from '@neurite/losses';
import { sgd } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { below, equals } from '../../fact.ts';
import { arrow, type Mark } from '../../figure/chart.ts';
import { contourLine, gridOf, plane, regions } from '../../figure/plane.ts';

const neuron = sequential([2], [dense({ units: 1, activation: sigmoid(), name: 'neuron' })]);
const grid = gridOf(31, 2);

async function experiment({ seed, angle, length, b }: Record<'seed' | 'angle' | 'length' | 'b', number>) {
  const options = { loss: meanSquaredError(), optimizer: sgd(), backend: cpu(), dtype: 'float64' } as const;
  const trainer = await train(neuron, options);

  let [offLine, wrongSide] = [0, 0];
  const [numbers] = evaluate([normal([100, 4], { seed, purpose: 'neurons' }, 'float64')]);
  for (let i = 0; i < 400; i += 4) {
    const [w0, w1, bias, along] = numbers!.subarray(i, i + 4) as unknown as [number, number, number, number];
    trainer.writeParameters({ 'neuron.weight': [w0, w1], 'neuron.bias': [bias] });
    // The foot of the perpendicular, then along the line; a little to the side that w points to, and to the other.
    const size = w0 ** 2 + w1 ** 2;
    const [x, y] = [(-bias * w0) / size - along * w1, (-bias * w1) / size + along * w0];
    const rates = await trainer.predict([
      [x, y],
      [x + 0.1 * w0, y + 0.1 * w1],
      [x - 0.1 * w0, y - 0.1 * w1],
    ]);
    offLine = Math.max(offLine, Math.abs(rates[0]! - 0.5));
    if (!(rates[1]! > 0.5 && rates[2]! < 0.5)) wrongSide++;
  }

  const w = [length * Math.cos((angle * Math.PI) / 180), length * Math.sin((angle * Math.PI) / 180)];
  trainer.writeParameters({ 'neuron.weight': w, 'neuron.bias': [b] });
  return { offLine, wrongSide, w, rates: await trainer.predict(grid.rows) };
}

export const claim = defineClaim({
  number: 9,
  title: 'A neuron likes one half of its inputs and dislikes the other',
  text: `
Where $w \\cdot x + b = 0$ the neuron is undecided, at 0.5. That is a straight line, across $w$. On the side that $w$ points
to, the neuron's activation goes towards one; on the other towards zero. A longer $w$ makes the change more abrupt, and $b$
moves the line. The figure shows the lines on which the output is 0.1, 0.3, 0.5, 0.7 and 0.9; the facts are about a hundred
random neurons.`,
  controls: {
    angle: { label: 'direction of $w$, °', value: 35, minimum: -180, maximum: 180, step: 5 },
    length: { label: 'length of $w$', value: 2, minimum: 0.2, maximum: 8, step: 0.2 },
    b: { label: 'bias $b$', value: -0.6, minimum: -4, maximum: 4, step: 0.1 },
  },
  experiment,
  facts: ({ offLine, wrongSide }) => [
    below('On the line, the output’s largest distance from 0.5', offLine, 1e-12),
    equals('Of 100 neurons, those that like the wrong side', wrongSide, 0),
  ],
  refutedBy: (result) => ({ ...result, wrongSide: 50 }),
  figure: ({ w, rates }) => {
    const above = (level: number) => Array.from(rates, (rate) => rate - level);
    const lines = [0.1, 0.3, 0.7, 0.9].map((level): Mark => contourLine(above(level), 2));
    const length = Math.hypot(w[0]!, w[1]!) || 1;
    return plane({
      title: 'What a neuron likes: the half of the plane that its weights point to',
      extent: 2,
      size: 340,
      marks: [regions(above(0.5), 2), ...lines, arrow([0, 0], [w[0]! / length, w[1]! / length], 4)],
    });
  },
});
