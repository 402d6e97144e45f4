import { tanh } from '@neurite/activations';
import { wasm } from '@neurite/backend-wasm';
import { sequential, train } from '@neurite/core';
import { moons } from '@neurite/datasets';
import { dense } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { adam } from '@neurite/optimizers';
import { l2 } from '@neurite/regularizers';
import { defineClaim } from '../../claim.ts';
import { below, report } from '../../fact.ts';
import { chart, dots, line, type Point } from '../../figure/chart.ts';
import { mean } from '../../numbers.ts';

async function experiment({ seed, strength }: { seed: number; strength: number }) {
  const backend = wasm({ threads: 1, deterministic: true });
  const rows: { units: number; free: number; held: number }[] = [];
  for (const units of [2, 5, 15, 50]) {
    const lossWith = async (penalty: number) => {
      const losses: number[] = [];
      for (let own = seed; own < seed + 3; own++) {
        const network = sequential([2], [dense({ units, activation: tanh() }), dense({ units: 2 })]);
        const optimizer = adam({ learningRate: 0.05 });
        const regularizer = l2({ strength: penalty });
        const options = { loss: softmaxCrossEntropy(), optimizer, backend, regularizer, seed: own };
        const trainer = await train(network, options);
        await trainer.fit(moons({ examples: 60, noise: 0.25, seed: own }), { epochs: 600, batchSize: 60 });
        losses.push((await trainer.evaluate(moons({ examples: 500, noise: 0.25, seed: own + 100 }))).loss!);
      }
      return mean(losses);
    };
    rows.push({ units, free: await lossWith(0), held: await lossWith(strength) });
  }
  return rows;
}

export const claim = defineClaim({
  number: 53,
  title: 'As large a network as you can afford, and a penalty that holds it',
  text: `
The advice that chapter 7 comes to. Without a penalty, more units mean more overfitting on these sixty points. With one, more
units do no harm, and the network that is easiest to train is the large one. What limits its size is the time that you have,
not the fear of overfitting.`,
  controls: { strength: { label: 'penalty', value: 0.003, minimum: 0, maximum: 0.03, step: 0.001 } },
  experiment,
  facts: (rows) => [
    below('With the penalty: loss on new data, 50 units over 2', rows[3]!.held / rows[0]!.held, 1.1),
    below('50 units: loss with the penalty over that without', rows[3]!.held / rows[3]!.free, 0.7),
    report('Loss of 50 units with the penalty', rows[3]!.held),
    report('without', rows[3]!.free),
  ],
  refutedBy: (rows) => rows.map((row) => ({ ...row, held: row.free })),
  figure: (rows) => {
    const drawn = (which: 'free' | 'held') => rows.map((row): Point => [row.units, row[which]]);
    return chart({
      title: 'Loss on new data by number of units, with a penalty and without',
      x: {
        domain: [1.6, 65],
        log: true,
        label: 'hidden units',
        ticks: rows.map(({ units }) => ({ at: units, text: String(units) })),
      },
      y: {
        domain: [0, 1.1 * Math.max(...rows.map(({ free, held }) => Math.max(free, held)))],
        label: 'loss on new data',
      },
      marks: [
        line(drawn('held')),
        dots(drawn('held')),
        line(drawn('free'), { series: 2 }),
        dots(drawn('free'), { series: 2 }),
      ],
      legend: ['with L2', 'without'],
    });
  },
});
