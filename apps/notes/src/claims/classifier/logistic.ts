import { cpu } from '@neurite/backend-cpu';
import { gradients, sequential, train, zeros } from '@neurite/core';
import { dense } from '@neurite/layers';
import { binaryCrossEntropy, softmaxCrossEntropy } from '@neurite/losses';
import { momentum } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { below, near } from '../../fact.ts';
import { chart, dots, line, note, rule } from '../../figure/chart.ts';
import { range } from '../../numbers.ts';

// Classes that overlap, so that the best weights are finite.
const x = [-2, -1.5, -1, -0.2, 0.1, 0.4, 0.9, 1.4, 2, 2.5];
const y = [0, 0, 0, 1, 0, 1, 0, 1, 1, 1];

/** Logistic regression by Newton's method, as statistics does it. */
function newton(): [w: number, b: number] {
  let [w, b] = [0, 0];
  for (let step = 0; step < 20; step++) {
    let [gw, gb, hww, hwb, hbb] = [0, 0, 0, 0, 0];
    x.forEach((value, i) => {
      const p = 1 / (1 + Math.exp(-(w * value + b)));
      const [g, h] = [p - y[i]!, p * (1 - p)];
      [gw, gb] = [gw + g * value, gb + g];
      [hww, hwb, hbb] = [hww + h * value * value, hwb + h * value, hbb + h];
    });
    const determinant = hww * hbb - hwb * hwb;
    [w, b] = [w - (hbb * gw - hwb * gb) / determinant, b - (hww * gb - hwb * gw) / determinant];
  }
  return [w, b];
}

async function experiment() {
  const optimizer = momentum({ learningRate: 0.5 });
  const options = { optimizer, backend: cpu(), dtype: 'float64' } as const;
  const one = await train(sequential([1], [dense({ units: 1 })]), { ...options, loss: binaryCrossEntropy() });
  const two = await train(sequential([1], [dense({ units: 2, initializer: zeros() })]), {
    ...options,
    loss: softmaxCrossEntropy(),
  });

  // One unit with score z, and a softmax over the scores [0, z], are the same thing.
  let difference = 0;
  for (const z of [-20, -2, 0, 0.7, 12]) {
    for (const target of [0, 1]) {
      one.writeParameters({ 'output.weight': [z], 'output.bias': [0] });
      two.writeParameters({ 'output.weight': [0, z], 'output.bias': [0, 0] });
      const example = { inputs: [[1]], targets: [target] };
      const [a, b] = [await one.evaluate(example), await two.evaluate(example)];
      const [ga, gb] = [await gradients(one, example), await gradients(two, example)];
      const slope = Math.abs(ga['output.weight']![0]! - gb['output.weight']![1]!);
      difference = Math.max(difference, Math.abs(a.loss! - b.loss!), slope);
    }
  }

  await one.fit({ inputs: x, targets: y }, { epochs: 1000, batchSize: 10 });
  const { 'output.weight': w, 'output.bias': b } = await one.readParameters();
  return { difference, w: w![0]!, b: b![0]!, newton: newton() };
}

export const claim = defineClaim({
  number: 10,
  title: 'With a cross-entropy loss the neuron is logistic regression',
  text: `
Read $\\sigma(w \\cdot x + b)$ as the probability of class 1; that of class 0 is what remains. The cross-entropy loss then makes
the neuron a binary softmax classifier, and whatever is above 0.5 is taken for class 1. Two things are checked: that one unit
with a score $z$ has the loss and the gradient of a softmax over the scores $[0, z]$; and that gradient descent ends where
Newton's method ends, the way statisticians have fitted this model since long before there were networks.`,
  experiment,
  facts: ({ difference, w, b, newton }) => [
    below('Largest difference between one unit and two, in loss and gradient', difference, 1e-12),
    near('Weight, against Newton’s', w, newton[0], 1e-4),
    near('Bias, against Newton’s', b, newton[1], 1e-4),
  ],
  refutedBy: (result) => ({ ...result, w: -result.w }),
  figure: ({ w, b }) =>
    chart({
      title: 'Ten examples of two classes, and the probability of class 1 that was learned',
      x: { domain: [-3, 3.5], label: 'x' },
      y: { domain: [-0.05, 1.05], label: 'P(class 1)' },
      marks: [
        rule('y', 0.5),
        rule('x', -b / w),
        note([-b / w + 0.08, 0.28], 'threshold'),
        line(range(-3, 3.5, 120).map((at) => [at, 1 / (1 + Math.exp(-(w * at + b)))])),
        ...x.map((at, i) => dots([[at, y[i]!]], { series: y[i]! + 1, radius: 5.5 })),
      ],
    }),
});
