import { tanh } from '@neurite/activations';
import { wasm } from '@neurite/backend-wasm';
import { sequential, train } from '@neurite/core';
import { moons } from '@neurite/datasets';
import { dense } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { adam } from '@neurite/optimizers';
import { l2 } from '@neurite/regularizers';
import { defineClaim } from '../../claim.ts';
import { below, equals, report } from '../../fact.ts';
import { chart, dots, line, type Point } from '../../figure/chart.ts';
import { mean } from '../../numbers.ts';

async function experiment({ seed, strength }: { seed: number; strength: number }) {
  const backend = wasm({ threads: 1, deterministic: true });
  const lossOf = async (units: number, penalty: number, ownSeed: number) => {
    const data = moons({ examples: 60, noise: 0.25, seed: ownSeed });
    const fresh = moons({ examples: 500, noise: 0.25, seed: ownSeed + 100 });
    const network = sequential([2], [dense({ units, activation: tanh() }), dense({ units: 2 })]);
    const optimizer = adam({ learningRate: 0.05 });
    const regularizer = l2({ strength: penalty });
    const options = { loss: softmaxCrossEntropy(), optimizer, backend, regularizer, seed: ownSeed };
    const trainer = await train(network, options);
    await trainer.fit(data, { epochs: 800, batchSize: 60 });
    return (await trainer.evaluate(fresh)).loss!;
  };

  const runs: { three: number; six: number; twenty: number; held: number }[] = [];
  for (let i = 0; i < 4; i++) {
    const own = seed + i;
    const [three, six, twenty] = [await lossOf(3, 0, own), await lossOf(6, 0, own), await lossOf(20, 0, own)];
    runs.push({ three, six, twenty, held: await lossOf(20, strength, own) });
  }
  return runs;
}

export const claim = defineClaim({
  number: 48,
  title: 'Against overfitting, regularize; do not shrink the network',
  text: `
One could take fewer units when there is little data. But there are better ways: keep twenty, and penalize large weights.
On two noisy half moons, four times with new data, the loss on points never seen is compared pair by pair: the small networks
overfit less than the large one, and the large one with a penalty less than all of them.`,
  controls: { strength: { label: 'penalty', value: 0.003, minimum: 0, maximum: 0.03, step: 0.001 } },
  experiment,
  facts: (runs) => [
    equals(
      'Of four pairs, those in which 20 units with a penalty beat 3 and 6 without',
      runs.filter(({ three, six, held }) => held < Math.min(three, six)).length,
      4,
    ),
    below('Mean loss with the penalty', mean(runs.map(({ held }) => held)), 0.3),
    report('Mean loss of 3 units', mean(runs.map(({ three }) => three))),
    report('of 6', mean(runs.map(({ six }) => six))),
    report('of 20 without a penalty', mean(runs.map(({ twenty }) => twenty))),
  ],
  refutedBy: (runs) => runs.map((run) => ({ ...run, held: run.twenty })),
  figure: (runs) => {
    const values = runs.map(({ three, six, twenty, held }) => [three, six, twenty, held]);
    return chart({
      title: 'Loss on new data, four sets, a line for each',
      x: {
        domain: [-0.4, 3.4],
        ticks: ['3 units', '6 units', '20 units', '20, L2'].map((text, at) => ({ at, text })),
      },
      y: { domain: [0, 1.1 * Math.max(...values.flat())], label: 'loss on new data' },
      marks: values.flatMap((run, i) => {
        const points = run.map((loss, at): Point => [at, loss]);
        return [line(points, { series: i + 1, thin: true }), dots(points, { series: i + 1 })];
      }),
    });
  },
});
