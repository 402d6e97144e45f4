import { sigmoid } from '@neurite/activations';
import { evaluate, grad, placeholder } from '@neurite/core';
import { defineClaim } from '../../claim.ts';
import { below, equals, near } from '../../fact.ts';
import { chart, line } from '../../figure/chart.ts';
import { range } from '../../numbers.ts';

async function experiment() {
  const xs = [0, 10, -10, 1e4, -1e4, ...range(-10, 10, 161)];
  const x = placeholder('x', [xs.length, 1], { dtype: 'float64' });
  const y = sigmoid().apply(x);
  const [values, slopes] = evaluate([y, grad(y.sum(), [x])[0]!], { x: xs });
  const steepest = Math.max(...slopes!);
  return { xs, values: values!, slopes: slopes!, steepest };
}

export const claim = defineClaim({
  number: 14,
  title: 'The sigmoid saturates at both ends',
  text: `
$\\sigma(x) = 1/(1 + e^{-x})$ takes any number to one between 0 and 1, and is flat in both of its tails. A gradient on its
way back is multiplied by the slope it meets. In the middle that is a quarter, at best; ten away from it, less than a
twenty-thousandth. What goes through a saturated unit is as good as gone.`,
  experiment,
  facts: ({ values, slopes, steepest }) => [
    equals('σ(0)', values[0]!, 0.5),
    equals('Largest slope, at 0', steepest, 0.25),
    near('Slope at 10', slopes[1]!, 4.5396e-5, 1e-9),
    near('Slope at −10', slopes[2]!, 4.5396e-5, 1e-9),
    equals('σ(10,000)', values[3]!, 1),
    below('σ(−10,000), without overflow', values[4]!, 1e-300),
  ],
  refutedBy: (result) => ({ ...result, steepest: 1 }),
  figure: ({ xs, values, slopes }) => {
    const drawn = (numbers: ArrayLike<number>) => xs.map((at, i) => [at, numbers[i]!] as const).slice(5);
    return chart({
      title: 'The sigmoid and its slope',
      x: { domain: [-10, 10], label: 'x' },
      y: { domain: [0, 1.05] },
      marks: [line(drawn(values)), line(drawn(slopes), { series: 2 })],
      legend: ['σ(x)', 'its slope'],
    });
  },
});
