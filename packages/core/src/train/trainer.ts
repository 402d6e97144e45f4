// A trainer: a network, a loss, an optimizer and a backend, compiled. It owns the memory in which the parameters lie.
import { NeuriteError } from '../errors.ts';
import type { Network } from '../network/network.ts';
import type { Backend } from '../plugin/backend.ts';
import { printValue } from '../plugin/options.ts';
import type { Computation } from '../program/lower.ts';
import { type DType, dtypeOf, type NumberArray, newArray } from '../scalar/dtype.ts';
import { printShape, sizeOf } from '../tensor/shape.ts';
import type { FitResult, Scores } from './callback.ts';
import { type Compiled, compile, notFinite } from './compiled.ts';
import { type Data, type DataForm, type Examples, type Numbers, prepareData, prepareInputs } from './data.ts';
import { type FitOptions, fit } from './fit.ts';
import { type Recipe, scheduledSteps, traceEvaluation, tracePrediction, traceStep } from './trace.ts';

/** Rows that an evaluation or a prediction takes at once. */
const evaluationRows = 256;

/** The program of the last call of `step`, and for what batches it is. */
interface LatestStep extends DataForm {
  readonly rows: number;
  readonly compiled: Compiled;
}

export class Trainer {
  readonly network: Network;
  readonly backend: Backend;
  /** @internal */
  readonly recipe: Recipe;
  readonly #memory: Compiled;
  readonly #programs = new Map<string, Compiled>();
  /** Epochs that were begun, over all calls of `fit`: each has an order of its own. */
  #epochs = 0;
  #busy: string | undefined;
  #latestStep: LatestStep | undefined;
  /** Settled when nobody evaluates or predicts. */
  #turn: Promise<unknown> = Promise.resolve();
  #released = false;

  /** @internal Use `train()`. */
  constructor(recipe: Recipe, backend: Backend, memory: Compiled) {
    this.network = recipe.network;
    this.backend = backend;
    this.recipe = recipe;
    this.#memory = memory;
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
    try {
      const { rows, form, inputs, targets } = this.prepare(batch);
      const latest = this.#latestStep;
      const known = latest?.rows === rows && latest.inputs === form.inputs && latest.targets === form.targets;
      const { compiled } = known ? latest : await this.#stepOn(rows, form);
      compiled.write('batch.inputs', inputs);
      compiled.write('batch.targets', targets);
      if (this.#isScheduled) this.writeRates(compiled, await this.steps(), 1);
      const running = compiled.executable.run();
      if (running) await running;
      const reading = compiled.read('loss');
      const loss = (reading instanceof Promise ? await reading : reading)[0] as number;
      if (!Number.isFinite(loss)) throw notFinite((await this.steps()) - 1);
      return loss;
    } finally {
      this.#busy = undefined;
    }
  }

  async #stepOn(rows: number, form: DataForm): Promise<LatestStep> {
    const compiled = await this.#compiled(`step ${rows} ${formKey(form)}`, () =>
      traceStep(this.recipe, { kind: 'host' }, rows, form),
    );
    this.#latestStep = { rows, ...form, compiled };
    return this.#latestStep;
  }

  /** Loss (without penalties) and metrics on `data`, with dropout and the like switched off. */
  async evaluate(data: Data): Promise<Scores> {
    this.#requireAlive('evaluate');
    return this.evaluateExamples(this.prepare(data));
  }

  /** @internal */
  async evaluateExamples(examples: Examples): Promise<Scores> {
    return this.#inTurn('evaluate', () => this.#evaluate(examples));
  }

  async #evaluate({ rows, inputs, targets, form }: Examples): Promise<Scores> {
    const size = Math.min(rows, evaluationRows);
    const key = `evaluation ${rows} ${formKey(form)}`;
    const trace = (count: number) => () => traceEvaluation(this.recipe, 'evaluation', rows, count, form);
    const main = await this.#compiled(`${key} ${size}`, trace(size));
    const last =
      rows % size === 0 ? undefined : await this.#compiled(`${key} ${rows % size}`, trace(rows % size), main);
    main.write('evaluation.inputs', inputs);
    main.write('evaluation.targets', targets);
    main.write('evaluation.row', [0]);
    this.resetTotals(main, 'evaluation');
    await main.executable.run(Math.floor(rows / size));
    await last?.executable.run();
    return this.readTotals(main, 'evaluation', rows);
  }

  /**
   * The network's outputs: rows · outputs numbers, row by row.
   *
   * @param inputs rows of the network's input shape.
   */
  async predict(inputs: Numbers): Promise<NumberArray> {
    this.#requireAlive('predict');
    const { rows, values } = prepareInputs(inputs, this.network.input, this.recipe.dtype);
    return this.#inTurn('predict', () => this.#predict(rows, values));
  }

  async #predict(rows: number, values: NumberArray): Promise<NumberArray> {
    const { network, dtype } = this.recipe;
    const inputDtype = dtypeOf(values) as DType;
    const [inputSize, outputSize] = [sizeOf(network.input), sizeOf(network.output)];
    const result = newArray(dtype, rows * outputSize);
    for (let row = 0; row < rows; ) {
      const taken = Math.min(rows - row, evaluationRows);
      // A power of two, so that few programs serve any number of rows; the outputs of rows beyond the last are dropped.
      const size = 2 ** Math.ceil(Math.log2(taken));
      const compiled = await this.#compiled(`predict ${size} ${inputDtype}`, () =>
        tracePrediction(this.recipe, size, inputDtype),
      );
      compiled.write('batch.inputs', values.subarray(row * inputSize, (row + taken) * inputSize));
      await compiled.executable.run();
      const outputs = await compiled.read('prediction');
      result.set(outputs.subarray(0, taken * outputSize), row * outputSize);
      row += taken;
    }
    return result;
  }

  /** A copy of each parameter by name, such as hidden1.weight [784, 128], row-major. */
  async readParameters(): Promise<Record<string, NumberArray>> {
    this.#requireAlive('readParameters');
    const all = await this.#memory.read('parameters');
    let offset = 0;
    return Object.fromEntries(
      this.network.parameters.map(({ name, shape }) => {
        const start = offset;
        offset += sizeOf(shape);
        return [name, all.slice(start, offset)];
      }),
    );
  }

  /** Overwrites the named parameters. Nothing is written unless all of it fits. */
  writeParameters(values: Readonly<Record<string, ArrayLike<number>>>): void {
    this.#requireAlive('writeParameters');
    const { parameters } = this.network;
    for (const [name, numbers] of Object.entries(values)) {
      const parameter = parameters.find((candidate) => candidate.name === name);
      if (!parameter) {
        throw new NeuriteError(
          'name',
          `there is no parameter "${name}": the network has ${parameters.map((p) => p.name).join(', ')}`,
        );
      }
      const size = sizeOf(parameter.shape);
      if (numbers?.length !== size) {
        throw new NeuriteError(
          'shape',
          `parameter "${name}" takes ${size} numbers, ${printShape(parameter.shape)}, but got ${numbers?.length ?? printValue(numbers)}`,
        );
      }
    }
    let offset = 0;
    for (const { name, shape } of parameters) {
      const numbers = Object.hasOwn(values, name) ? values[name] : undefined;
      if (numbers) this.#memory.write('parameters', numbers, offset);
      offset += sizeOf(shape);
    }
  }

  /** Steps that were made so far. */
  async steps(): Promise<number> {
    this.#requireAlive('steps');
    return this.#memory.readNumber('step');
  }

  /** Gives all memory back. Whatever is called afterwards throws; releasing again does nothing. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    for (const { executable } of this.#programs.values()) executable.release();
    this.#programs.clear();
    this.#memory.executable.release();
  }

  /** @internal */
  prepare(data: Data): Examples {
    return prepareData(data, this.network, this.recipe.loss, this.recipe.dtype);
  }

  /** @internal The program of a step on `size` of `examples`, which shares its data set with `beside`. */
  async stepProgram(examples: Examples, size: number, beside?: Compiled): Promise<Compiled> {
    const source = { kind: 'rows', set: 'training', rows: examples.rows } as const;
    return this.#compiled(
      `training ${examples.rows} ${size} ${formKey(examples.form)}`,
      () => traceStep(this.recipe, source, size, examples.form),
      beside,
    );
  }

  /** @internal The number of the epoch that begins now. */
  nextEpoch(): number {
    return this.#epochs++;
  }

  /** The learning rate of a step. */
  rateAt(step: number): number {
    const { learningRate } = this.recipe.optimizer;
    return typeof learningRate === 'number' ? learningRate : learningRate.rate(step);
  }

  get #isScheduled(): boolean {
    return typeof this.recipe.optimizer.learningRate !== 'number';
  }

  /** @internal Brings along the learning rates of a run of `steps` that begins at `firstStep`, if they are scheduled. */
  writeRates(compiled: Compiled, firstStep: number, steps: number): void {
    if (!this.#isScheduled) return;
    const rates = Array.from({ length: scheduledSteps }, (_, i) =>
      i < steps ? this.rateAt(firstStep + i) : 0,
    );
    compiled.write('firstStep', [firstStep]);
    compiled.write('learningRates', rates);
  }

  /** @internal */
  resetTotals(compiled: Compiled, set: string): void {
    for (const name of this.#totals(compiled, set)) {
      compiled.write(
        name,
        new Float64Array(sizeOf(compiled.program.names[name]?.shape as readonly number[])),
      );
    }
  }

  /** @internal Loss and metrics of what has been added up since the totals were reset. */
  async readTotals(compiled: Compiled, set: string, examples: number): Promise<{ loss: number } & Scores> {
    const loss = (await compiled.readNumber(`${set}.loss`)) / examples;
    const scores: Record<string, number> = {};
    for (const metric of this.recipe.metrics) {
      const prefix = `${set}.${metric.type}.`;
      const totals: Record<string, NumberArray> = {};
      for (const name of this.#totals(compiled, set)) {
        if (name.startsWith(prefix)) totals[name.slice(prefix.length)] = await compiled.read(name);
      }
      scores[metric.type] = metric.result(totals, examples);
    }
    return { loss, ...scores };
  }

  #totals({ program }: Compiled, set: string): string[] {
    const others = ['row', 'order', 'inputs', 'targets', 'badStep'].map((name) => `${set}.${name}`);
    return Object.keys(program.names).filter((name) => name.startsWith(`${set}.`) && !others.includes(name));
  }

  /** Compiles each program once; those on other data sets of the same kind give way. */
  async #compiled(key: string, trace: () => Computation, beside: Compiled = this.#memory): Promise<Compiled> {
    const known = this.#programs.get(key);
    if (known) return known;
    const compiled = await compile(trace(), this.backend, beside);
    if (!this.#isScheduled) compiled.write('learningRate', [this.rateAt(0)]);
    const [kind, rows] = key.split(' ') as [string, string];
    if (kind === 'training' || kind === 'evaluation') {
      for (const [other, { executable }] of this.#programs) {
        if (!other.startsWith(`${kind} `) || other.startsWith(`${kind} ${rows} `)) continue;
        executable.release();
        this.#programs.delete(other);
      }
    }
    this.#programs.set(key, compiled);
    return compiled;
  }

  /** Evaluations and predictions share programs and their memory: each waits for those before it. */
  #inTurn<T>(what: string, run: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(() => {
      this.#requireAlive(what);
      return run();
    });
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
    this.#requireAlive(what);
    if (this.#busy) {
      throw new NeuriteError(
        'state',
        `${what}() was called while ${this.#busy}() is under way: await it first`,
      );
    }
    this.#busy = what;
  }

  #requireAlive(what: string): void {
    if (this.#released)
      throw new NeuriteError('state', `${what}() was called after release(): train() a new trainer`);
  }
}

const formKey = (form: DataForm): string => `${form.inputs} ${form.targets}`;
