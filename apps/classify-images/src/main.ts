// Trains a network on pictures in the terminal, and shows what it has learnt. This file only puts things together.
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type FitResult, NeuriteError, sizeOf, type Trainer } from '@neurite/core';
import type { ImageSet } from '@neurite/datasets/mnist';
import { pictureSets } from './data.ts';
import { count, duration } from './format.ts';
import { type Options, readOptions } from './options.ts';
import { printLines, showBars } from './progress.ts';
import { readPictures } from './readings.ts';
import { cook } from './recipe.ts';
import { printReport } from './report.ts';
import { describeTerminal } from './terminal.ts';
import { saveWeights } from './weightSheet.ts';

const { stdout } = process;
const terminal = describeTerminal(stdout);
const { paint } = terminal;
const print = (text: string): void => void stdout.write(`${text}\n`);

async function main(options: Options): Promise<void> {
  const { epochs, batchSize, folder, weightFile } = options;
  // known after hours of training, it would come too late
  if (weightFile !== undefined && !existsSync(dirname(resolve(weightFile)))) {
    throw new NeuriteError('option', `--save-weights: there is no folder ${dirname(resolve(weightFile))}`);
  }
  const set = pictureSets[options.data];
  const data = await set.load({ folder, onFetch: (what) => print(`fetching ${what}, this once …\n`) });
  const examples = examplesOf(options, data);
  const trainer = await makeTrainer(options, data, Math.ceil(examples / batchSize) * epochs);
  const others = count(data.test.targets.length);
  print(
    `${paint('bold', set.title)}  ${count(examples)} ${set.pictures} to learn from, ${others} others to be tested on\n`,
  );
  print(`${trainer.network.summary()}\n\n${describeRun(options, trainer)}\n`);

  const training = {
    inputs: data.training.inputs.subarray(0, examples * sizeOf(data.shape)),
    targets: data.training.targets.subarray(0, examples),
  };
  const progress = terminal.interactive ? showBars(stdout, terminal) : printLines(print);
  const controller = new AbortController();
  const interrupt = (): void => {
    progress.close();
    controller.abort();
  };
  // Once: another Ctrl-C ends the process at once, as it does by default.
  process.once('SIGINT', interrupt);
  const began = performance.now();
  const result = await trainer
    .fit(training, { epochs, batchSize, callbacks: [progress], signal: controller.signal })
    .finally(progress.close);
  process.off('SIGINT', interrupt);
  print(`\n${describeEnd(result, epochs, (performance.now() - began) / 1000)}`);

  if (weightFile !== undefined) {
    await saveWeights(trainer, data.shape, weightFile);
    print(`first-layer weights: ${weightFile}`);
  }
  const outputs = await trainer.predict(data.test.inputs);
  print(printReport(data, set, readPictures(outputs, data.classes.length), terminal));
  trainer.release();
}

/** How many of the examples are learned from: all, or as many as were asked for. */
function examplesOf({ examples, batchSize }: Options, { training }: ImageSet): number {
  const there = training.targets.length;
  const chosen = examples ?? there;
  if (chosen > there) {
    throw new NeuriteError(
      'option',
      `--examples must be a whole number from 1 up to ${there}, but got "${chosen}"`,
    );
  }
  if (batchSize > chosen) {
    throw new NeuriteError(
      'option',
      `--batch-size must be at most the ${chosen} examples, but got "${batchSize}"`,
    );
  }
  return chosen;
}

/** A trainer on the first backend that runs here; says so where that is not the first of all. */
async function makeTrainer(options: Options, data: ImageSet, steps: number): Promise<Trainer> {
  const { recipe, seed } = options;
  const [backend, ...others] = options.backends;
  try {
    return await cook(recipe, data, { steps, seed, backend: backend as NonNullable<typeof backend> });
  } catch (error) {
    if (!(error instanceof NeuriteError && error.code === 'unsupported') || others.length === 0) throw error;
    print(`${error.message}; going on with ${others[0]?.type}\n`);
    return makeTrainer({ ...options, backends: others }, data, steps);
  }
}

function describeRun({ recipe, batchSize, seed }: Options, { backend }: Trainer): string {
  const parts = [
    recipe.summary,
    `batches of ${batchSize}`,
    `seed ${seed}`,
    `${backend.type} (${backend.report()?.mode})`,
  ];
  return paint('dim', parts.join(' · '));
}

function describeEnd({ stopped, steps, epochs }: FitResult, wanted: number, seconds: number): string {
  const made = `${count(steps)} steps in ${duration(seconds)}`;
  if (stopped === undefined) return `trained: ${made}`;
  return `${paint('yellow', 'stopped')} in epoch ${epochs.length + 1} of ${wanted}: ${made}`;
}

// Whoever reads may have seen enough, as in `npm start | head`.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  const options = readOptions(process.argv.slice(2), (text) => stdout.write(text));
  if (options) await main(options);
} catch (error) {
  if (!(error instanceof NeuriteError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
