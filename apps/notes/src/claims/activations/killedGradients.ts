import { sigmoid } from '@neurite/activations';
import { wasm } from '@neurite/backend-wasm';
import { evaluate, gradients, normal, sequential, train, unitActivity, varianceScaling } from '@neurite/core';
import { dense } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { sgd } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { above, atMost, below, printShare, report } from '../../fact.ts';
import { chart, dots, line } from '../../figure/chart.ts';
import { mean } from '../../numbers.ts';

async function experiment({ seed, factor }: { seed: number; factor: number }) {
  const [inputs] = evaluate([normal([60, 30], { seed, purpose: 'inputs' })]);
  const data = {
    inputs: inputs!,
    targets: Array.from({ length: 60 }, (_, i) => Number(inputs![30 * i]! > 0)),
  };
  const backend = wasm({ threads: 1, deterministic: true });

  const look = async (times: number) => {
    const initializer = varianceScaling({ scale: times ** 2, mode: 'fanAverage' }); // times 1 is Glorot's
    const hidden = () => dense({ units: 30, activation: sigmoid(), initializer });
    const network = sequential([30], [hidden(), hidden(), hidden(), hidden(), dense({ units: 2 })]);
    const optimizer = sgd({ learningRate: 0.5 });
    const trainer = await train(network, { loss: softmaxCrossEntropy(), optimizer, backend, seed });

    const shareBelow = async (slope: number) => {
      const layers = await unitActivity(trainer, inputs!, slope); // a slope of exactly 0 counts as not active
      return mean(layers.map(({ active, saturated }) => 1 - (mean(active) - mean(saturated)) / 60));
    };
    const [saturated, closed] = [await shareBelow(0.01), await shareBelow(0.0001)];
    const sizes = Object.entries(await gradients(trainer, data))
      .filter(([name]) => name.startsWith('hidden') && name.endsWith('weight'))
      .map(([, gradient]) => mean(gradient.map(Math.abs)));
    const { epochs } = await trainer.fit(data, { epochs: 200, batchSize: 60 });
    return { saturated, closed, sizes, loss: epochs.at(-1)!.loss };
  };

  return { glorot: await look(1), large: await look(factor) };
}

export const claim = defineClaim({
  number: 15,
  title: 'Weights that begin too large saturate a sigmoid network',
  text: `
Four layers of sigmoids, looked at before the first step. With Glorot's initial weights hardly a unit is in its tails. With
weights many times larger nearly all are, and most of them pass on less than a ten-thousandth of the gradient that reaches
them. The notes conclude that such a network barely learns. Look at the reported losses before you agree: a few units that
happen to be awake, with large weights behind them, can carry a training — and sigmoids that are well begun have a fault of
their own, for a slope of a quarter at best, layer after layer, leaves the first one next to nothing.`,
  controls: { factor: { label: 'initial weights, × Glorot', value: 40, minimum: 1, maximum: 100, step: 1 } },
  experiment,
  facts: ({ glorot, large }) => [
    atMost('Saturated with Glorot’s weights: a slope below 0.01', glorot.saturated, 0.1, printShare),
    above('Saturated with large ones', large.saturated, 0.75, printShare),
    above('As good as closed: a slope below 0.0001', large.closed, 0.5, printShare),
    below(
      'With Glorot’s: gradient at the first layer over that at the fourth',
      glorot.sizes[0]! / glorot.sizes[3]!,
      0.2,
    ),
    report('Loss after 200 steps with Glorot’s', glorot.loss),
    report('with large ones', large.loss),
  ],
  refutedBy: (result) => ({ ...result, large: result.glorot }),
  figure: ({ glorot, large }) => {
    const points = ({ sizes }: { sizes: readonly number[] }) =>
      sizes.map((size, i) => [i + 1, Math.max(size, 1e-9)] as const);
    const all = [...points(glorot), ...points(large)].map(([, size]) => size);
    return chart({
      title: 'Mean size of the gradient by layer, before the first step',
      x: {
        domain: [0.7, 4.3],
        label: 'hidden layer',
        ticks: [1, 2, 3, 4].map((at) => ({ at, text: String(at) })),
      },
      y: { domain: [Math.min(...all) / 2, Math.max(...all) * 2], label: 'mean |gradient|', log: true },
      marks: [glorot, large].flatMap((one, i) => [
        line(points(one), { series: i + 1 }),
        dots(points(one), { series: i + 1 }),
      ]),
      legend: ['Glorot’s', 'large'],
    });
  },
});
