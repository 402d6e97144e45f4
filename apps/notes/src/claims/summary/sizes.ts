import { relu } from '@neurite/activations';
import { graph, sequential, type Tensor } from '@neurite/core';
import { dense } from '@neurite/layers';
import { defineClaim } from '../../claim.ts';
import { above, equals, report } from '../../fact.ts';
import { bars } from '../../figure/bars.ts';

async function experiment() {
  const small = sequential([3], [dense({ units: 4, activation: relu() }), dense({ units: 2 })]).summary();
  const digits = sequential(
    [784],
    [dense({ units: 128, activation: relu() }), dense({ units: 10 })],
  ).summary();

  // Sixteen patches of an image, each looked at by the same eight units.
  const patches = Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`patch${i}`, [49]]));
  const shared = graph(patches, (inputs, use) => {
    const eye = dense({ units: 8, activation: relu(), name: 'eye' });
    const [first, ...rest] = Object.values(inputs as Record<string, Tensor>).map((patch) => use(eye, patch));
    return use(
      dense({ units: 10, name: 'scores' }),
      rest.reduce((sum, seen) => sum.add(seen), first!),
    );
  }).summary();

  const connections = 16 * 49 * 8 + 8 * 10;
  return {
    small: small.parameters,
    digits: digits.parameters,
    shared: shared.parameters,
    sharedWeights: shared.weights,
    connections,
    convolutional: 1e8,
    synapses: 1e14,
  };
}

export const claim = defineClaim({
  number: 54,
  title: 'How large is large',
  text: `
The networks of this book have some dozens of parameters, one that reads digits a hundred thousand. The convolutional networks
of the notes' time had about a hundred million, in ten to twenty layers; a human nervous system has some 86 billion neurons
with $10^{14}$ to $10^{15}$ synapses. Parameters and connections are not the same: weights can be *shared*. Below, eight
units look at sixteen patches of an image in turn, and so have sixteen times as many connections as weights.`,
  experiment,
  facts: ({ small, digits, shared, sharedWeights, connections }) => [
    equals('Parameters of the 2-layer network of chapter 5', small, 26),
    equals('of a network for digits, 784-128-10', digits, 101_770),
    equals('of eight units on sixteen patches, and ten scores', shared, 490),
    above('Connections for each weight of those', connections / sharedWeights, 10),
    report('Connections', connections),
  ],
  refutedBy: (result) => ({ ...result, shared: 16 * 400 + 90 }),
  figure: ({ small, shared, digits, convolutional, synapses }) =>
    bars({
      title: 'Sizes as powers of ten',
      label: 'log₁₀ of the number',
      bars: [
        { name: 'chapter 5', value: Math.log10(small) },
        { name: 'patches', value: Math.log10(shared) },
        { name: 'digits', value: Math.log10(digits) },
        { name: 'ConvNets', value: Math.log10(convolutional), series: 2 },
        { name: 'synapses', value: Math.log10(synapses), series: 3 },
      ],
      print: (value) =>
        value < 3.5
          ? String(Math.round(10 ** value))
          : `10${[...value.toFixed(0)].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('')}`,
    }),
});
