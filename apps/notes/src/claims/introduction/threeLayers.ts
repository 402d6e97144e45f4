import { relu } from '@neurite/activations';
import { placeholder, sequential, type Tensor } from '@neurite/core';
import { dense } from '@neurite/layers';
import { defineClaim } from '../../claim.ts';
import { equals } from '../../fact.ts';
import { drawNetwork } from '../../figure/network.ts';

const hidden = (units: number) => dense({ units, activation: relu(), bias: false });
const threeLayers = sequential([4], [hidden(5), hidden(5), dense({ units: 3, bias: false })]);

async function experiment() {
  const parameters = new Map(
    threeLayers.parameters.map(({ name, shape }) => [name, placeholder(name, shape)]),
  );
  const context = { training: false, random: (purpose: string) => ({ seed: 0, purpose }) };
  const [scores] = threeLayers.apply(parameters, [placeholder('x', [1, 4])], context);

  const operations = new Map<Tensor, string>();
  const visit = (tensor: Tensor): void => {
    if (operations.has(tensor)) return;
    operations.set(tensor, tensor.op.kind === 'map' ? tensor.op.operation : tensor.op.kind);
    tensor.sources.forEach(visit);
  };
  visit(scores!);
  const count = (...names: string[]) =>
    [...operations.values()].filter((name) => names.includes(name)).length;
  return { products: count('contract'), thresholds: count('select'), weights: threeLayers.summary().weights };
}

export const claim = defineClaim({
  number: 4,
  title: 'Three layers: $s = W_3 \\max(0, W_2 \\max(0, W_1 x))$',
  text: `
Another layer is another matrix and another threshold around what was there before. A network's function is nothing but
such an expression, so its operations can be counted: three products, and two thresholds between them. How wide the layers
in between are is for us to choose; the notes call such numbers hyperparameters.`,
  experiment,
  facts: ({ products, thresholds, weights }) => [
    equals('Products with a matrix', products, 3),
    equals('Thresholds', thresholds, 2),
    equals('Weights: 4 · 5 + 5 · 5 + 5 · 3', weights, 60),
  ],
  refutedBy: (result) => ({ ...result, thresholds: 3 }),
  figure: () => drawNetwork(threeLayers, { title: 'A network of three layers on four inputs' }),
});
