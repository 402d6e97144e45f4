// A backend by measurement: the real step is timed on each that loads.
import { NeuriteError } from '../errors.ts';
import type { Backend } from '../plugin/backend.ts';
import { isPluginValue } from '../plugin/definition.ts';
import { printValue } from '../plugin/options.ts';
import type { NumberArray } from '../scalar/dtype.ts';
import type { Compiled } from './compiled.ts';
import type { Examples } from './data.ts';
import { Programs, type StateNumbers, writeExamples } from './programs.ts';
import { portNames, type Recipe } from './recipe.ts';
import { sliceRows } from './rows.ts';

/** How a backend did: milliseconds a step, or why it could not. */
export interface Trial {
  /** Its type, and what really ran: "wasm (2 threads, relaxed SIMD)". */
  readonly name: string;
  readonly milliseconds?: number;
  readonly error?: string;
}

/** What was picked, and why. Its `toString()` says it: "wasm 0.28 ms, cpu 3.1 ms". */
export interface Choice {
  readonly backend: Backend;
  /** The fastest first; those that failed last. */
  readonly trials: readonly Trial[];
  toString(): string;
}

/** Backends of which the fastest is to be taken. */
export interface BackendChoice {
  readonly kind: 'choice';
  readonly candidates: readonly Backend[];
  /** @internal Times a step on the first rows of `examples`, from `state`. */
  choose(
    recipe: Recipe,
    state: StateNumbers,
    prepare: (compiled: Compiled) => void,
    examples: Examples,
    batchSize: number,
  ): Promise<Choice>;
}

/** Milliseconds for all trials together. */
const budget = 300;

/**
 * The fastest of `candidates` for the training at hand: before its first step, the real step is timed on each backend
 * that loads, for 300 ms together, and the training moves to the quickest; `trainer.choice` says why. Until then it lies
 * with the first that can hold it. Which backend wins depends on the network: small ones are slow on a GPU.
 *
 * @throws NeuriteError `option` where there are no backends to choose from.
 *
 * @example
 * const trainer = await train(network, { loss, optimizer, backend: fastest([cpu(), wasm()]) });
 * await trainer.fit(data);
 * String(trainer.choice); // "wasm (2 threads, relaxed SIMD) 0.28 ms, cpu (generated JavaScript) 3.1 ms"
 */
export function fastest(candidates: readonly Backend[]): BackendChoice {
  if (!Array.isArray(candidates) || candidates.length === 0) {
    throw new NeuriteError(
      'option',
      `fastest takes a list of backends, but got ${printValue(candidates)}: give it some, such as [cpu(), wasm()]`,
    );
  }
  for (const candidate of candidates) {
    if (isPluginValue(candidate) && candidate.kind === 'backend') continue;
    throw new NeuriteError('option', `fastest takes backends, but got ${printValue(candidate)}`);
  }
  return {
    kind: 'choice',
    candidates,
    choose: async (recipe, state, prepare, examples, batchSize) => {
      const results: { backend: Backend; trial: Trial }[] = [];
      for (const backend of candidates) {
        const time = budget / candidates.length;
        results.push({
          backend,
          trial: await attempt(recipe, backend, state, prepare, examples, batchSize, time),
        });
      }
      const speed = ({ trial }: { trial: Trial }): number => trial.milliseconds ?? Number.POSITIVE_INFINITY;
      results.sort((a, b) => speed(a) - speed(b));
      const trials = results.map(({ trial }) => trial);
      const { backend, trial } = results[0] as (typeof results)[number];
      const text = trials.map(printTrial).join(', ');
      if (trial.milliseconds === undefined)
        throw new NeuriteError('unsupported', `fastest: no backend can run this: ${text}`);
      return { backend, trials, toString: () => text };
    },
  };
}

const printTrial = ({ name, milliseconds, error }: Trial): string =>
  milliseconds === undefined ? `${name} failed: ${error}` : `${name} ${milliseconds.toPrecision(2)} ms`;

/** Times the step on one backend. */
async function attempt(
  recipe: Recipe,
  backend: Backend,
  state: StateNumbers,
  prepare: (compiled: Compiled) => void,
  examples: Examples,
  batchSize: number,
  time: number,
): Promise<Trial> {
  const name = (): string => {
    const mode = backend.report()?.mode;
    return mode === undefined ? backend.type : `${backend.type} (${mode})`;
  };
  let programs: Programs | undefined;
  try {
    programs = await Programs.create(recipe, backend, state, prepare);
    const compiled = await programs.hostStep(batchSize, examples.form);
    const { network } = recipe;
    const names = {
      inputs: portNames('inputs', network.inputs),
      targets: portNames('targets', network.outputs),
    };
    writeExamples(compiled, 'batch', firstRows(examples, batchSize), names);
    return { name: name(), milliseconds: await timeStep(compiled, time) };
  } catch (error) {
    return { name: name(), error: error instanceof Error ? error.message : String(error) };
  } finally {
    programs?.release();
  }
}

/** Milliseconds that a step takes, the least of several runs of more and more steps. */
async function timeStep(compiled: Compiled, time: number): Promise<number> {
  const start = now();
  let least = Number.POSITIVE_INFINITY;
  for (let steps = 1; now() - start < time; ) {
    const begin = now();
    await compiled.executable.run(steps);
    await compiled.read('loss'); // a GPU has not computed anything before it is asked for it
    const took = now() - begin;
    least = Math.min(least, took / steps);
    if (took < time / 16) steps *= 2;
  }
  return least;
}

const now = (): number => (globalThis as unknown as { performance: { now(): number } }).performance.now();

function firstRows({ rows, inputs, targets, weights }: Examples, count: number) {
  const head = (values: NumberArray): NumberArray => sliceRows(values, rows, 0, count);
  return { inputs: inputs.map(head), targets: targets.map(head), weights: weights && head(weights) };
}
