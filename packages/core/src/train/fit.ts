// The loop over epochs and steps: many steps in one call of the program, between calls time for everybody else.
import { NeuriteError } from '../errors.ts';
import { option, resolveOptions } from '../plugin/options.ts';
import { breathe } from './breathe.ts';
import type { Callback, EpochReport, FitResult } from './callback.ts';
import { type Compiled, notFinite } from './compiled.ts';
import type { Data } from './data.ts';
import { shuffledOrder } from './shuffle.ts';
import { scheduledSteps } from './trace.ts';
import type { Trainer } from './trainer.ts';

export interface FitOptions {
  /** Times to go through the data. 1. */
  readonly epochs?: number | undefined;
  /** Examples of a step. 32. The last batch of an epoch is smaller where they do not come out even. */
  readonly batchSize?: number | undefined;
  /** Whether each epoch has an order of its own, which depends on the seed. true. */
  readonly shuffle?: boolean | undefined;
  /** Evaluated after each epoch. */
  readonly validation?: Data | undefined;
  readonly callbacks?: readonly Callback[] | undefined;
  /** Ends the training between two steps; `fit` then resolves with what was reached. */
  readonly signal?: AbortSignalLike | undefined;
}

/** What is needed of an AbortSignal. */
export interface AbortSignalLike {
  readonly aborted: boolean;
}

const fitSchema = {
  epochs: option.number(1, { minimum: 1, whole: true }),
  batchSize: option.number(32, { minimum: 1, whole: true }),
  shuffle: true,
} as const;

/** Milliseconds that a call of the program should take: short enough for a smooth progress bar and a quick stop. */
const patience = 40;

/** @internal `Trainer.fit`. */
export async function fit(trainer: Trainer, data: Data, options: FitOptions): Promise<FitResult> {
  const { validation: validationData, callbacks = [], signal, ...rest } = options;
  const { epochs, batchSize, shuffle } = resolveOptions('fit', fitSchema, rest);
  const examples = trainer.prepare(data);
  const validation = validationData && trainer.prepare(validationData);
  const { rows } = examples;
  if (batchSize > rows) {
    throw new NeuriteError(
      'data',
      `fit: batchSize ${batchSize} is more than the ${rows} examples that there are: give at most ${rows}`,
    );
  }
  const stepsPerEpoch = Math.ceil(rows / batchSize);
  const main = await trainer.stepProgram(examples, batchSize);
  const last =
    rows % batchSize === 0 ? undefined : await trainer.stepProgram(examples, rows % batchSize, main);
  main.write('training.inputs', examples.inputs);
  main.write('training.targets', examples.targets);
  main.write('training.badStep', [-1]);

  const begin = Date.now();
  const seconds = (): number => (Date.now() - begin) / 1000;
  const reports: EpochReport[] = [];
  let steps = await trainer.steps();
  const firstStep = steps;
  let stepsPerCall = 1;
  let stopped: string | undefined;

  /** `count` steps of a program, no longer than the schedule's rates reach. */
  const run = async (compiled: Compiled, count: number): Promise<void> => {
    trainer.writeRates(compiled, steps, count);
    const start = performanceNow();
    await compiled.executable.run(count);
    steps += count;
    const bad = await compiled.readNumber('training.badStep');
    if (bad >= 0) throw notFinite(bad);
    const each = Math.max((performanceNow() - start) / count, 1e-4);
    stepsPerCall = Math.min(Math.max(1, Math.round(patience / each)), stepsPerCall * 4, scheduledSteps * 64);
    if (!compiled.has('learningRate')) stepsPerCall = Math.min(stepsPerCall, scheduledSteps);
  };

  for (const callback of callbacks) callback.onStart?.({ epochs, stepsPerEpoch, batchSize, examples: rows });
  for (let epoch = 1; epoch <= epochs && stopped === undefined; epoch++) {
    if (signal?.aborted) {
      stopped = 'aborted';
      break;
    }
    const order = shuffle
      ? shuffledOrder(rows, trainer.recipe.seed, trainer.nextEpoch())
      : Int32Array.from({ length: rows }, (_, i) => i);
    main.write('training.order', order);
    main.write('training.row', [0]);
    trainer.resetTotals(main, 'training');
    const fullSteps = Math.floor(rows / batchSize);
    for (let step = 0; step < stepsPerEpoch && stopped === undefined; ) {
      const count = step < fullSteps ? Math.min(stepsPerCall, fullSteps - step) : 1;
      await run(step < fullSteps ? main : (last as Compiled), count);
      step += count;
      const done = Math.min(step * batchSize, rows);
      if (callbacks.some((callback) => callback.onProgress)) {
        const { loss, ...scores } = await trainer.readTotals(main, 'training', done);
        const learningRate = trainer.rateAt(steps - 1);
        const progress = {
          epoch,
          epochs,
          step,
          stepsPerEpoch,
          examples: done,
          loss,
          scores,
          learningRate,
          seconds: seconds(),
        };
        for (const callback of callbacks) stopped = (await callback.onProgress?.(progress)) || stopped;
      }
      await breathe();
      if (signal?.aborted && !(epoch === epochs && step === stepsPerEpoch)) stopped = 'aborted';
    }
    if (stopped !== undefined) break;
    const { loss, ...scores } = await trainer.readTotals(main, 'training', rows);
    const report: EpochReport = {
      epoch,
      epochs,
      loss,
      scores,
      ...(validation && { validation: await trainer.evaluateExamples(validation) }),
      seconds: seconds(),
    };
    reports.push(report);
    for (const callback of callbacks) stopped = (await callback.onEpoch?.(report)) || stopped;
  }
  const result: FitResult = {
    epochs: reports,
    steps: steps - firstStep,
    ...(stopped !== undefined && { stopped }),
  };
  for (const callback of callbacks) callback.onEnd?.(result);
  return result;
}

/** Milliseconds; `performance` is in Node and browsers alike, though not in the language. */
const performanceNow = (): number =>
  (globalThis as unknown as { performance: { now(): number } }).performance.now();
