import { sigmoid } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { evaluate, sequential, train, uniform } from '@neurite/core';
import { dense } from '@neurite/layers';
import { meanSquaredError } from '@neurite/losses';
import { sgd } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { above, equals } from '../../fact.ts';
import { drawNetwork } from '../../figure/network.ts';

const neuron = sequential([6], [dense({ units: 1, activation: sigmoid(), name: 'neuron' })]);

async function experiment({ seed }: { seed: number }) {
  const options = { loss: meanSquaredError(), optimizer: sgd(), backend: cpu(), dtype: 'float64' } as const;
  const trainer = await train(neuron, { ...options, seed });
  const { 'neuron.weight': weights } = await trainer.readParameters();
  const [examples] = evaluate([uniform([50, 6], { seed, purpose: 'examples' }, 'float64')]);

  let agree = 0;
  const change = new Float64Array(6);
  const before = await trainer.predict(examples!);
  for (let i = 0; i < 6; i++) {
    const raised = examples!.map((value, at) => (at % 6 === i ? value + 0.5 : value));
    const after = await trainer.predict(raised);
    after.forEach((rate, row) => {
      change[i]! += (rate - before[row]!) / 50;
      if (Math.sign(rate - before[row]!) === Math.sign(weights![i]!)) agree++;
    });
  }
  return { weights: weights!, change, agree, inhibitory: weights!.filter((w) => w < 0).length };
}

export const claim = defineClaim({
  number: 7,
  title: 'A positive weight excites, a negative one inhibits',
  text: `
Raise one input and leave the others alone: whether the neuron fires faster or slower is decided by the sign of that input's
weight, and by nothing else. Six inputs of a neuron with random weights are raised in turn, in fifty situations each. In the
picture blue connections excite, orange ones inhibit, and wide ones do so strongly.`,
  seed: 4,
  experiment,
  facts: ({ agree, inhibitory }) => [
    equals('Of 300 changes, those with the sign of the weight', agree, 300),
    above('Inhibitory inputs of this neuron', inhibitory, 0),
  ],
  refutedBy: (result) => ({ ...result, agree: 150 }),
  figure: ({ weights }) =>
    drawNetwork(neuron, {
      title: 'A neuron with excitatory and inhibitory inputs',
      parameters: { 'neuron.weight': weights },
      width: 360,
    }),
});
