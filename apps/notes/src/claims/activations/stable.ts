import * as activations from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { wasm } from '@neurite/backend-wasm';
import { type Activation, gradients, loss, meanPerExample, ones, sequential, train } from '@neurite/core';
import { dense } from '@neurite/layers';
import { sgd } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { above, equals } from '../../fact.ts';
import { table } from '../../figure/table.ts';

const xs = [0, 1e-8, -1e-8, 30, -30, 750, -750, 1e30, -1e30];
const itself = loss('itself', {}, () => (x) => meanPerExample(x)); // so that the gradient is the activation's slope

async function experiment() {
  const rows: { name: string; values: number[]; notFinite: number }[] = [];
  for (const make of Object.values(activations)) {
    const activation: Activation = make();
    const network = sequential([1], [dense({ units: 1, activation, initializer: ones(), name: 'unit' })]);
    let notFinite = 0;
    let values: number[] = [];
    for (const backend of [cpu(), wasm({ threads: 1 })]) {
      const trainer = await train(network, {
        loss: itself(),
        optimizer: sgd(),
        backend,
        onWarning: () => {},
      });
      values = Array.from(await trainer.predict(xs));
      notFinite += values.filter((value) => !Number.isFinite(value)).length;
      for (const x of xs) {
        const { 'unit.bias': slope } = await gradients(trainer, { inputs: [x], targets: [0] });
        if (!Number.isFinite(slope![0]!)) notFinite++;
      }
    }
    rows.push({ name: activation.type, values, notFinite });
  }
  return { rows, notFinite: rows.reduce((sum, row) => sum + row.notFinite, 0), count: rows.length };
}

export const claim = defineClaim({
  number: 32,
  title: 'Exponentials must not overflow',
  text: `
$e^{750}$ is more than even double precision can hold, and $\\sigma(-750)$ written as in the textbook divides by it. An
activation has to be arranged so that no number, however far out, gives an infinity or none at all, nor does its gradient.
Every activation of the package is put to the question, in single precision, on both backends.`,
  experiment,
  facts: ({ notFinite, count }) => [
    above('Activations', count, 20),
    equals('Values and slopes that are not finite', notFinite, 0),
  ],
  refutedBy: (result) => ({ ...result, notFinite: 2 }),
  figure: ({ rows }) =>
    table(
      'Values far out',
      ['activation', 'at −750', 'at −30', 'at 30', 'at 750'],
      rows.map(({ name, values }) => [
        name,
        ...[6, 4, 3, 5].map((at) => String(Number(values[at]!.toPrecision(3)))),
      ]),
    ),
});
