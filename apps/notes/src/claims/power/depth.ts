import { tanh } from '@neurite/activations';
import { wasm } from '@neurite/backend-wasm';
import { accuracy, sequential, train } from '@neurite/core';
import { spiral } from '@neurite/datasets';
import { dense } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { adam } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { below, printShare, report } from '../../fact.ts';
import { chart, dots, line, type Point } from '../../figure/chart.ts';
import { mean } from '../../numbers.ts';

// Hidden layers of such widths that all networks have about as many parameters.
const shapes = [[50], [14, 14], [10, 10, 10], [8, 8, 8, 8], [7, 7, 7, 7, 7]];

async function experiment({ seed }: { seed: number }) {
  const data = spiral({ examples: 100, noise: 0.04, seed });
  const fresh = spiral({ examples: 400, noise: 0.04, seed: seed + 1000 });
  const backend = wasm({ threads: 1, deterministic: true });
  const rows: { layers: number; parameters: number; scores: number[] }[] = [];
  for (const widths of shapes) {
    const hidden = widths.map((units) => dense({ units, activation: tanh() }));
    const network = sequential([2], [...hidden, dense({ units: 2 })]);
    const scores: number[] = [];
    for (let i = 0; i < 4; i++) {
      const optimizer = adam({ learningRate: 0.02 });
      const options = {
        loss: softmaxCrossEntropy(),
        optimizer,
        backend,
        metrics: [accuracy()],
        seed: seed + i,
      };
      const trainer = await train(network, options);
      await trainer.fit(data, { epochs: 250, batchSize: 50 });
      scores.push((await trainer.evaluate(fresh)).accuracy!);
    }
    rows.push({ layers: network.layers.length, parameters: network.summary().parameters, scores });
  }
  return rows;
}

export const claim = defineClaim({
  number: 45,
  title: 'Three layers often do better than two; more rarely help',
  text: `
Depth adds nothing to what can be represented; whether it helps is for experience to say, and the notes say: from two layers
to three often, beyond that rarely, as long as layers are fully connected. Here networks of two to six layers share one budget
of parameters and learn the spiral four times each. The points are new data that each got right. Nothing is asserted about
them; another problem, another picture.`,
  experiment,
  facts: (rows) => {
    const sizes = rows.map(({ parameters }) => parameters);
    return [
      below('Largest budget over the smallest', Math.max(...sizes) / Math.min(...sizes), 1.2),
      ...rows.map(({ layers, scores }) =>
        report(`${layers} layers: right on new data, mean`, mean(scores), printShare),
      ),
    ];
  },
  refutedBy: (rows) => rows.map((row, i) => ({ ...row, parameters: row.parameters * (i + 1) })),
  figure: (rows) =>
    chart({
      title: 'Accuracy on new data by number of layers, four seeds each',
      x: {
        domain: [1.6, 6.4],
        label: 'layers',
        ticks: rows.map(({ layers }) => ({ at: layers, text: String(layers) })),
      },
      y: { domain: [0.45, 1.02], label: 'right on new data' },
      marks: [
        line(rows.map(({ layers, scores }): Point => [layers, mean(scores)])),
        ...rows.map(({ layers, scores }, i) =>
          dots(
            scores.map((score): Point => [layers, score]),
            { series: 1 + (i % 2) },
          ),
        ),
      ],
    }),
});
