import { tanh } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { evaluate, normal, placeholder, sequential, train } from '@neurite/core';
import { dense } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { sgd } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { below, equals, report } from '../../fact.ts';
import { bars } from '../../figure/bars.ts';
import { largestDifference, median } from '../../numbers.ts';

async function experiment({ seed }: { seed: number }) {
  const network = sequential([8], [dense({ units: 16, activation: tanh() }), dense({ units: 3 })]);
  const options = { loss: softmaxCrossEntropy(), optimizer: sgd(), backend: cpu(), seed };
  const trainer = await train(network, options);
  const [x] = evaluate([normal([64, 8], { seed, purpose: 'x' })]);

  const times: number[][] = [[], []];
  const timed = async (which: number, examples: number, rows: Float32Array) => {
    const start = performance.now();
    const output = await trainer.predict(rows);
    times[which]!.push(((performance.now() - start) * 1e6) / examples);
    return output;
  };
  const alone: number[] = [];
  for (let row = 0; row < 64; row++)
    alone.push(...(await timed(0, 1, x!.slice(8 * row, 8 * row + 8) as Float32Array)));
  for (let i = 0; i < 20; i++) await timed(1, 64, x as Float32Array);
  const together = await trainer.predict(x!);

  // The notes have an example in each column, W · X; here it is in each row, X · W. One is the other, transposed.
  const W = (await trainer.readParameters())['hidden1.weight']!;
  const [weights, examples] = [placeholder('W', [8, 16]), placeholder('X', [64, 8])];
  const columns = weights.transpose().matmul(examples.transpose()).transpose();
  const [asColumns, asRows] = evaluate([columns, examples.matmul(weights)], { W, X: x! });

  return {
    alone: largestDifference(alone, together),
    columns: largestDifference(asColumns!, asRows!),
    nanoseconds: times.map(median),
  };
}

export const claim = defineClaim({
  number: 40,
  title: 'A batch is one matrix: all examples in the same product',
  text: `
Instead of one column, $x$ may have many, an example in each, and the same three lines evaluate them all. This library keeps
an example in each *row*, which is the same picture transposed. In a batch or alone, an example's numbers are the same bits;
but a hundred products of small vectors become one product of matrices, which is what computers are good at.`,
  experiment,
  facts: ({ alone, columns, nanoseconds }) => [
    equals('Difference between a batch and its examples alone', alone, 0),
    below('Difference between columns and rows, transposed', columns, 1e-6),
    report('Nanoseconds for an example, alone', nanoseconds[0]!),
    report('Nanoseconds for an example, in a batch of 64', nanoseconds[1]!),
  ],
  refutedBy: (result) => ({ ...result, alone: 1e-3 }),
  figure: ({ nanoseconds }) =>
    bars({
      title: 'Time for an example, as it was measured',
      label: 'µs',
      bars: [
        { name: 'alone', value: nanoseconds[0]! / 1000, series: 2 },
        { name: 'in a batch of 64', value: nanoseconds[1]! / 1000 },
      ],
      print: (value) => value.toFixed(1),
      height: 240,
    }),
});
