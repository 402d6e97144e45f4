import { relu } from '@neurite/activations';
import { wasm } from '@neurite/backend-wasm';
import { sequential, stopOnNaN, train, unitActivity } from '@neurite/core';
import { spiral } from '@neurite/datasets';
import { dense } from '@neurite/layers';
import { binaryCrossEntropy } from '@neurite/losses';
import { sgd } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { above, below, printShare } from '../../fact.ts';
import { bars } from '../../figure/bars.ts';
import { svg, text } from '../../figure/svg.ts';
import { mean } from '../../numbers.ts';

const network = sequential(
  [2],
  [dense({ units: 32, activation: relu() }), dense({ units: 32, activation: relu() }), dense({ units: 1 })],
);

async function experiment({ seed, rate }: { seed: number; rate: number }) {
  const data = spiral({ examples: 100 });
  /** For each of the 64 hidden units after 100 steps, whether it is active on no example at all. */
  const deadUnits = async (learningRate: number, ownSeed: number) => {
    const options = {
      loss: binaryCrossEntropy(),
      optimizer: sgd({ learningRate }),
      backend: wasm({ threads: 1, deterministic: true }),
      seed: ownSeed,
    };
    const trainer = await train(network, options);
    await trainer.fit(data, { epochs: 100, batchSize: 100, callbacks: [stopOnNaN()] });
    const layers = await unitActivity(trainer, data.inputs);
    return layers.flatMap(({ active }) => Array.from(active, (examples) => (examples === 0 ? 1 : 0)));
  };

  const rates = [0.01, 0.1, 1, 5, 20];
  const fractions: number[] = [];
  for (const learningRate of rates) {
    const runs: number[] = [];
    for (let i = 0; i < 6; i++) runs.push(mean(await deadUnits(learningRate, seed + i)));
    fractions.push(mean(runs));
  }
  return { rates, fractions, rate, map: await deadUnits(rate, seed) };
}

export const claim = defineClaim({
  number: 22,
  title: 'With too high a learning rate, ReLUs die',
  text: `
A large gradient can push a unit's weights so far that no example ever makes its sum positive again. From then on its slope
is zero everywhere, no gradient reaches it, and it is lost. The notes speak of as much as 40 % of a network. Here is a recipe
that gets there: two layers of 32 units, a hundred plain steps, and a learning rate that is far too high. The map shows the
units of one network; choose the rate.`,
  controls: { rate: { label: 'learning rate of the map', value: 5, minimum: 0.1, maximum: 20, step: 0.1 } },
  experiment,
  facts: ({ fractions }) => [
    below('Dead units at a learning rate of 0.1, mean of six seeds', fractions[1]!, 0.15, printShare),
    above('Dead units at a learning rate of 5', fractions[3]!, 0.4, printShare),
  ],
  refutedBy: (result) => ({ ...result, fractions: result.fractions.toReversed() }),
  figure: ({ rates, fractions, rate, map }) => {
    const units = map.map((dead, i) => {
      const [x, y] = [24 + (i % 16) * 30, 46 + Math.floor(i / 16) * 30 + (i >= 32 ? 30 : 0)];
      return `<circle class="unit ${dead ? 'dead' : ''}" cx="${x}" cy="${y}" r="11"/>`;
    });
    const dead = map.filter((isDead) => isDead > 0).length;
    return (
      bars({
        title: 'Share of dead units by learning rate, mean of six seeds',
        label: 'dead units',
        bars: rates.map((each, i) => ({ name: String(each), value: fractions[i]!, series: 2 })),
        maximum: 1,
        print: printShare,
        height: 240,
      }) +
      svg(
        {
          title: `Map of the 64 hidden units at the rate ${rate}: ${dead} are dead`,
          width: 500,
          height: 190,
        },
        text(10, 22, 'hidden1', { class: 'legend' }) +
          text(10, 112, 'hidden2', { class: 'legend' }) +
          units.join(''),
      )
    );
  },
});
