import { cpu } from '@neurite/backend-cpu';
import { evaluate, gradients, sequential, train, uniform } from '@neurite/core';
import { dense } from '@neurite/layers';
import { meanSquaredError } from '@neurite/losses';
import { sgd } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { above, equals, printShare } from '../../fact.ts';
import { chart, dots, line, type Point } from '../../figure/chart.ts';
import { panels } from '../../figure/svg.ts';

const unit = sequential([2], [dense({ units: 1, bias: false, name: 'unit' })]);

async function experiment({ seed, batch }: { seed: number; batch: number }) {
  const [inputs] = evaluate([uniform([200, 2], { seed, purpose: 'inputs' })]);
  const targets = Array.from({ length: 200 }, (_, i) => 2 * inputs![2 * i]! - inputs![2 * i + 1]!); // w = (2, −1)

  const descend = async (size: number) => {
    const optimizer = sgd({ learningRate: 0.5 });
    const trainer = await train(unit, { loss: meanSquaredError(), optimizer, backend: cpu(), seed });
    trainer.writeParameters({ 'unit.weight': [0, 2] });
    const path: Point[] = [[0, 2]];
    let mixed = 0;
    for (let step = 0; step < 60; step++) {
      const rows = Array.from({ length: size }, (_, i) => (step * size + i) % 200);
      const data = {
        inputs: rows.map((row) => inputs!.slice(2 * row, 2 * row + 2)),
        targets: rows.map((row) => targets[row]!),
      };
      const { 'unit.weight': gradient } = await gradients(trainer, data);
      if (gradient![0]! * gradient![1]! < 0) mixed++;
      await trainer.step(data);
      const { 'unit.weight': w } = await trainer.readParameters();
      path.push([w![0]!, w![1]!]);
    }
    return { path, mixed: mixed / 60 };
  };

  return { one: await descend(1), many: await descend(batch) };
}

export const claim = defineClaim({
  number: 17,
  title: 'Summed over a batch, the signs mix again',
  text: `
The cure comes with the batch. Each example still pulls all weights one way, but examples disagree, and their sum may point
anywhere. A unit with positive inputs is to get from $w = (0, 2)$ to $(2, -1)$, one weight up and the other down. With one
example at a time it goes in zig-zags, with a batch rather directly. So this fault is an inconvenience; saturation is worse.`,
  seed: 3,
  controls: { batch: { label: 'examples in a batch', value: 32, minimum: 1, maximum: 200, step: 1 } },
  experiment,
  facts: ({ one, many }) => [
    equals('Steps with gradients of both signs, one example each', one.mixed, 0, printShare),
    above('The same with batches', many.mixed, 0.2, printShare),
  ],
  refutedBy: (result) => ({ ...result, many: result.one }),
  figure: ({ one, many }) => {
    const draw = (heading: string, { path }: { path: readonly Point[] }, series: number) =>
      chart({
        title: `Path of the weights, ${heading}`,
        heading,
        x: { domain: [-1.2, 3.2], label: 'w₀' },
        y: { domain: [-2.2, 2.4], label: 'w₁' },
        width: 300,
        height: 290,
        marks: [
          line(path, { series }),
          dots(path, { series, radius: 2 }),
          dots([[2, -1]], { series: 3, radius: 6 }),
        ],
      });
    return panels(draw('one example a step', one, 2), draw('a batch a step', many, 1));
  },
});
