import { sigmoid } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { layerOutputs, sequential, train } from '@neurite/core';
import { dense } from '@neurite/layers';
import { meanSquaredError } from '@neurite/losses';
import { sgd } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { below, near } from '../../fact.ts';
import { chart, dots, line } from '../../figure/chart.ts';
import { drawNeuron } from '../../figure/network.ts';
import { range } from '../../numbers.ts';

const neuron = sequential([2], [dense({ units: 1, activation: sigmoid(), name: 'neuron' })]);

async function experiment({ w0, w1, b, x0, x1 }: Record<'seed' | 'w0' | 'w1' | 'b' | 'x0' | 'x1', number>) {
  const options = { loss: meanSquaredError(), optimizer: sgd(), backend: cpu(), dtype: 'float64' } as const;
  const trainer = await train(neuron, options);
  trainer.writeParameters({ 'neuron.weight': [w0, w1], 'neuron.bias': [b] });
  const [cell] = await layerOutputs(trainer, [[x0, x1]]);
  const [sum, rate] = [cell!.scores[0]!, cell!.output[0]!];

  const byHand = 1 / (1 + Math.exp(-(w0 * x0 + w1 * x1 + b)));
  return { weights: [w0, w1], bias: b, inputs: [x0, x1], sum, rate, difference: Math.abs(rate - byHand) };
}

const slider = (label: string, value: number) => ({ label, value, minimum: -4, maximum: 4, step: 0.1 });

export const claim = defineClaim({
  number: 6,
  title: 'A neuron sums, then squashes: $\\sigma(\\sum_i w_i x_i + b)$',
  text: `
Signals arrive, each is multiplied by the strength of the connection it comes through, the cell adds them up with a bias of
its own, and an activation function turns the sum into a firing rate. With $\\sigma(x) = 1 / (1 + e^{-x})$ that rate lies
between 0, silent, and 1, as fast as it can. Move the weights and watch.`,
  controls: {
    w0: slider('weight $w_0$', 2),
    w1: slider('weight $w_1$', -3),
    b: slider('bias $b$', -3),
    x0: slider('input $x_0$', -1),
    x1: slider('input $x_1$', -2),
  },
  experiment,
  facts: ({ sum, rate, difference }) => [
    near('Sum in the cell, −2 + 6 − 3', sum, 1, 1e-12),
    near('Firing rate, σ(1)', rate, 0.7310585786300049, 1e-12),
    below('Difference from the formula', difference, 1e-14),
  ],
  refutedBy: (result) => ({ ...result, rate: 0.5 }),
  figure: ({ weights, bias, inputs, sum, rate }) => {
    const reach = Math.max(6, Math.abs(sum) + 1);
    const curve = range(-reach, reach, 121).map((x) => [x, 1 / (1 + Math.exp(-x))] as const);
    return (
      drawNeuron(neuron, {
        title: 'The neuron, its weights, and what goes through it',
        parameters: { 'neuron.weight': weights, 'neuron.bias': [bias] },
        inputs,
        output: rate,
      }) +
      chart({
        title: 'The sigmoid, and where the neuron is on it',
        x: { domain: [-reach, reach], label: 'sum' },
        y: { domain: [0, 1.05], label: 'firing rate' },
        height: 220,
        marks: [line(curve), dots([[sum, rate]], { series: 2, radius: 7 })],
      })
    );
  },
});
