import { softmax } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { sequential, train } from '@neurite/core';
import { dense } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { sgd } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { equals, says } from '../../fact.ts';
import { bars } from '../../figure/bars.ts';

async function experiment() {
  const options = { loss: softmaxCrossEntropy(), optimizer: sgd(), backend: cpu() };
  const trainer = await train(sequential([1], [dense({ units: 3 })]), options);
  trainer.writeParameters({ 'output.weight': [-100, 10, 100], 'output.bias': [3, -5, 4] });
  const scores = Array.from(await trainer.predict([[2]]));
  const sizes = scores.map(Math.exp);
  const probabilities = sizes.map((size) => size / sizes.reduce((sum, each) => sum + each));

  const warnings: string[] = [];
  const twice = sequential([1], [dense({ units: 3, activation: softmax() })]);
  await train(twice, { ...options, onWarning: (message) => warnings.push(message) });
  return { scores, probabilities, warning: warnings.join(' ') };
}

export const claim = defineClaim({
  number: 36,
  title: 'The output layer has no activation',
  text: `
Its numbers are scores of classes, or targets of a regression, and may be anything: an activation would only fence them in.
A softmax that makes probabilities of scores belongs to the loss, where it can be computed without overflow. Who puts one in
front of that loss as well gets two, and a training that drags; the library says so.`,
  experiment,
  facts: ({ scores, warning }) => [
    equals('First score, −100 · 2 + 3', scores[0]!, -197),
    equals('Third score, 100 · 2 + 4', scores[2]!, 204),
    says('A softmax before the loss that has one', warning, 'takes logits'),
  ],
  refutedBy: (result) => ({ ...result, scores: result.probabilities }),
  figure: ({ scores }) =>
    bars({
      title: 'Three scores, each above the smallest',
      label: 'score + 197',
      bars: scores.map((score, i) => ({ name: `class ${i}`, value: score + 197 })),
      print: (value) => String(value - 197),
      height: 240,
    }),
});
