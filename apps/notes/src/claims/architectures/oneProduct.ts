import { sigmoid } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { lower, placeholder, printProgram, sequential } from '@neurite/core';
import { dense } from '@neurite/layers';
import { defineClaim } from '../../claim.ts';
import { equals } from '../../fact.ts';
import { escapeText } from '../../figure/svg.ts';

async function experiment() {
  const f = sigmoid();
  const layers = [
    dense({ units: 4, activation: f }),
    dense({ units: 4, activation: f }),
    dense({ units: 1 }),
  ];
  const network = sequential([3], layers);
  const parameters = new Map(
    network.parameters.map(({ name, shape }) => [name, placeholder(name, shape, { home: 'state' })]),
  );
  const context = { training: false, random: (purpose: string) => ({ seed: 0, purpose }) };
  const [out] = network.apply(parameters, [placeholder('x', [8, 3])], context);

  const program = lower({ outputs: { out: out! } }, cpu().capabilities);
  const products = program.kernels.filter(({ kind }) => kind === 'matmul').length;
  return { kernels: program.kernels.length, products, text: printProgram(program) };
}

export const claim = defineClaim({
  number: 41,
  title: 'A fully connected layer is one product, an offset and an activation',
  text: `
And on the machine it is one loop. Before anything runs, the network's expression is turned into a program; there the offset
and the activation are done on each number of the product while it is still at hand, rather than in passes of their own.
Three layers are three kernels. This is the program of the 3-layer network on a batch of eight, as it is printed.`,
  experiment,
  facts: ({ kernels, products }) => [
    equals('Kernels of the program', kernels, 3),
    equals('of which products of matrices', products, 3),
  ],
  refutedBy: (result) => ({ ...result, kernels: 9 }),
  figure: ({ text }) =>
    `<div class="listing" tabindex="0" role="region" aria-label="The program"><pre>${escapeText(text)}</pre></div>`,
});
