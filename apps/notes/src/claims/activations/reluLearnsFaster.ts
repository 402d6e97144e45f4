import { relu, sigmoid, tanh } from '@neurite/activations';
import { wasm } from '@neurite/backend-wasm';
import { type Activation, sequential, train } from '@neurite/core';
import { spiral } from '@neurite/datasets';
import { dense } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { momentum } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { above, report } from '../../fact.ts';
import { chart, line } from '../../figure/chart.ts';
import { median } from '../../numbers.ts';

async function experiment({ seed, wanted }: { seed: number; wanted: number }) {
  const data = spiral({ examples: 100 });
  const most = 300;

  const race = async (f: Activation) => {
    const hidden = () => dense({ units: 20, activation: f });
    const network = sequential([2], [hidden(), hidden(), hidden(), dense({ units: 2 })]);
    const optimizer = () => momentum({ learningRate: 0.05 });
    const curves: number[][] = [];
    const steps: number[] = [];
    for (let i = 0; i < 5; i++) {
      const options = {
        loss: softmaxCrossEntropy(),
        optimizer: optimizer(),
        backend: wasm({ threads: 1, deterministic: true }),
        seed: seed + i,
      };
      const trainer = await train(network, options);
      const { epochs } = await trainer.fit(data, { epochs: most, batchSize: 100 });
      curves.push(epochs.map(({ loss }) => loss));
      const reached = epochs.findIndex(({ loss }) => loss < wanted);
      steps.push(reached < 0 ? most : reached);
    }
    const typical = curves[0]!.map((_, step) => median(curves.map((curve) => curve[step]!)));
    return { typical, steps: median(steps) };
  };

  return { relu: await race(relu()), tanh: await race(tanh()), sigmoid: await race(sigmoid()) };
}

export const claim = defineClaim({
  number: 20,
  title: 'ReLU learns faster — how much, depends',
  text: `
Krizhevsky and others found a network with ReLUs to need a sixth of the time of one with tanh. That was one convolutional
network on photographs, and no law. On this spiral, with three hidden layers and plain gradient descent with momentum, the
order of the three shows over five seeds; the ratio between the first two is reported, not promised. What is sure is that the
sigmoids come last.`,
  controls: { wanted: { label: 'loss to be reached', value: 0.3, minimum: 0.05, maximum: 0.6, step: 0.05 } },
  experiment,
  facts: ({ relu, tanh, sigmoid }) => [
    above('Steps of the sigmoids over those of ReLU, medians of five seeds', sigmoid.steps / relu.steps, 1.5),
    report('Steps with ReLU', relu.steps),
    report('Steps with tanh', tanh.steps),
    report('Ratio of the two', tanh.steps / relu.steps),
  ],
  refutedBy: (result) => ({ ...result, sigmoid: result.relu }),
  figure: ({ relu, tanh, sigmoid }) =>
    chart({
      title: 'Median loss over five seeds, by step',
      x: { domain: [0, 300], label: 'step' },
      y: { domain: [0, 0.8], label: 'loss' },
      marks: [relu, tanh, sigmoid].map(({ typical }, i) =>
        line(
          typical.map((loss, step) => [step, loss]),
          { series: i + 1 },
        ),
      ),
      legend: ['ReLU', 'tanh', 'sigmoid'],
    }),
});
