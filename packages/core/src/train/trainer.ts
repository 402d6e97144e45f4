// A trainer: a network, losses, an optimizer and a backend, compiled. It owns the memory in which the parameters lie.
import { NeuriteError } from '../errors.ts';
import type { Network } from '../network/network.ts';
import type { Backend } from '../plugin/backend.ts';
import { isPluginValue } from '../plugin/definition.ts';
import type { Metric } from '../plugin/metric.ts';
import { printValue, withArticle } from '../plugin/options.ts';
import type { ScheduleReport } from '../plugin/schedule.ts';
import type { NumberArray } from '../scalar/dtype.ts';
import { printShape, type Shape, sizeOf } from '../scalar/shape.ts';
import { adapt } from './adapt.ts';
import type { FitResult, Scores } from './callback.ts';
import { type Compiled, notFinite } from './compiled.ts';
import {
  type Data,
  type Examples,
  type Numbers,
  type NumbersByName,
  prepareData,
  prepareInputs,
} from './data.ts';
import type { BackendChoice, Choice } from './fastest.ts';
import { type FitOptions, fit } from './fit.ts';
import { HostStep } from './hostStep.ts';
import { onlyOutput, outputsByName, predictRows } from './predict.ts';
import { Programs, type StateNumbers, writeExamples } from './programs.ts';
import { Rates } from './rates.ts';
import { needsData, portNames, type Recipe } from './recipe.ts';
import { type Position, requireSnapshot, type Snapshot } from './snapshot.ts';
import { readScores, resetTotals, totalsOf } from './totals.ts';
import { traceEvaluation } from './trace.ts';

/** Rows that an evaluation takes at once. */
const evaluationRows = 256;

/** A `fit` that is under way, as its trainer knows it. */
interface UnderWay {
  /** How far it has come. */
  position(): Promise<Position>;
  /** Compiles its steps where the training is about to move. */
  compileOn(programs: Programs): Promise<unknown>;
}

/**
 * A trainer, as `train()` gives it: a network, losses, an optimizer and a backend, compiled. It owns the memory in which the
 * parameters lie; `release()` gives it back.
 */
export class Trainer {
  readonly network: Network;
  /** What it was made of, beside the backend: what `train` was given, checked and with its defaults. */
  readonly recipe: Recipe;
  /** @internal What the network's inputs and outputs are called in programs. */
  readonly names: { readonly inputs: readonly string[]; readonly targets: readonly string[] };
  /** @internal */
  readonly rates: Rates;
  #programs: Programs;
  /** Epochs that were begun, over all calls of `fit`: each has an order of its own. */
  #epochs = 0;
  #position: Position | undefined;
  #underWay: UnderWay | undefined;
  #adapted: boolean;
  /** Parameters that were given their numbers. */
  #written: ReadonlySet<string> = new Set();
  #busy: string | undefined;
  /** Moves to other backends that are under way or wait for their turn. */
  #moves = 0;
  #latestStep: HostStep | undefined;
  /** Settled when nobody evaluates or predicts. */
  #turn: Promise<unknown> = Promise.resolve();
  /** How many compute, or wait for their turn: memory is given back after the last of them. */
  #users = 0;
  #released = false;
  /** Whether the memory was given back. */
  #isEmpty = false;

  /** A choice among backends that is still to be made. */
  #undecided: BackendChoice | undefined;
  #choice: Choice | undefined;
  readonly #onWarning: (message: string) => void;
  readonly #warned = new Set<string>();

  private constructor(
    recipe: Recipe,
    rates: Rates,
    programs: Programs,
    onWarning: (message: string) => void,
    undecided: BackendChoice | undefined,
  ) {
    this.#onWarning = onWarning;
    this.#undecided = undecided;
    this.network = recipe.network;
    this.recipe = recipe;
    this.rates = rates;
    this.#programs = programs;
    this.#adapted = !needsData(recipe);
    this.names = {
      inputs: portNames('inputs', recipe.network.inputs),
      targets: portNames('targets', recipe.network.outputs),
    };
  }

  /** @internal Use `train()`. */
  static async create(
    recipe: Recipe,
    backend: Backend | BackendChoice,
    state: StateNumbers,
    onWarning: (message: string) => void,
  ): Promise<Trainer> {
    const rates = new Rates(recipe);
    const undecided = backend.kind === 'choice' ? backend : undefined;
    const candidates = backend.kind === 'choice' ? backend.candidates : [backend];
    const programs = await firstOf(candidates, (candidate) =>
      Programs.create(recipe, candidate, state, (compiled) => rates.prepare(compiled)),
    );
    return new Trainer(recipe, rates, programs, onWarning, undecided);
  }

  /** How the backend was chosen, where it was to be the fastest of several; undefined before the first step. */
  get choice(): Choice | undefined {
    return this.#choice;
  }

  /** @internal Takes the fastest backend, if that is still to be done, by a step on the first rows of `examples`. */
  async decide(examples: Examples, batchSize: number): Promise<void> {
    const undecided = this.#undecided;
    if (!undecided) return;
    const prepare = (compiled: Compiled): void => this.rates.prepare(compiled);
    this.#choice = await undecided.choose(
      this.recipe,
      await this.#programs.readState(),
      prepare,
      examples,
      batchSize,
    );
    this.#undecided = undefined;
    if (this.#choice.backend !== this.backend) await this.#move((this.#choice as Choice).backend);
  }

  /** @internal Says something once. */
  warn(message: string): void {
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    this.#onWarning(message);
  }

  /** Where it computes. */
  get backend(): Backend {
    return this.#programs.backend;
  }

  /**
   * Trains on `data`. The data set is copied to where the program runs; steps gather their rows from it.
   *
   * @returns what was reached; `stopped` says why where it ended before the last epoch.
   * @throws NeuriteError `data` or `option` before anything has changed; `not-finite` at the first step whose loss is no
   * finite number.
   */
  async fit(data: Data, options: FitOptions = {}): Promise<FitResult> {
    return this.#exclusively('fit', () => fit(this, data, options));
  }

  /** One step on a batch. Gives the loss that the batch had before it, penalties included. */
  async step(batch: Data): Promise<number> {
    // Tiny networks make a step in a microsecond: nothing is awaited or built that need not be.
    this.#begin('step');
    this.#users++;
    try {
      let step = this.#latestStep;
      if (!step?.take(batch)) step = await this.#feed(batch);
      if (this.rates.isScheduled) this.rates.write(step.compiled, await this.#readSteps(), 1);
      const running = step.run();
      if (running) await running;
      const reading = step.readLoss();
      const loss = (reading instanceof Promise ? await reading : reading)[0] as number;
      if (!Number.isFinite(loss)) throw notFinite((await this.#readSteps()) - 1);
      return loss;
    } finally {
      this.#busy = undefined;
      this.#leave();
    }
  }

  /** Writes a batch that is new in form, or has to be converted, to the step that fits it. */
  async #feed(batch: Data): Promise<HostStep> {
    const examples = this.prepare(batch);
    const { rows, form } = examples;
    if (this.#undecided) await this.decide(examples, rows);
    let step = this.#latestStep;
    if (!step?.fits(examples))
      step = new HostStep(this.recipe, rows, form, await this.#programs.hostStep(rows, form));
    step.write(examples, this.names);
    this.#latestStep = step;
    return step;
  }

  /** Loss (without penalties) and metrics on `data`, with dropout and the like switched off. */
  async evaluate(data: Data): Promise<Scores> {
    this.#requireAlive('evaluate');
    return this.evaluateExamples(this.prepare(data));
  }

  /** @internal */
  async evaluateExamples(examples: Examples): Promise<Scores> {
    return this.inTurn('evaluate', async () => {
      const { rows } = examples;
      const size = Math.min(rows, evaluationRows);
      const main = await this.#programs.evaluation(examples, size);
      const last =
        rows % size === 0 ? undefined : await this.#programs.evaluation(examples, rows % size, main);
      writeExamples(main, 'evaluation', examples, this.names);
      main.write('evaluation.row', [0]);
      resetTotals(main, 'evaluation');
      await main.executable.run(Math.floor(rows / size));
      await last?.executable.run();
      return readScores(main, 'evaluation', this.recipe.metrics, rows);
    });
  }

  /**
   * What `metric` comes to on `data`, whatever it gives: `trainer.measure(confusionMatrix(), data)`.
   *
   * @param output which output is measured, where there are several. The first.
   */
  async measure<Result>(metric: Metric<Result>, data: Data, output?: string): Promise<Result> {
    this.#requireAlive('measure');
    requirePlugin('measure', 'metric', metric);
    const { outputs } = this.network;
    const index = output === undefined ? 0 : outputs.findIndex(({ name }) => name === output);
    if (index < 0) {
      const names = outputs.map(({ name }) => `"${name}"`).join(', ');
      throw new NeuriteError('name', `measure: there is no output "${output}", only ${names}`);
    }
    const examples = this.prepare(data);
    const { rows } = examples;
    const own = {
      name: metric.name ?? metric.type,
      metric: metric as Metric<unknown> as Metric,
      output: index,
    };
    const recipe = { ...this.recipe, metrics: [own] };
    return this.inTurn('measure', async () => {
      const size = Math.min(rows, evaluationRows);
      const computation = (count: number) => traceEvaluation(recipe, 'measured', rows, count, examples.form);
      const main = await this.#programs.once(computation(size));
      let last: Compiled | undefined;
      try {
        if (rows % size !== 0) last = await this.#programs.once(computation(rows % size), main);
        writeExamples(main, 'measured', examples, this.names);
        await main.executable.run(Math.floor(rows / size));
        await last?.executable.run();
        return metric.result(await totalsOf(main, 'measured', own.name), rows);
      } finally {
        main.executable.release();
        last?.executable.release();
      }
    });
  }

  /**
   * The network's output: rows · outputs numbers, row by row.
   *
   * @param inputs rows of the network's input shape; by name where there are several inputs.
   * @throws NeuriteError `state` where there are several outputs: `predictAll` gives them.
   */
  async predict(inputs: Numbers | NumbersByName): Promise<NumberArray> {
    onlyOutput(this.network, []);
    return onlyOutput(this.network, await this.#predict('predict', inputs));
  }

  /** The network's outputs by name, each row by row. */
  async predictAll(inputs: Numbers | NumbersByName): Promise<Record<string, NumberArray>> {
    return outputsByName(this.network, await this.#predict('predictAll', inputs));
  }

  async #predict(what: string, given: Numbers | NumbersByName): Promise<NumberArray[]> {
    this.#requireAlive(what);
    const { network, dtype } = this.recipe;
    const { rows, inputs } = prepareInputs(given, network.inputs, dtype);
    return this.inTurn(what, () =>
      predictRows(network, dtype, rows, inputs, (size, dtypes) => this.#programs.prediction(size, dtypes)),
    );
  }

  /** A copy of each parameter by name, such as hidden1.weight [784, 128], row-major. */
  async readParameters(): Promise<Record<string, NumberArray>> {
    return this.#readParts('readParameters', 'parameters', this.network.parameters);
  }

  /**
   * The parameters that `evaluate` and `predict` compute with: those of `readParameters`, or what the optimizer has in
   * their place, as `averaged()` has. This is what to export.
   */
  async readEvaluatedParameters(): Promise<Record<string, NumberArray>> {
    const { network, optimizer } = this.recipe;
    const own = await this.readParameters();
    if (optimizer.evaluates === undefined) return own;
    const instead = await this.#readParts(
      'readEvaluatedParameters',
      `optimizer.${optimizer.evaluates}`,
      network.parameters,
    );
    for (const { name, trainable } of network.parameters) {
      if (trainable) own[name] = instead[name] as NumberArray;
    }
    return own;
  }

  /** A copy of what layers keep from step to step, by name, such as batchNorm1.mean. */
  async readLayerState(): Promise<Record<string, NumberArray>> {
    return this.#readParts('readLayerState', 'layers', this.network.state);
  }

  async #readParts(
    who: string,
    buffer: string,
    parts: readonly { readonly name: string; readonly shape: Shape }[],
  ): Promise<Record<string, NumberArray>> {
    this.#requireAlive(who);
    if (parts.length === 0) return {};
    const all = await this.inTurn(who, async () => this.#programs.read(buffer));
    let offset = 0;
    return Object.fromEntries(
      parts.map(({ name, shape }) => {
        const start = offset;
        offset += sizeOf(shape);
        return [name, all.slice(start, offset)];
      }),
    );
  }

  /**
   * Overwrites the named parameters. Nothing is written unless all of it fits.
   *
   * @throws NeuriteError `state` while the training moves to another backend.
   */
  writeParameters(values: Readonly<Record<string, ArrayLike<number>>>): void {
    this.#requireSettled('writeParameters');
    this.#writeParts('parameters', 'parameter', this.network.parameters, values);
    const { evaluates } = this.recipe.optimizer; // what stands in for the parameters is to be these, too
    if (evaluates !== undefined)
      this.#writeParts(`optimizer.${evaluates}`, 'parameter', this.network.parameters, values);
    this.#written = new Set([...this.#written, ...Object.keys(values)]);
  }

  /**
   * Overwrites what layers keep from step to step. Nothing is written unless all of it fits.
   *
   * @throws NeuriteError `state` while the training moves to another backend.
   */
  writeLayerState(values: Readonly<Record<string, ArrayLike<number>>>): void {
    this.#requireSettled('writeLayerState');
    this.#writeParts('layers', 'layer state', this.network.state, values);
    this.#adapted = true;
  }

  #writeParts(
    buffer: string,
    what: string,
    parts: readonly { readonly name: string; readonly shape: Shape }[],
    values: Readonly<Record<string, ArrayLike<number>>>,
  ): void {
    for (const [name, numbers] of Object.entries(values)) {
      const part = parts.find((candidate) => candidate.name === name);
      if (!part) {
        const names = parts.map((p) => p.name).join(', ') || 'none';
        throw new NeuriteError('name', `there is no ${what} "${name}": the network has ${names}`);
      }
      const size = sizeOf(part.shape);
      if (numbers?.length !== size) {
        throw new NeuriteError(
          'shape',
          `${what} "${name}" takes ${size} numbers, ${printShape(part.shape)}, but got ${numbers?.length ?? printValue(numbers)}`,
        );
      }
    }
    let offset = 0;
    for (const { name, shape } of parts) {
      const numbers = Object.hasOwn(values, name) ? values[name] : undefined;
      if (numbers) this.#programs.writeState({ [buffer]: numbers }, offset);
      offset += sizeOf(shape);
    }
  }

  /** Steps that were made so far. */
  async steps(): Promise<number> {
    this.#requireAlive('steps');
    return this.inTurn('steps', () => this.#readSteps());
  }

  async #readSteps(): Promise<number> {
    return (await this.#programs.read('step'))[0] as number;
  }

  /** The learning rate of a step, counted from 0, as it is known now. */
  rateAt(step: number): number {
    return this.rates.at(step);
  }

  /**
   * Lets schedules that watch the loss look at an epoch. `fit` does so by itself; for loops of `step`.
   *
   * @throws NeuriteError `state` while `fit` and the like are under way.
   */
  observe(report: ScheduleReport): void {
    this.#requireIdle('observe');
    this.rates.observe(report);
  }

  /**
   * Lets layers take their statistics from `data`, and scales the initial weights that want it. `fit` does so by itself
   * before the first step; call it before a loop of `step`. Does nothing a second time, or where nobody asks for data.
   */
  async adapt(data: Data): Promise<void> {
    await this.#exclusively('adapt', () => this.adaptTo(this.prepare(data)));
  }

  /** @internal */
  async adaptTo(examples: Examples): Promise<void> {
    if (this.#adapted) return;
    await this.inTurn('adapt', async () => {
      if ((await this.#readSteps()) > 0) return;
      await adapt(this.recipe, this.#programs, examples, this.#written);
      this.#adapted = true;
    });
  }

  /** Everything that the training consists of beside its recipe and data, as it is between two steps. */
  async snapshot(): Promise<Snapshot> {
    this.#requireAlive('snapshot');
    return this.inTurn('snapshot', async () => {
      // All of it is of the same moment: steps and callbacks may come while numbers are waited for.
      const moment = {
        epochs: this.#epochs,
        schedules: this.rates.memories,
        adapted: this.#adapted,
        ...(!this.#adapted && this.#written.size > 0 && { written: [...this.#written] }),
      };
      const [state, position] = await Promise.all([this.#programs.readState(), this.#find()]);
      return { state, ...moment, ...(position && { position }) };
    });
  }

  #find(): Promise<Position> | Position | undefined {
    return this.#underWay ? this.#underWay.position() : this.#position;
  }

  /**
   * Goes on from a snapshot of a training with the same network and optimizer. `fit` with `resume` then finishes what
   * was under way.
   *
   * @throws NeuriteError `state` where it does not fit, or while `fit` and the like are under way; nothing has changed
   * then.
   */
  restore(snapshot: Snapshot): void {
    this.#requireIdle('restore');
    requireSnapshot(snapshot, this.recipe, this.rates.memories);
    this.#programs.writeState(snapshot.state);
    this.#epochs = snapshot.epochs;
    this.rates.memories = snapshot.schedules;
    this.#adapted = snapshot.adapted;
    this.#written = new Set(snapshot.written);
    this.#position = snapshot.position;
  }

  /**
   * Moves the training to another backend, between two steps: parameters, what the optimizer and layers remember, and the
   * position in the epoch. May be called while `fit` is under way, which goes on there. Resolves when that is done.
   *
   * @throws NeuriteError `unsupported` where the backend cannot compute it; the training then goes on where it is.
   * `state` while anything but `fit` is under way.
   */
  async to(backend: Backend): Promise<void> {
    this.#requireAlive('to');
    requirePlugin('to', 'backend', backend);
    const move = () => this.#move(backend);
    return this.#busy === 'fit' ? move() : this.#exclusively('to', move);
  }

  async #move(backend: Backend): Promise<void> {
    this.#moves++;
    try {
      await this.inTurn('to', () => this.#moveTo(backend));
    } finally {
      this.#moves--;
    }
  }

  async #moveTo(backend: Backend): Promise<void> {
    const [state, position] = await Promise.all([this.#programs.readState(), this.#find()]);
    const prepare = (compiled: Compiled): void => this.rates.prepare(compiled);
    const next = await Programs.create(this.recipe, backend, state, prepare);
    try {
      await this.#underWay?.compileOn(next);
    } catch (error) {
      next.release();
      throw error;
    }
    this.#position = position;
    this.#programs.release();
    this.#programs = next;
    this.#latestStep = undefined;
  }

  /**
   * Gives all memory back, at the end of what is computed at this moment. Whatever is called afterwards throws, and a
   * `fit` that is under way; releasing again does nothing.
   */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#users++;
    this.#leave();
  }

  /** One less computes. */
  #leave(): void {
    this.#users--;
    if (!this.#released || this.#users > 0 || this.#isEmpty) return;
    this.#isEmpty = true;
    this.#programs.release();
  }

  /** @internal */
  prepare(data: Data): Examples {
    return prepareData(data, this.network, this.recipe.losses, this.recipe.dtype);
  }

  /** @internal */
  get programs(): Programs {
    this.#requireAlive('fit');
    return this.#programs;
  }

  /** @internal Epochs that were begun, over all calls of `fit`: those of which a step was made. */
  get epochs(): number {
    return this.#epochs;
  }

  /** @internal */
  countEpoch(): void {
    this.#epochs++;
  }

  /** @internal How far the last `fit` had come when it was left, or when the training last moved. */
  get position(): Position | undefined {
    return this.#position;
  }

  /** @internal Called by `fit` when it begins and when it ends, with where the training was left before. */
  follow(underWay: UnderWay | undefined, left: Position | undefined): void {
    this.#underWay = underWay;
    this.#position = left;
  }

  /** @internal Whatever runs programs or reads their memory waits for those before it. */
  inTurn<T>(what: string, run: () => Promise<T>): Promise<T> {
    this.#users++;
    const result = this.#turn
      .then(() => {
        if (!this.#released) return run();
        throw new NeuriteError('state', `${what}() was ended by release(): await it first`);
      })
      .finally(() => this.#leave());
    this.#turn = result.catch(() => {}); // who called hears of it
    return result;
  }

  async #exclusively<T>(what: string, run: () => Promise<T>): Promise<T> {
    this.#begin(what);
    try {
      return await run();
    } finally {
      this.#busy = undefined;
    }
  }

  #begin(what: string): void {
    this.#requireIdle(what);
    this.#busy = what;
  }

  #requireIdle(what: string): void {
    this.#requireSettled(what);
    if (this.#busy) throw tooEarly(what, this.#busy);
  }

  /** What is written while the state is on its way to another backend would be lost. */
  #requireSettled(what: string): void {
    this.#requireAlive(what);
    if (this.#moves > 0) throw tooEarly(what, 'to');
  }

  #requireAlive(what: string): void {
    if (this.#released)
      throw new NeuriteError('state', `${what}() was called after release(): train() a new trainer`);
  }
}

const tooEarly = (what: string, busy: string): NeuriteError =>
  new NeuriteError('state', `${what}() was called while ${busy}() is under way: await it first`);

function requirePlugin(who: string, kind: string, value: unknown): void {
  if (isPluginValue(value) && value.kind === kind) return;
  throw new NeuriteError('option', `${who} takes ${withArticle(kind)}, but got ${printValue(value)}`);
}

/** What `make` gives for the first candidate that it succeeds with; the first one's error where there is none. */
async function firstOf<Candidate, Result>(
  candidates: readonly Candidate[],
  make: (candidate: Candidate) => Promise<Result>,
): Promise<Result> {
  const errors: unknown[] = [];
  for (const candidate of candidates) {
    try {
      return await make(candidate);
    } catch (error) {
      errors.push(error);
    }
  }
  throw errors[0];
}
