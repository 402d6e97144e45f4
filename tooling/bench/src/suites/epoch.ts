// Seconds an epoch of MNIST, its shuffling and gathering included, and what has been learnt after the last.
import { mnist } from '@neurite/datasets/mnist';
import { median } from '../measure.ts';
import type { Result } from '../result.ts';
import { type Problem, problemOf, type Row } from '../rows.ts';
import { gather } from '../shuffle.ts';
import type { Classifier, Images } from '../systems/system.ts';
import { about, classifierOf, type Loaded, loadAll, notesOn, withoutFits } from './loaded.ts';
import { type Suite, type SuiteOptions, timesYardstick } from './suite.ts';

export const epoch: Suite = { title: 'MNIST, 784-128-10, batch 64', brackets: timesYardstick, run };

const network: Row = { name: '784-128-10', sizes: [784, 128, 10], batch: 64 };
/** Left out unless --slow asks for them: an epoch takes from seconds to minutes. */
const slowSystems = ['tfjs-wasm', 'tfjs'];

async function run({ systems, quick, slow, report }: SuiteOptions): Promise<Result[]> {
  const epochs = quick ? 1 : 5;
  const { training, test } = await mnist();
  const problem: Problem = { ...problemOf(network), learningRate: 0.02 };
  const loaded = await loadAll(withoutFits(systems));
  const runs = loaded.map((each) => ({ each, seconds: [] as number[], ...({} as Outcome) }));

  for (const current of runs) {
    try {
      if (slowSystems.includes(current.each.name) && !slow) {
        throw new Error('left out: takes minutes; --slow measures it');
      }
      current.classifier = await classifierOf(current.each, problem);
    } catch (error) {
      current.failure = (error as Error).message;
    }
  }
  for (let number = 1; number <= epochs; number++) {
    report(`epoch: ${number} of ${epochs}`);
    for (const current of runs) {
      if (!current.classifier || current.failure !== undefined) continue;
      try {
        const begin = performance.now();
        await current.classifier.epoch(training);
        // Whoever computes in the background has finished when it has predicted.
        await current.classifier.predict(gather(test.inputs, 784, Int32Array.of(0)), 1);
        current.seconds.push((performance.now() - begin) / 1000);
        if (number === epochs) current.accuracy = await accuracyOn(test, current.classifier);
      } catch (error) {
        current.failure = (error as Error).message;
      }
    }
  }
  for (const { classifier } of runs) classifier?.dispose();
  return runs.flatMap(({ each, seconds, accuracy, failure }) => {
    const note = notesOn(each, seconds[0], failure);
    const best = seconds.length === 0 ? {} : { value: median(seconds), best: Math.min(...seconds) };
    return [
      line(each, 'an epoch', 's', { ...best, ...note }),
      line(each, `test accuracy after ${epochs}`, '%', {
        ...(accuracy !== undefined && { value: 100 * accuracy, share: accuracy }),
        ...note,
      }),
    ];
  });
}

interface Outcome {
  classifier?: Classifier;
  failure?: string;
  accuracy?: number;
}

const line = (each: Loaded, row: string, unit: string, figures: Partial<Result>): Result => ({
  suite: 'epoch',
  row,
  unit,
  ...about(each),
  ...figures,
});

async function accuracyOn({ inputs, targets }: Images, classifier: Classifier): Promise<number> {
  const portion = 1000;
  let right = 0;
  for (let begin = 0; begin < targets.length; begin += portion) {
    const rows = Int32Array.from({ length: portion }, (_, i) => begin + i);
    const scores = await classifier.predict(gather(inputs, 784, rows), portion);
    for (const [i, row] of rows.entries()) {
      const own = scores.subarray(10 * i, 10 * (i + 1));
      if (own.indexOf(Math.max(...own)) === targets[row]) right++;
    }
  }
  return right / targets.length;
}
