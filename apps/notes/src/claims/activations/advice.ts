import { leakyRelu, relu, sigmoid, tanh } from '@neurite/activations';
import { wasm } from '@neurite/backend-wasm';
import { type Layer, sequential, train, unitActivity } from '@neurite/core';
import { spiral } from '@neurite/datasets';
import { dense, maxout } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { momentum } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { above, report } from '../../fact.ts';
import { table } from '../../figure/table.ts';
import { mean, median } from '../../numbers.ts';

async function experiment({ seed, rate }: { seed: number; rate: number }) {
  const data = spiral({ examples: 100 });
  const kinds: readonly (readonly [string, () => Layer])[] = [
    ['ReLU', () => dense({ units: 16, activation: relu() })],
    ['leaky ReLU', () => dense({ units: 16, activation: leakyRelu() })],
    ['maxout', () => maxout({ units: 16 })],
    ['tanh', () => dense({ units: 16, activation: tanh() })],
    ['sigmoid', () => dense({ units: 16, activation: sigmoid() })],
  ];
  const rows: { name: string; loss: number; dead: number; saturated: number }[] = [];
  for (const [name, hidden] of kinds) {
    const network = sequential([2], [hidden(), hidden(), hidden(), dense({ units: 2 })]);
    const runs: { loss: number; dead: number; saturated: number }[] = [];
    for (let i = 0; i < 3; i++) {
      const optimizer = momentum({ learningRate: rate });
      const options = {
        loss: softmaxCrossEntropy(),
        optimizer,
        backend: wasm({ threads: 1, deterministic: true }),
        seed: seed + i,
      };
      const trainer = await train(network, options);
      await trainer.fit(data, { epochs: 300, batchSize: 100 });
      const activity = await unitActivity(trainer, data.inputs);
      runs.push({
        loss: (await trainer.evaluate(data)).loss!,
        dead: mean(
          activity.flatMap(({ active }) => Array.from(active, (examples) => Number(examples === 0))),
        ),
        saturated: mean(activity.flatMap(({ saturated }) => Array.from(saturated, (count) => count / 100))),
      });
    }
    const typical = (what: 'loss' | 'dead' | 'saturated') => median(runs.map((run) => run[what]));
    rows.push({
      name,
      loss: typical('loss'),
      dead: typical('dead') || 0,
      saturated: typical('saturated') || 0,
    });
  }
  return rows;
}

const share = (value: number): string => `${Math.round(100 * value)} %`;

export const claim = defineClaim({
  number: 31,
  title: 'Which one, then? ReLU; mind the learning rate; never the sigmoid',
  text: `
The advice of the notes: use ReLU, be careful with learning rates, and keep an eye on the share of dead units. If they worry
you, try leaky ReLU or maxout. Never use the sigmoid. Try tanh, and expect less of it. The table puts numbers beside the
advice: three seeds each, three hidden layers, one learning rate for all. Move the rate and see which of them suffer.`,
  controls: { rate: { label: 'learning rate', value: 0.05, minimum: 0.01, maximum: 0.5, step: 0.01 } },
  experiment,
  facts: (rows) => [
    above('Loss of the sigmoids over that of ReLU', rows[4]!.loss / rows[0]!.loss, 1.5),
    report('Loss with ReLU', rows[0]!.loss),
    report('Loss with the sigmoid', rows[4]!.loss),
    report('Loss with tanh', rows[3]!.loss),
  ],
  refutedBy: (rows) => rows.map((row) => ({ ...row, loss: rows[0]!.loss })),
  figure: (rows) =>
    table(
      'Medians of three seeds after 300 steps',
      ['activation', 'loss', 'dead units', 'saturated'],
      rows.map(({ name, loss, dead, saturated }) => [name, loss.toFixed(3), share(dead), share(saturated)]),
    ),
});
