import { cpu } from '@neurite/backend-cpu';
import { sequential, train } from '@neurite/core';
import { gaussianClouds } from '@neurite/datasets';
import { dense } from '@neurite/layers';
import { binaryCrossEntropy, binaryHinge } from '@neurite/losses';
import { momentum } from '@neurite/optimizers';
import { defineClaim } from '../../claim.ts';
import { above, printShare } from '../../fact.ts';
import { classed, gridOf, plane, regions } from '../../figure/plane.ts';
import { panels } from '../../figure/svg.ts';

const grid = gridOf(31, 2);

async function experiment({ seed, noise }: { seed: number; noise: number }) {
  const { inputs, targets } = gaussianClouds({ examples: 80, noise, seed });
  const network = sequential([2], [dense({ units: 1, name: 'unit' })]);

  const learn = async (loss: ReturnType<typeof binaryCrossEntropy | typeof binaryHinge>) => {
    const values = loss.type === 'binaryHinge' ? targets.map((y) => 2 * y - 1) : targets;
    const options = { loss, optimizer: momentum({ learningRate: 0.1 }), backend: cpu(), seed };
    const trainer = await train(network, options);
    await trainer.fit({ inputs, targets: values }, { epochs: 100 });
    const scores = await trainer.predict(inputs);
    const right = scores.filter((score, i) => score > 0 === targets[i]! > 0).length;
    return { accuracy: right / 80, region: await trainer.predict(grid.rows) };
  };

  const softmax = await learn(binaryCrossEntropy());
  const svm = await learn(binaryHinge());
  return { inputs, targets, softmax, svm };
}

export const claim = defineClaim({
  number: 13,
  title: 'Which classifier a neuron is, the loss decides',
  text: `
The unit, its weights, its data and the way it is trained stay the same; only the loss is another object. Cross-entropy asks
every example for more confidence, always. The hinge asks only those near the line. On clouds that hardly overlap both find
nearly the same line.`,
  controls: { noise: { label: 'size of the clouds', value: 0.4, minimum: 0.1, maximum: 1, step: 0.05 } },
  experiment,
  facts: ({ softmax, svm }) => [
    above('Examples that the softmax classifier has right', softmax.accuracy, 0.9, printShare),
    above('Examples that the support vector machine has right', svm.accuracy, 0.9, printShare),
  ],
  refutedBy: (result) => ({ ...result, svm: { ...result.svm, accuracy: 0.5 } }),
  figure: ({ inputs, targets, softmax, svm }) => {
    const draw = (heading: string, { region }: { region: ArrayLike<number> }) =>
      plane({
        title: `Two clouds as the unit with ${heading} divides them`,
        heading,
        extent: 2,
        marks: [regions(region, 2), classed({ inputs, targets })],
      });
    return panels(draw('cross-entropy', softmax), draw('hinge', svm));
  },
});
