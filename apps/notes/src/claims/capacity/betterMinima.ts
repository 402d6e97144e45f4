import { tanh } from '@neurite/activations';
import { wasm } from '@neurite/backend-wasm';
import { randomNormal, sequential, train } from '@neurite/core';
import { spiral } from '@neurite/datasets';
import { dense } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { momentum } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { above, below, report } from '../../fact.ts';
import { chart, dots, line, type Point } from '../../figure/chart.ts';
import { largestDifference, mean } from '../../numbers.ts';

async function experiment({ seed }: { seed: number }) {
  const data = spiral({ examples: 100 });
  const backend = wasm({ threads: 1, deterministic: true });
  const rows: { units: number; losses: number[] }[] = [];
  let apart = 0;
  for (const units of [3, 5, 10, 30]) {
    const initializer = randomNormal({ standardDeviation: 1.5 });
    const network = sequential([2], [dense({ units, activation: tanh(), initializer }), dense({ units: 2 })]);
    const losses: number[] = [];
    const found: ArrayLike<number>[] = [];
    for (let i = 0; i < 5; i++) {
      const optimizer = momentum({ learningRate: 0.3 });
      const options = { loss: softmaxCrossEntropy(), optimizer, backend, seed: seed + i };
      const trainer = await train(network, options);
      await trainer.fit(data, { epochs: 500, batchSize: 100 });
      losses.push((await trainer.evaluate(data)).loss!);
      found.push((await trainer.readParameters())['hidden1.weight']!);
    }
    rows.push({ units, losses });
    apart = largestDifference(found[0]!, found[1]!);
  }
  return { rows, apart };
}

export const claim = defineClaim({
  number: 52,
  title: 'The minima of large networks are better, and about equally good',
  text: `
A small network has few minima, and it is easy to end in a bad one. A large one has very many — and those that are found have
low losses, all about the same, though their weights lie far apart. Each point is a training; on a logarithmic scale one sees
them fall together, and close ranks.`,
  experiment,
  facts: ({ rows, apart }) => [
    below('Mean loss with 30 units over that with 3', mean(rows[3]!.losses) / mean(rows[0]!.losses), 0.3),
    below('with 10 over that with 5', mean(rows[2]!.losses) / mean(rows[1]!.losses), 0.9),
    below('Worst over best with 30 units', Math.max(...rows[3]!.losses) / Math.min(...rows[3]!.losses), 1.6),
    above('Largest distance between weights of two networks of 30', apart, 1),
    report('Mean loss with 30 units', mean(rows[3]!.losses)),
  ],
  refutedBy: ({ rows, apart }) => ({ rows: rows.toReversed(), apart }),
  figure: ({ rows }) =>
    chart({
      title: 'Final losses of five trainings each, by number of hidden units',
      x: {
        domain: [2.4, 40],
        log: true,
        label: 'hidden units',
        ticks: rows.map(({ units }) => ({ at: units, text: String(units) })),
      },
      y: { domain: [0.02, 1], log: true, label: 'final loss' },
      marks: [
        line(rows.map(({ units, losses }): Point => [units, mean(losses)])),
        ...rows.map(({ units, losses }) =>
          dots(
            losses.map((loss): Point => [units, loss]),
            { series: 2 },
          ),
        ),
      ],
    }),
});
