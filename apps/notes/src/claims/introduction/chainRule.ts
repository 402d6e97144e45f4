import { gelu, relu, sigmoid, tanh } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { gradients, sequential, train } from '@neurite/core';
import { spiral } from '@neurite/datasets';
import { dense } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { sgd } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { below, printNumber } from '../../fact.ts';
import { chart, line } from '../../figure/chart.ts';

async function experiment({ seed }: { seed: number }) {
  const activations = [relu(), tanh(), sigmoid(), gelu()];
  const data = spiral({ examples: 30 });
  let largestError = 0;
  let losses: number[] = [];
  for (const activation of activations) {
    const network = sequential([2], [dense({ units: 5, activation }), dense({ units: 2 })]);
    const optimizer = sgd({ learningRate: 0.5 });
    const options = {
      loss: softmaxCrossEntropy(),
      optimizer,
      backend: cpu(),
      dtype: 'float64',
      seed,
    } as const;
    const trainer = await train(network, options);
    const parameters = await trainer.readParameters();
    const lossWith = async (name: string, at: number, change: number) => {
      const changed = parameters[name]!.slice();
      changed[at]! += change;
      trainer.writeParameters({ ...parameters, [name]: changed });
      return (await trainer.evaluate(data)).loss!;
    };

    for (const [name, gradient] of Object.entries(await gradients(trainer, data))) {
      for (let at = 0; at < gradient.length; at++) {
        const h = 1e-5;
        const slope = ((await lossWith(name, at, h)) - (await lossWith(name, at, -h))) / (2 * h);
        largestError = Math.max(largestError, Math.abs(slope - gradient[at]!) / (Math.abs(slope) + 1e-3));
      }
    }
    trainer.writeParameters(parameters);
    const { epochs } = await trainer.fit(data, { epochs: 150, batchSize: 10 });
    losses = losses.length === 0 ? epochs.map(({ loss }) => loss) : losses;
  }
  return { largestError, losses, share: losses.at(-1)! / losses[0]! };
}

export const claim = defineClaim({
  number: 5,
  title: 'Weights are learned down the gradient, and the chain rule gives the gradient',
  text: `
How much would the loss change if this one weight were a little larger? Moving each weight in turn and looking answers
that, slowly. The chain rule answers it for all weights at once, at about the price of one forward pass. Here both are
compared on four activations, in double precision; then stochastic gradient descent follows the answer downhill, a few
examples at a time.`,
  seed: 2,
  experiment,
  facts: ({ largestError, share }) => [
    below('Largest relative error against central differences', largestError, 1e-5),
    below('Loss after 150 epochs, as a share of that of the first', share, 0.95, (value) =>
      printNumber(value),
    ),
  ],
  refutedBy: (result) => ({ ...result, largestError: 0.5 }),
  figure: ({ losses }) =>
    chart({
      title: 'Loss of the ReLU network over its epochs',
      x: { domain: [1, losses.length], label: 'epoch' },
      y: { domain: [0, Math.max(...losses) * 1.05], label: 'mean loss' },
      marks: [line(losses.map((loss, epoch) => [epoch + 1, loss]))],
    }),
});
