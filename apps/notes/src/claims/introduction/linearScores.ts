import { cpu } from '@neurite/backend-cpu';
import { evaluate, sequential, train, uniform } from '@neurite/core';
import { dense } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { sgd } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { below, equals, says } from '../../fact.ts';
import { bars } from '../../figure/bars.ts';
import { largestDifference } from '../../numbers.ts';

async function experiment({ seed }: { seed: number }) {
  const network = sequential([3072], [dense({ units: 10, bias: false })]);
  const options = {
    loss: softmaxCrossEntropy(),
    optimizer: sgd(),
    backend: cpu(),
    dtype: 'float64',
  } as const;
  const trainer = await train(network, { ...options, seed });
  const { 'output.weight': W } = await trainer.readParameters();

  const [image] = evaluate([uniform([3072], { seed, purpose: 'image' }, 'float64')]);
  const scores = await trainer.predict(image!);

  const byLoops = new Array<number>(10).fill(0);
  for (let k = 0; k < 10; k++) for (let i = 0; i < 3072; i++) byLoops[k]! += W![10 * i + k]! * image![i]!;

  const refusal = await trainer.predict(image!.subarray(72)).catch((error: Error) => error.message);
  const difference = largestDifference(scores, byLoops);
  return { scores, weights: W!.length, difference, refusal: String(refusal) };
}

export const claim = defineClaim({
  number: 1,
  title: 'A linear classifier is one product: $s = Wx$',
  text: `
A picture of $32 \\times 32$ pixels in three colours is 3,072 numbers. Ten rows of weights, one for each class, make ten
scores of them, and the largest score names the class. As a network that is a single layer without anything after it. Here
an image of pure noise is scored by a layer and by two plain loops.`,
  experiment,
  facts: ({ difference, weights, refusal }) => [
    below('Largest difference between the layer and the loops', difference, 1e-12),
    equals('Weights', weights, 30720),
    says('An image that is too small', refusal, 'inputs must be rows of [3072]'),
  ],
  refutedBy: (result) => ({ ...result, difference: 1e-3 }),
  figure: ({ scores }) =>
    bars({
      title: 'Ten class scores of an image of noise, each above the smallest',
      label: 'score − smallest score',
      bars: Array.from(scores, (score, k) => ({ name: String(k), value: score - Math.min(...scores) })),
      print: (value) => value.toFixed(2),
    }),
});
