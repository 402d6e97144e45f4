// The compiled programs of a training on one backend, and the memory that they share.
import { NeuriteError } from '../errors.ts';
import type { Backend } from '../plugin/backend.ts';
import type { Computation } from '../program/lower.ts';
import type { DType, NumberArray } from '../scalar/dtype.ts';
import { type Compiled, compile } from './compiled.ts';
import type { DataForm, Examples } from './data.ts';
import { type Recipe, stateBuffers } from './recipe.ts';
import { traceEvaluation, tracePrediction, traceStep } from './trace.ts';

/** The numbers of all state that a training's programs share, by buffer. */
export type StateNumbers = Readonly<Record<string, NumberArray>>;

export class Programs {
  readonly backend: Backend;
  readonly #recipe: Recipe;
  readonly #memory: Compiled;
  readonly #known = new Map<string, Compiled>();
  /** What a new program must be told: the learning rates, where no schedule changes them. */
  readonly #prepare: (compiled: Compiled) => void;

  private constructor(
    recipe: Recipe,
    backend: Backend,
    memory: Compiled,
    prepare: (compiled: Compiled) => void,
  ) {
    this.#recipe = recipe;
    this.backend = backend;
    this.#memory = memory;
    this.#prepare = prepare;
  }

  /** @throws NeuriteError `unsupported` where the backend cannot compute in the recipe's dtype. */
  static async create(
    recipe: Recipe,
    backend: Backend,
    state: StateNumbers,
    prepare: (compiled: Compiled) => void,
  ): Promise<Programs> {
    if (!backend.capabilities.dtypes.includes(recipe.dtype)) {
      throw new NeuriteError(
        'unsupported',
        `backend "${backend.type}" computes in ${backend.capabilities.dtypes.join(', ')}, not in ${recipe.dtype}`,
      );
    }
    const memory = await compile({ buffers: stateBuffers(recipe) }, backend);
    const programs = new Programs(recipe, backend, memory, prepare);
    programs.writeState(state);
    return programs;
  }

  /** Whole state buffers, or parts of them from `offset`. */
  writeState(state: Readonly<Record<string, ArrayLike<number>>>, offset = 0): void {
    for (const [buffer, values] of Object.entries(state)) this.#memory.write(buffer, values, offset);
  }

  /** All of it as it is now: everything is asked for at once, so that nothing can come between. */
  async readState(): Promise<StateNumbers> {
    const names = Object.keys(stateBuffers(this.#recipe));
    const numbers = await Promise.all(names.map((name) => this.#memory.read(name)));
    return Object.fromEntries(names.map((name, i) => [name, numbers[i] as NumberArray]));
  }

  read(buffer: string): Promise<NumberArray> | NumberArray {
    return this.#memory.read(buffer);
  }

  /** A step on batches from the host. */
  hostStep(rows: number, form: DataForm): Promise<Compiled> {
    return this.known(`step ${rows} ${formKey(form)}`, () =>
      traceStep(this.#recipe, { kind: 'host' }, rows, form),
    );
  }

  /** A step on `size` of `examples`, which shares its data set with `beside`. */
  trainingStep({ rows, form }: Examples, size: number, beside?: Compiled): Promise<Compiled> {
    return this.known(
      `training ${rows} ${size} ${formKey(form)}`,
      () => traceStep(this.#recipe, { kind: 'rows', set: 'training', rows }, size, form),
      beside,
    );
  }

  /** An evaluation of `size` of so many `rows`, which shares its data set with `beside`. */
  evaluation({ rows, form }: Examples, size: number, beside?: Compiled): Promise<Compiled> {
    return this.known(
      `evaluation ${rows} ${size} ${formKey(form)}`,
      () => traceEvaluation(this.#recipe, 'evaluation', rows, size, form),
      beside,
    );
  }

  prediction(size: number, inputs: readonly DType[]): Promise<Compiled> {
    return this.known(`predict ${size} ${inputs}`, () => tracePrediction(this.#recipe, size, inputs));
  }

  /** Compiles `computation` for one use, beside all others: release it. */
  once(computation: Computation, beside: Compiled = this.#memory): Promise<Compiled> {
    return compile(computation, this.backend, beside);
  }

  release(): void {
    for (const { executable } of this.#known.values()) executable.release();
    this.#known.clear();
    this.#memory.executable.release();
  }

  /**
   * The program `key`, compiled once. Of those on data sets, whose kind is the first word of the key and whose number of
   * rows the second, the latest stay.
   */
  async known(key: string, trace: () => Computation, beside: Compiled = this.#memory): Promise<Compiled> {
    const known = this.#known.get(key);
    const compiled = known ?? (await compile(trace(), this.backend, beside));
    if (!known) this.#prepare(compiled);
    this.#known.delete(key);
    this.#known.set(key, compiled); // the latest is the last
    if (!known) this.#leaveOut(key);
    return compiled;
  }

  /** Gives back data sets that were not used for the longest time. */
  #leaveOut(key: string): void {
    const [kind] = key.split(' ') as [string];
    const kept = dataSetsKept[kind];
    if (kept === undefined) return;
    const sets = [...this.#known.keys()].filter((other) => other.startsWith(`${kind} `)).map(setOf);
    const latest = new Set([...new Set(sets.reverse())].slice(0, kept));
    for (const [other, { executable }] of this.#known) {
      if (!other.startsWith(`${kind} `) || latest.has(setOf(other))) continue;
      executable.release();
      this.#known.delete(other);
    }
  }
}

/** Data sets whose memory stays with the programs: training and test sets are evaluated in turn. */
const dataSetsKept: Readonly<Record<string, number>> = { training: 1, evaluation: 2 };

/** "training 60000 32 …" → "training 60000". */
const setOf = (key: string): string => key.split(' ').slice(0, 2).join(' ');

const formKey = ({ inputs, targets, weighted }: DataForm): string =>
  `${inputs} ${targets}${weighted ? ' weighted' : ''}`;

/** Writes examples, or a batch, to where a program reads them: `set` is "training", "batch" and so on. */
export function writeExamples(
  compiled: Compiled,
  set: string,
  { inputs, targets, weights }: Pick<Examples, 'inputs' | 'targets' | 'weights'>,
  names: { readonly inputs: readonly string[]; readonly targets: readonly string[] },
): void {
  inputs.forEach((values, i) => {
    compiled.write(`${set}.${names.inputs[i]}`, values);
  });
  targets.forEach((values, i) => {
    compiled.write(`${set}.${names.targets[i]}`, values);
  });
  if (weights) compiled.write(`${set}.weights`, weights);
}
