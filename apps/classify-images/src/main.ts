// Trains a network on MNIST in the terminal, and shows what it has learnt. This file only puts things together.
import { accuracy, type FitResult, NeuriteError, type Trainer } from '@neurite/core';
import { mnist } from '@neurite/datasets/mnist';
import { count, duration } from './format.ts';
import { type Options, readOptions } from './options.ts';
import { plugins } from './plugins.ts';
import { printLines, showBars } from './progress.ts';
import { readPictures } from './readings.ts';
import { printReport } from './report.ts';
import { describeTerminal } from './terminal.ts';

const { stdout } = process;
const terminal = describeTerminal(stdout);
const { paint } = terminal;
const print = (text: string): void => void stdout.write(`${text}\n`);

async function main(options: Options): Promise<void> {
  const { examples, epochs, batchSize } = options;
  const data = await mnist();
  const trainer = await makeTrainer(options, data.classes.length);
  const others = count(data.test.targets.length);
  print(
    `${paint('bold', 'MNIST')}  ${count(examples)} handwritten digits to learn from, ${others} others to be tested on\n`,
  );
  print(`${trainer.network.summary()}\n\n${describeRun(options, trainer)}\n`);

  const training = {
    inputs: data.training.inputs.subarray(0, examples * 784),
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

  const outputs = await trainer.predict(data.test.inputs);
  print(printReport(data, readPictures(outputs, data.classes.length), terminal));
  trainer.release();
}

/** A trainer on the first backend that runs here; says so where that is not the first of all. */
async function makeTrainer(options: Options, classes: number): Promise<Trainer> {
  const { hidden, activation, optimizer, seed } = options;
  const [backend, ...others] = options.backends;
  try {
    return await plugins.train({
      input: [784],
      layers: [
        ...hidden.map((units) => ({ type: 'dense', units, activation }) as const),
        { type: 'dense', units: classes },
      ],
      loss: 'softmaxCrossEntropy',
      metrics: [accuracy()],
      optimizer,
      backend: backend as NonNullable<typeof backend>,
      seed,
    });
  } catch (error) {
    if (!(error instanceof NeuriteError && error.code === 'unsupported') || others.length === 0) throw error;
    print(`${error.message}; going on with ${others[0]?.type}\n`);
    return makeTrainer({ ...options, backends: others }, classes);
  }
}

function describeRun({ activation, optimizer, batchSize, seed }: Options, { backend }: Trainer): string {
  const { learningRate } = optimizer;
  const rate = typeof learningRate === 'number' ? learningRate : learningRate.type;
  const parts = [
    activation.type,
    `${optimizer.type}, learning rate ${rate}`,
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
