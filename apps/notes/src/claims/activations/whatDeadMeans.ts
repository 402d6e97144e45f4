import { relu } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { layerOutputs, sequential, train, unitMonitor } from '@neurite/core';
import { spiral } from '@neurite/datasets';
import { dense } from '@neurite/layers';
import { binaryCrossEntropy } from '@neurite/losses';
import { sgd } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { above, equals, report } from '../../fact.ts';
import { bar, chart, line } from '../../figure/chart.ts';

async function experiment({ seed }: { seed: number }) {
  const network = sequential([2], [dense({ units: 32, activation: relu() }), dense({ units: 1 })]);
  const data = spiral({ examples: 100 });
  const optimizer = sgd({ learningRate: 8 });
  const trainer = await train(network, { loss: binaryCrossEntropy(), optimizer, backend: cpu(), seed });
  const monitor = unitMonitor({ window: 3000 });
  await trainer.fit(data, { epochs: 60, batchSize: 100, callbacks: [monitor] });
  const [report] = monitor.reports.at(-1)!;

  // By brute force: on how many examples does each unit fire?
  const [hidden] = await layerOutputs(trainer, data.inputs);
  const active = Array.from({ length: 32 }, (_, unit) =>
    data.targets.reduce((sum, _, row) => sum + (hidden!.output[32 * row + unit]! > 0 ? 1 : 0), 0),
  );
  const dead = active.flatMap((examples, unit) => (examples === 0 ? [unit] : []));
  const agree = dead.filter((unit) => report!.dead.includes(unit)).length;
  const history = monitor.reports.map((layers) => layers[0]!.dead.length);
  return {
    active,
    history,
    dead: dead.length,
    reported: report!.dead.length,
    agree,
    mistaken: 0.999 ** 3000,
  };
}

export const claim = defineClaim({
  number: 24,
  title: 'Dead means: active on no example of the training set',
  text: `
That is the definition, and it takes the whole set to check it; a unit that is silent on one batch may only be choosy. The
monitor looks at all examples after each epoch. It must agree with brute force: run the set through the network and count
for each unit on how many examples it fires. A running estimate in between is cheaper and may err: after 3,000 silent
examples, a unit that fires on one in a thousand is wrongly called dead once in twenty times.`,
  experiment,
  facts: ({ dead, reported, agree, mistaken }) => [
    above('Units that are dead by brute force', dead, 0),
    equals('Units that the monitor calls dead', reported, dead),
    equals('of which brute force agrees', agree, dead),
    report('Chance that the estimate errs on a unit active on 0.1 %', mistaken),
  ],
  refutedBy: (result) => ({ ...result, reported: result.dead + 1 }),
  figure: ({ active, history }) =>
    chart({
      title: 'Examples on which each unit is active, sorted',
      x: { domain: [-1, 32], label: 'unit, the busiest first', ticks: [] },
      y: { domain: [0, Math.max(...active)], label: 'of 100 examples' },
      height: 240,
      marks: active
        .toSorted((a, b) => b - a)
        .map((examples, at) => bar(at, examples, { width: 0.7, series: examples ? 1 : 2 })),
    }) +
    chart({
      title: 'Dead units after each epoch',
      x: { domain: [1, history.length], label: 'epoch' },
      y: { domain: [0, 32], label: 'dead of 32' },
      height: 200,
      marks: [
        line(
          history.map((dead, at) => [at + 1, dead]),
          { series: 2 },
        ),
      ],
    }),
});
