import { relu } from '@neurite/activations';
import { sequential } from '@neurite/core';
import { dense } from '@neurite/layers';
import { defineClaim } from '../../claim.ts';
import { equals } from '../../fact.ts';
import { drawNetwork } from '../../figure/network.ts';
import { panels } from '../../figure/svg.ts';

/** A network from the sizes of its layers, the input first: [3, 4, 2]. */
function networkOf([inputs, ...sizes]: readonly number[]) {
  const layers = sizes.map((units, i) =>
    i === sizes.length - 1 ? dense({ units }) : dense({ units, activation: relu() }),
  );
  return sequential([inputs!], layers);
}

async function experiment() {
  const [none, one, two] = [networkOf([3, 2]), networkOf([3, 4, 2]), networkOf([3, 4, 4, 1])];
  const hidden = (network: typeof none) =>
    network.layers.filter(({ name }) => name.startsWith('hidden')).length;
  return [none, one, two].map((network) => ({ layers: network.layers.length, hidden: hidden(network) }));
}

export const claim = defineClaim({
  number: 35,
  title: 'An N-layer network: the input is not counted',
  text: `
The input computes nothing, so it is no layer. Three inputs, four hidden units and two outputs are a *2-layer* network, with
one hidden layer. A *single-layer* network has no hidden one at all: its inputs go straight to the scores, and it is the
linear classifier of chapter 3, logistic regression or a support vector machine, as the loss will have it.`,
  experiment,
  facts: ([none, one, two]) => [
    equals('Layers of [3, 2]', none!.layers, 1),
    equals('Layers of [3, 4, 2]', one!.layers, 2),
    equals('of which hidden', one!.hidden, 1),
    equals('Layers of [3, 4, 4, 1]', two!.layers, 3),
    equals('of which hidden', two!.hidden, 2),
  ],
  refutedBy: (result) => result.map(({ layers, hidden }) => ({ layers: layers + 1, hidden })),
  figure: () =>
    panels(
      ...[
        [3, 2],
        [3, 4, 2],
        [3, 4, 4, 1],
      ].map((sizes) =>
        drawNetwork(networkOf(sizes), { title: `The network [${sizes.join(', ')}]`, width: 290 }),
      ),
    ),
});
