// The loop over epochs and steps: many steps in one call of the program, between calls time for everybody else.
import { NeuriteError } from '../errors.ts';
import { option, resolveOptions } from '../plugin/options.ts';
import { breathe } from './breathe.ts';
import type { Callback, EpochReport, FitResult, Progress, Scores } from './callback.ts';
import { type Compiled, notFinite } from './compiled.ts';
import type { Data, Examples } from './data.ts';
import { diagnose } from './diagnose.ts';
import { type Programs, type StateNumbers, writeExamples } from './programs.ts';
import { shuffledOrder } from './shuffle.ts';
import type { Position } from './snapshot.ts';
import { readScores, resetTotals, takeTotals } from './totals.ts';
import { scheduledSteps } from './trace.ts';
import type { Trainer } from './trainer.ts';
import { dataWarnings } from './warnings.ts';

/** How to train: what `trainer.fit` takes beside the data. */
export interface FitOptions {
  /** Times to go through the data. 1. */
  readonly epochs?: number | undefined;
  /** Examples of a step. 32, or all where there are fewer. The last batch of an epoch is smaller where they do not come out even. */
  readonly batchSize?: number | undefined;
  /** Whether each epoch has an order of its own, which depends on the seed. true. */
  readonly shuffle?: boolean | undefined;
  /** Evaluated after each epoch. */
  readonly validation?: Data | undefined;
  readonly callbacks?: readonly Callback[] | undefined;
  /** Ends the training between two steps; `fit` then resolves with what was reached. */
  readonly signal?: AbortSignalLike | undefined;
  /**
   * Whether to go on with a `fit` that was ended early, here or where the snapshot was taken that was restored: `epochs`
   * then counts from its beginning. The data must be the same. false.
   */
  readonly resume?: boolean | undefined;
}

/** What is needed of an AbortSignal. */
export interface AbortSignalLike {
  readonly aborted: boolean;
}

const fitSchema = {
  epochs: option.number(1, { minimum: 1, whole: true }),
  batchSize: option.optional(option.count()),
  shuffle: true,
  resume: false,
} as const;

const usualBatch = 32;

/** Milliseconds that a call of the program should take: short enough for a smooth progress bar and a quick stop. */
const patience = 40;

/** @internal `Trainer.fit`. */
export async function fit(trainer: Trainer, data: Data, options: FitOptions): Promise<FitResult> {
  const { validation: validationData, callbacks = [], signal, ...rest } = options;
  const { epochs, shuffle, resume, ...given } = resolveOptions('fit', fitSchema, rest);
  const examples = trainer.prepare(data);
  const validation = validationData && trainer.prepare(validationData);
  const { rows } = examples;
  const { batchSize = Math.min(usualBatch, rows) } = given;
  if (batchSize > rows) {
    throw new NeuriteError(
      'data',
      `fit: batchSize ${batchSize} is more than the ${rows} examples that there are: give at most ${rows}`,
    );
  }
  const left = resume ? positionFor(trainer, rows, batchSize) : undefined;
  for (const message of dataWarnings(trainer.recipe, examples)) trainer.warn(message);
  await trainer.decide(examples, batchSize);
  await trainer.adaptTo(examples);
  const run = new Run(trainer, examples, batchSize, shuffle, left);
  trainer.follow(run, left);
  try {
    await run.begin();
    const info = { epochs, stepsPerEpoch: run.stepsPerEpoch, batchSize, examples: rows };
    for (const callback of callbacks) await callback.onStart?.(info, trainer, data);
    const result = await runEpochs(run, epochs, callbacks, validation, signal);
    for (const callback of callbacks) await callback.onEnd?.(result);
    return result;
  } finally {
    trainer.follow(undefined, await run.leave());
  }
}

/** Where a training that was ended early goes on. */
function positionFor(trainer: Trainer, rows: number, batchSize: number): Position | undefined {
  const { position } = trainer;
  if (!position || (position.rows === rows && position.batchSize === batchSize)) return position;
  throw new NeuriteError(
    'data',
    `fit: what is resumed had ${position.rows} examples in batches of ${position.batchSize}, but got ${rows} in batches of ${batchSize}`,
  );
}

async function runEpochs(
  run: Run,
  epochs: number,
  callbacks: readonly Callback[],
  validation: Examples | undefined,
  signal: AbortSignalLike | undefined,
): Promise<FitResult> {
  const { trainer, stepsPerEpoch } = run;
  const begin = Date.now();
  const seconds = (): number => (Date.now() - begin) / 1000;
  const reports: EpochReport[] = [];
  const watched = callbacks.some(({ onProgress }) => onProgress);
  const guarded = callbacks.some(({ onNotFinite }) => onNotFinite);
  let stopped: string | undefined;

  while (run.epoch < epochs && stopped === undefined) {
    const epoch = run.epoch + 1;
    if (signal?.aborted) stopped = 'aborted';
    while (run.step < stepsPerEpoch && stopped === undefined) {
      const { bad, scores: all } = await run.advance(watched, guarded);
      if (bad) {
        if (!guarded) throw notFinite(bad.step - 1);
        for (const callback of callbacks) stopped = (await callback.onNotFinite?.(bad)) || stopped;
        stopped ??= `not finite at step ${bad.step}: ${bad.where}`;
        break;
      }
      if (all) {
        const { loss, ...scores } = all;
        const progress: Progress = {
          epoch,
          epochs,
          step: run.step,
          stepsPerEpoch,
          examples: run.examplesDone,
          loss,
          scores,
          learningRate: trainer.rateAt(run.steps - 1),
          seconds: seconds(),
        };
        for (const callback of callbacks) stopped = (await callback.onProgress?.(progress)) || stopped;
      }
      await breathe();
      if (signal?.aborted && !(epoch === epochs && run.step === stepsPerEpoch)) stopped ??= 'aborted';
    }
    if (stopped !== undefined) break;
    const { loss, ...scores } = await run.scores();
    const learningRate = trainer.rateAt(run.steps - 1);
    const checked = validation && (await trainer.evaluateExamples(validation));
    trainer.rates.observe({ steps: run.steps, loss, validationLoss: checked?.loss });
    const report: EpochReport = {
      epoch,
      epochs,
      loss,
      scores,
      ...(checked && { validation: checked }),
      learningRate,
      steps: run.steps,
      seconds: seconds(),
    };
    reports.push(report);
    run.nextEpoch();
    for (const callback of callbacks) stopped = (await callback.onEpoch?.(report)) || stopped;
  }
  return { epochs: reports, steps: run.stepsMade, ...(stopped !== undefined && { stopped }) };
}

/** What a call of the program came to. */
interface Advance {
  readonly scores?: { readonly loss: number } & Scores;
  readonly bad?: { readonly step: number; readonly where: string };
}

/** A training that is under way: the programs of its steps with the data set beside them, and where it is. */
class Run {
  readonly trainer: Trainer;
  readonly rows: number;
  readonly stepsPerEpoch: number;
  /** Epochs that were finished, steps that were made in the present one, and over all calls of `fit`. */
  epoch: number;
  step: number;
  steps = 0;
  #firstStep = 0;
  readonly #examples: Examples;
  readonly #batchSize: number;
  readonly #shuffle: boolean;
  #order: Int32Array = new Int32Array(0);
  /** Whether the order and the totals of this epoch lie with the programs. */
  #begun: boolean;
  #programs: Programs | undefined;
  #main!: Compiled;
  #last: Compiled | undefined;
  #stepsPerCall = 1;

  /** @param left where an earlier run was left, to be finished. */
  constructor(
    trainer: Trainer,
    examples: Examples,
    batchSize: number,
    shuffle: boolean,
    left: Position | undefined,
  ) {
    this.trainer = trainer;
    this.rows = examples.rows;
    this.stepsPerEpoch = Math.ceil(examples.rows / batchSize);
    this.epoch = left?.epoch ?? 0;
    this.step = left?.step ?? 0;
    this.#examples = examples;
    this.#batchSize = batchSize;
    this.#shuffle = shuffle;
    this.#begun = this.step > 0;
    if (this.#begun) this.#order = this.#orderOf(trainer.epochs - 1);
  }

  async begin(): Promise<void> {
    this.steps = await this.trainer.steps();
    this.#firstStep = this.steps;
    await this.trainer.inTurn('fit', () => this.#follow());
  }

  get stepsMade(): number {
    return this.steps - this.#firstStep;
  }

  get examplesDone(): number {
    return Math.min(this.step * this.#batchSize, this.rows);
  }

  /** The next steps: as many as take a moment, within the epoch. */
  advance(watched: boolean, guarded: boolean): Promise<Advance> {
    return this.trainer.inTurn('fit', async () => {
      await this.#follow();
      if (!this.#begun) this.#beginEpoch();
      const fullSteps = Math.floor(this.rows / this.#batchSize);
      const isFull = this.step < fullSteps;
      const count = isFull ? Math.min(this.#stepsPerCall, fullSteps - this.step) : 1;
      const compiled = isFull ? this.#main : (this.#last as Compiled);
      const before = guarded ? await this.#copy() : undefined;
      this.trainer.rates.write(compiled, this.steps, count);
      const start = performanceNow();
      await compiled.executable.run(count);
      const badStep = await this.#main.readNumber('training.badStep');
      if (badStep >= 0 && before) {
        const where = await this.#goBack(before, compiled, badStep);
        return { bad: { step: badStep + 1, where } };
      }
      this.#count(count);
      if (badStep >= 0) return { bad: { step: badStep + 1, where: '' } };
      this.#adjust((performanceNow() - start) / count);
      return watched ? { scores: await this.#read() } : {};
    });
  }

  /** Loss and metrics of the epoch so far. */
  scores(): Promise<{ loss: number } & Scores> {
    return this.trainer.inTurn('fit', async () => {
      await this.#follow();
      return this.#read();
    });
  }

  #read(): Promise<{ loss: number } & Scores> {
    return readScores(this.#main, 'training', this.trainer.recipe.metrics, this.examplesDone);
  }

  #count(steps: number): void {
    if (this.step === 0 && steps > 0) this.trainer.countEpoch();
    this.steps += steps;
    this.step += steps;
  }

  nextEpoch(): void {
    this.epoch++;
    this.step = 0;
    this.#begun = false;
  }

  /** Where it is. To be called between two calls of the program. */
  async position(): Promise<Position> {
    const { epoch, step, rows } = this;
    const place = { epoch, step, batchSize: this.#batchSize, rows };
    if (step === 0) return { ...place, totals: {} };
    // After a move, and before the first step there, the totals are on their way.
    const hasMoved = this.trainer.programs !== this.#programs;
    const totals = hasMoved ? this.trainer.position?.totals : await takeTotals(this.#main, 'training');
    return { ...place, totals: totals ?? {} };
  }

  /** Where it ended, for who resumes it; undefined where it cannot be told any more. */
  async leave(): Promise<Position | undefined> {
    try {
      return await this.trainer.inTurn('fit', () => this.position());
    } catch {
      return undefined; // released or lost
    }
  }

  #orderOf(epoch: number): Int32Array {
    return this.#shuffle
      ? shuffledOrder(this.rows, this.trainer.recipe.seed, epoch)
      : Int32Array.from({ length: this.rows }, (_, i) => i);
  }

  #beginEpoch(): void {
    this.#order = this.#orderOf(this.trainer.epochs);
    this.#begun = true;
    this.#main.write('training.order', this.#order);
    this.#main.write('training.row', [0]);
    resetTotals(this.#main, 'training');
  }

  /** Goes along where the trainer has moved to another backend. */
  async #follow(): Promise<void> {
    if (this.trainer.programs !== this.#programs) await this.#load(this.trainer.position);
  }

  /** The steps' programs: for full batches, and for the last one where it is smaller. */
  async compileOn(programs: Programs): Promise<readonly [main: Compiled, last: Compiled | undefined]> {
    const size = this.#batchSize;
    const rest = this.rows % size;
    const main = await programs.trainingStep(this.#examples, size);
    return [main, rest === 0 ? undefined : await programs.trainingStep(this.#examples, rest, main)];
  }

  /** Compiles the steps and brings the data to them; in the middle of an epoch, what was added up in it too. */
  async #load(middle: Position | undefined): Promise<void> {
    const { programs } = this.trainer;
    [this.#main, this.#last] = await this.compileOn(programs);
    this.#programs = programs;
    this.#stepsPerCall = 1;
    writeExamples(this.#main, 'training', this.#examples, this.trainer.names);
    this.#main.write('training.badStep', [-1]);
    if (!this.#begun) return;
    this.#main.write('training.order', this.#order);
    this.#main.write('training.row', [this.examplesDone]);
    resetTotals(this.#main, 'training');
    for (const [name, values] of Object.entries(middle?.totals ?? {})) this.#main.write(name, values);
  }

  #adjust(milliseconds: number): void {
    const each = Math.max(milliseconds, 1e-4);
    const wanted = Math.max(1, Math.round(patience / each));
    this.#stepsPerCall = Math.min(wanted, this.#stepsPerCall * 4, scheduledSteps * 64);
    if (this.trainer.rates.isScheduled) this.#stepsPerCall = Math.min(this.#stepsPerCall, scheduledSteps);
  }

  async #copy(): Promise<{ state: StateNumbers; totals: Record<string, ArrayLike<number>> }> {
    return {
      state: await this.trainer.programs.readState(),
      totals: await takeTotals(this.#main, 'training'),
    };
  }

  /** Makes everything what it was before the bad step, and finds out what went bad in it. */
  async #goBack(
    { state, totals }: { state: StateNumbers; totals: Record<string, ArrayLike<number>> },
    compiled: Compiled,
    badStep: number,
  ): Promise<string> {
    const { programs, recipe } = this.trainer;
    programs.writeState(state);
    for (const [name, values] of Object.entries(totals)) this.#main.write(name, values);
    this.#main.write('training.row', [this.examplesDone]);
    this.#main.write('training.badStep', [-1]);
    const good = badStep - this.steps;
    if (good > 0) await compiled.executable.run(good);
    this.#count(good);
    const first = this.examplesDone;
    const rows = this.#order.slice(first, Math.min(first + this.#batchSize, this.rows));
    return diagnose(recipe, programs, this.#examples, rows);
  }
}

/** Milliseconds; `performance` is in Node and browsers alike, though not in the language. */
const performanceNow = (): number =>
  (globalThis as unknown as { performance: { now(): number } }).performance.now();
