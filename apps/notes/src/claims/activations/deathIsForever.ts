import { leakyRelu, relu } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { type Activation, sequential, train } from '@neurite/core';
import { xor } from '@neurite/datasets';
import { dense } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { sgd } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { above, equals } from '../../fact.ts';
import { chart, line } from '../../figure/chart.ts';

async function experiment({ seed }: { seed: number }) {
  const follow = async (activation: Activation) => {
    const network = sequential([2], [dense({ units: 3, activation }), dense({ units: 2 })]);
    const options = {
      loss: softmaxCrossEntropy(),
      optimizer: sgd({ learningRate: 0.1 }),
      backend: cpu(),
      seed,
    };
    const trainer = await train(network, options);
    trainer.writeParameters({ 'hidden1.bias': [0.1, -10, 0.1] }); // no corner of the square can wake the second unit
    const unit = async () => {
      const { 'hidden1.weight': w, 'hidden1.bias': b } = await trainer.readParameters();
      return [w![1]!, w![4]!, b![1]!];
    };
    const path = [await unit()];
    for (let i = 0; i < 50; i++) {
      await trainer.fit(xor(), { epochs: 20, batchSize: 4 });
      path.push(await unit());
    }
    const moved = path.map((now) => Math.max(...now.map((value, i) => Math.abs(value - path[0]![i]!))));
    return { moved, last: moved.at(-1)! };
  };
  return { relu: await follow(relu()), leaky: await follow(leakyRelu()) };
}

export const claim = defineClaim({
  number: 23,
  title: 'A dead ReLU stays dead; a leaky one comes along',
  text: `
One of three hidden units begins with a bias of −10, so that no example makes it active. A thousand steps later its weights
and its bias are what they were, bit for bit: a slope of zero lets nothing through, whatever the loss wishes. The same unit
with a leaky ReLU moves from the first step on, slowly, since its slope on the left is a hundredth.`,
  seed: 2,
  experiment,
  facts: ({ relu, leaky }) => [
    equals('What 1,000 steps changed in the dead ReLU', relu.last, 0),
    above('What they changed in the leaky one', leaky.last, 1e-4),
  ],
  refutedBy: (result) => ({ ...result, relu: result.leaky }),
  figure: ({ relu, leaky }) =>
    chart({
      title: 'How far the parameters of a unit have moved',
      x: { domain: [0, 1000], label: 'step' },
      y: { domain: [0, 1.1 * Math.max(...leaky.moved)], label: 'largest change' },
      marks: [relu, leaky].map(({ moved }, i) =>
        line(
          moved.map((change, at) => [20 * at, change]),
          { series: 2 - i },
        ),
      ),
      legend: ['leaky ReLU', 'ReLU'],
    }),
});
