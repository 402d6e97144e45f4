import { tanh } from '@neurite/activations';
import { wasm } from '@neurite/backend-wasm';
import { sequential, train } from '@neurite/core';
import { dense } from '@neurite/layers';
import { meanSquaredError } from '@neurite/losses';
import { adam, cosineDecay } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { above, below, report } from '../../fact.ts';
import { chart, dots, line, type Point } from '../../figure/chart.ts';
import { mean, range } from '../../numbers.ts';

const f = (x: number): number => x * Math.sin(x);
const known = range(-5, 5, 40);
const between = range(-4.9, 4.9, 399);

async function experiment({ seed, units }: { seed: number; units: number }) {
  const network = sequential([1], [dense({ units, activation: tanh() }), dense({ units: 1 })]);
  const epochs = 1500;
  const optimizer = adam({ learningRate: cosineDecay({ initial: 0.05, steps: epochs }) });
  const backend = wasm({ threads: 1, deterministic: true });
  const trainer = await train(network, { loss: meanSquaredError(), optimizer, backend, seed });
  await trainer.fit({ inputs: known, targets: known.map(f) }, { epochs, batchSize: 40 });
  const learned = await trainer.predict(between);

  // 40 bumps know the same 40 places, and 200 know as many as they need.
  const bumps = (n: number) => between.map((x) => f(-5 + (Math.floor(((x + 5) * n) / 10) + 0.5) * (10 / n)));
  const error = (values: ArrayLike<number>) =>
    Math.sqrt(mean(between.map((x, i) => (values[i]! - f(x)) ** 2)));
  const [forty, twoHundred] = [bumps(40), bumps(200)];
  return {
    learned,
    forty,
    parameters: { network: network.summary().parameters, forty: 3 * 40, twoHundred: 3 * 200 },
    errors: { network: error(learned), forty: error(forty), twoHundred: error(twoHundred) },
  };
}

export const claim = defineClaim({
  number: 44,
  title: 'Networks are not loved for being universal, but for being compact and smooth',
  text: `
Twenty tanh units, trained on forty points of $x \\sin x$, are asked about the places in between. Bumps that know the same
forty points answer with stairs. The network has half as many parameters and draws the curve; not because it *can* be any
function, but because the functions that it prefers are like those we meet.`,
  controls: { units: { label: 'hidden units', value: 20, minimum: 2, maximum: 60, step: 1 } },
  experiment,
  facts: ({ parameters, errors }) => [
    above('Parameters of 40 bumps over those of the network', parameters.forty / parameters.network, 1.9),
    below('Error of the network between the points, root mean square', errors.network, 0.05),
    above('Error of 40 bumps over that of the network', errors.forty / errors.network, 4),
    report('Error of 200 bumps, which have 600 parameters', errors.twoHundred),
  ],
  refutedBy: (result) => ({ ...result, errors: { ...result.errors, network: result.errors.forty } }),
  figure: ({ learned, forty }) => {
    const drawn = (values: ArrayLike<number>) => between.map((x, i): Point => [x, values[i]!]);
    return chart({
      title: 'A trained network and forty bumps that know the same forty points',
      x: { domain: [-5, 5], label: 'x' },
      y: { domain: [-5.5, 2.5] },
      marks: [
        line(drawn(forty), { series: 2, thin: true }),
        line(drawn(learned)),
        dots(
          known.map((x): Point => [x, f(x)]),
          { series: 3, radius: 3 },
        ),
      ],
      legend: ['network', '40 bumps', 'known points'],
    });
  },
});
