import { tanh } from '@neurite/activations';
import { wasm } from '@neurite/backend-wasm';
import { randomNormal, sequential, train } from '@neurite/core';
import { spiral } from '@neurite/datasets';
import { dense } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { momentum } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { above, report } from '../../fact.ts';
import { chart, line } from '../../figure/chart.ts';
import { panels } from '../../figure/svg.ts';
import { deviation } from '../../numbers.ts';

async function experiment({ seed }: { seed: number }) {
  const data = spiral({ examples: 100 });
  const backend = wasm({ threads: 1, deterministic: true });
  const train12 = async (units: number) => {
    const initializer = randomNormal({ standardDeviation: 1.5 });
    const network = sequential([2], [dense({ units, activation: tanh(), initializer }), dense({ units: 2 })]);
    const curves: number[][] = [];
    for (let i = 0; i < 12; i++) {
      const optimizer = momentum({ learningRate: 0.3 });
      const options = { loss: softmaxCrossEntropy(), optimizer, backend, seed: seed + i };
      const trainer = await train(network, options);
      const { epochs } = await trainer.fit(data, { epochs: 800, batchSize: 100 });
      curves.push(epochs.map(({ loss }) => loss));
    }
    return { units, curves, spread: deviation(curves.map((curve) => curve.at(-1)!)) };
  };
  return [await train12(3), await train12(6), await train12(20)];
}

export const claim = defineClaim({
  number: 51,
  title: 'Small networks end where luck takes them; large ones all end alike',
  text: `
Twelve times from other initial weights, for three sizes. With three hidden units some trainings find a good place and some
are caught in a bad one, and it is the draw that decides. With twenty all twelve come to nearly the same loss, though to
twelve different networks.`,
  experiment,
  facts: ([three, six, twenty]) => [
    above('Spread of final losses: 3 units over 20', three!.spread / twenty!.spread, 8),
    above('6 units over 20', six!.spread / twenty!.spread, 1.5),
    report('Standard deviation with 3', three!.spread),
    report('with 6', six!.spread),
    report('with 20', twenty!.spread),
  ],
  refutedBy: (result) => result.map((each) => ({ ...each, spread: 0.05 })),
  figure: (sizes) =>
    panels(
      ...sizes.map(({ units, curves }) =>
        chart({
          title: `Twelve loss curves of networks with ${units} hidden units`,
          heading: `${units} hidden units`,
          x: { domain: [0, 800], label: 'step' },
          y: { domain: [0, 0.8] },
          width: 250,
          height: 240,
          marks: curves.map((curve) =>
            line(
              curve.flatMap((loss, step) => (step % 8 === 0 ? [[step, loss] as const] : [])),
              { thin: true },
            ),
          ),
        }),
      ),
    ),
});
