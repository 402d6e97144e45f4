import { sigmoid } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { evaluate, layerOutputs, normal, placeholder, sequential, train } from '@neurite/core';
import { dense } from '@neurite/layers';
import { meanSquaredError } from '@neurite/losses';
import { sgd } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { below, equals } from '../../fact.ts';
import { table } from '../../figure/table.ts';
import { largestDifference } from '../../numbers.ts';

const f = sigmoid();
const network = sequential(
  [3],
  [dense({ units: 4, activation: f }), dense({ units: 4, activation: f }), dense({ units: 1 })],
);

async function experiment({ seed }: { seed: number }) {
  const options = {
    loss: meanSquaredError(),
    optimizer: sgd(),
    backend: cpu(),
    dtype: 'float64',
    seed,
  } as const;
  const trainer = await train(network, options);
  const values = await trainer.readParameters();

  // As in the notes: a weight matrix has a row for each unit, and x is a column.
  const [W1, b1, W2, b2, W3, b3] = network.parameters.map(({ name, shape }) => {
    const parameter = placeholder(name, shape, { dtype: 'float64' });
    return shape.length === 2 ? parameter.transpose() : parameter.reshape([-1, 1]);
  });
  const x = normal([3, 1], { seed, purpose: 'x' }, 'float64');
  const h1 = f.apply(W1!.matmul(x).add(b1!));
  const h2 = f.apply(W2!.matmul(h1).add(b2!));
  const out = W3!.matmul(h2).add(b3!);

  const [column, first, second, byHand] = evaluate([x, h1, h2, out], values);
  const layers = await layerOutputs(trainer, column!);
  const difference = Math.max(
    ...[first!, second!, byHand!].map((numbers, i) => largestDifference(numbers, layers[i]!.output)),
  );
  const shapes = [W1!, W2!, W3!].map(({ shape }) => shape.join(' × '));
  return { difference, shapes, column: column!, first: first!, second: second!, byHand: byHand! };
}

export const claim = defineClaim({
  number: 39,
  title: 'The forward pass of a 3-layer network is three lines',
  text: `
$h_1 = f(W_1 x + b_1)$, $h_2 = f(W_2 h_1 + b_2)$, $out = W_3 h_2 + b_3$. All strengths of a layer's connections lie in one
matrix, a row for each unit, so that one product evaluates the whole layer. The three lines are in the code, written with
tensors; the network must give the same numbers.`,
  experiment,
  facts: ({ difference, shapes }) => [
    below('Largest difference between the three lines and the network', difference, 1e-12),
    {
      what: 'Shapes of the matrices',
      measured: shapes.join(', '),
      wanted: '4 × 3, 4 × 4, 1 × 4',
      holds: shapes.join(', ') === '4 × 3, 4 × 4, 1 × 4',
    },
    equals('Matrices', shapes.filter(Boolean).length, 3),
  ],
  refutedBy: (result) => ({ ...result, difference: 1 }),
  figure: ({ column, first, second, byHand }) =>
    table(
      'What goes through the network',
      ['', 'shape', 'numbers'],
      (
        [
          ['x', column],
          ['h₁', first],
          ['h₂', second],
          ['out', byHand],
        ] as const
      ).map(([name, numbers]) => [
        name,
        `${numbers.length} × 1`,
        Array.from(numbers, (value) => value.toFixed(3)).join('   '),
      ]),
    ),
});
