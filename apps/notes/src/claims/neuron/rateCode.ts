import { sigmoid } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { sequential, train } from '@neurite/core';
import { dense } from '@neurite/layers';
import { meanSquaredError } from '@neurite/losses';
import { sgd } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { above, equals } from '../../fact.ts';
import { svg, text } from '../../figure/svg.ts';

/** When a cell that leaks fires: each spike adds `weight`, half of the sum is lost every 5 ms, at 1 it fires and is empty. */
function leakyCell(spikes: readonly number[], weight: number): number[] {
  const fired: number[] = [];
  let potential = 0;
  for (let time = 0; time < 1000; time++) {
    potential *= 0.5 ** (1 / 5);
    if (spikes.includes(time)) potential += weight;
    if (potential < 1) continue;
    fired.push(time);
    potential = 0;
  }
  return fired;
}

async function experiment({ weight }: { seed: number; weight: number }) {
  const even = Array.from({ length: 40 }, (_, i) => 12 + 25 * i); // 40 spikes in a second, evenly
  const bursts = even.map((_, i) => 100 + 250 * Math.floor(i / 10) + 3 * (i % 10)); // 40 spikes, in bursts of ten

  const network = sequential([1], [dense({ units: 1, activation: sigmoid() })]);
  const trainer = await train(network, { loss: meanSquaredError(), optimizer: sgd(), backend: cpu() });
  const rates = await trainer.predict([[even.length / 1000], [bursts.length / 1000]]);

  const [firedEven, firedBursts] = [leakyCell(even, weight), leakyCell(bursts, weight)];
  const sent = [even.length, bursts.length];
  return {
    sent,
    rates,
    fired: [firedEven.length, firedBursts.length],
    trains: { even, bursts, firedEven, firedBursts },
  };
}

export const claim = defineClaim({
  number: 8,
  title: 'The model is coarse: it knows rates, not spikes',
  text: `
Real neurons are of many kinds, their dendrites compute, their synapses change while they work — and the moment of a spike
can matter. Our unit knows none of that; it gets a rate. Two trains of forty spikes in a second are one and the same to it.
To a cell whose charge leaks away, still a caricature, they are not: spikes that come one by one are forgotten before the
next, while a burst makes it fire. So take the word neuron lightly; many prefer to say *unit*.`,
  controls: { weight: { label: 'charge of a spike', value: 0.6, minimum: 0.1, maximum: 1.2, step: 0.05 } },
  experiment,
  facts: ({ sent, rates, fired }) => [
    equals('Spikes more in the one train than in the other', sent[0]! - sent[1]!, 0),
    equals('Difference between the unit’s outputs', rates[0]! - rates[1]!, 0),
    above('Spikes of the leaking cell more for bursts', fired[1]! - fired[0]!, 5),
  ],
  refutedBy: (result) => ({ ...result, fired: [4, 4] }),
  figure: ({ trains: { even, bursts, firedEven, firedBursts } }) => {
    const train = (y: number, name: string, spikes: readonly number[], series: number): string =>
      text(0, y - 6, name, { class: 'legend' }) +
      `<g class="series-${series}">${spikes.map((time) => `<line class="line" x1="${time / 2}" x2="${time / 2}" y1="${y}" y2="${y + 26}"/>`).join('')}</g>`;
    return svg(
      {
        title: 'Two spike trains of one rate, and what a leaking cell makes of them',
        description: `It fires ${firedEven.length} and ${firedBursts.length} times.`,
        width: 500,
        height: 252,
      },
      train(22, `in: ${even.length} spikes, evenly`, even, 1) +
        train(80, `out: ${firedEven.length} spikes`, firedEven, 2) +
        train(150, `in: ${bursts.length} spikes, in bursts`, bursts, 1) +
        train(208, `out: ${firedBursts.length} spikes`, firedBursts, 2),
    );
  },
});
