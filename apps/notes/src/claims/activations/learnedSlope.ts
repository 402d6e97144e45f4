import { identity } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { gradients, sequential, train } from '@neurite/core';
import { spiral } from '@neurite/datasets';
import { dense, prelu } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { adam } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { above, below, equals, report } from '../../fact.ts';
import { bars } from '../../figure/bars.ts';

async function experiment({ seed }: { seed: number }) {
  const hidden = () => dense({ units: 12, activation: identity() });
  const plain = sequential([2], [hidden(), dense({ units: 2 })]);
  const network = sequential([2], [hidden(), prelu({ name: 'prelu' }), dense({ units: 2 })]);
  const optimizer = adam({ learningRate: 0.02 });
  const options = { loss: softmaxCrossEntropy(), optimizer, backend: cpu(), dtype: 'float64', seed } as const;
  const trainer = await train(network, options);
  const data = spiral({ examples: 100 });
  const { 'prelu.slope': before } = await trainer.readParameters();

  // The gradient of a slope, against central differences.
  const { 'prelu.slope': gradient } = await gradients(trainer, data);
  let error = 0;
  for (let unit = 0; unit < 12; unit++) {
    const lossWith = async (change: number) => {
      trainer.writeParameters({ 'prelu.slope': before!.map((a, i) => (i === unit ? a + change : a)) });
      return (await trainer.evaluate(data)).loss!;
    };
    const byHand = ((await lossWith(1e-5)) - (await lossWith(-1e-5))) / 2e-5;
    error = Math.max(error, Math.abs(byHand - gradient![unit]!));
  }
  trainer.writeParameters({ 'prelu.slope': before! });

  await trainer.fit(data, { epochs: 200, batchSize: 20 });
  const { 'prelu.slope': slopes } = await trainer.readParameters();
  const spread = Math.max(...slopes!) - Math.min(...slopes!);
  const more = network.summary().parameters - plain.summary().parameters;
  const { loss } = await trainer.evaluate(data);
  return { first: before![0]!, slopes: slopes!, spread, more, error, loss: loss! };
}

export const claim = defineClaim({
  number: 26,
  title: 'PReLU learns the slope, one for each unit',
  text: `
If a small slope on the left is good, let the network say how small. He and others made it a parameter that begins at 0.25
and has a gradient like any other. Twelve units bring twelve numbers more. After some training each unit has a slope of its
own, some of them negative: those units fold the line rather than bend it.`,
  experiment,
  facts: ({ first, more, error, spread, loss }) => [
    equals('Slope in the beginning', first, 0.25),
    equals('Parameters more for 12 units', more, 12),
    below('Error of the slopes’ gradients against differences', error, 1e-8),
    above('Largest minus smallest slope after training', spread, 0.1),
    report('Loss after training', loss),
  ],
  refutedBy: (result) => ({ ...result, spread: 0 }),
  figure: ({ slopes }) =>
    bars({
      title: 'Slopes of twelve units after training, and 1 more so that bars are visible',
      label: 'slope + 1',
      bars: Array.from(slopes, (slope, unit) => ({ name: String(unit + 1), value: 1 + slope })),
      print: (value) => (value - 1).toFixed(2),
    }),
});
