// A stretch of a run between two changes, and whether a change lets the training go on at all.
import type { Network } from '@neurite/core';
import { make } from '../plugins.ts';
import { networkOf, type Sides, sidesOf } from '../spec/assemble.ts';
import type { RunSpec } from '../spec/spec.ts';
import { Batches } from './batches.ts';

export interface Phase {
  /** Its first step. */
  readonly at: number;
  readonly spec: RunSpec;
  readonly sides: Sides;
  /** The step at which its batches began, and the number of the first epoch's order. */
  readonly origin: number;
  readonly firstEpoch: number;
  readonly batches: Batches;
  /** Whether a learning rate follows a schedule, which may look at each epoch. */
  readonly looksAtEpochs: boolean;
}

/** The phase that begins at `at`, after `previous`. The order of the examples goes on where they are the same. */
export function phaseOf(spec: RunSpec, at: number, previous?: Phase): Phase {
  const isSame = (...names: (keyof RunSpec)[]): boolean =>
    previous !== undefined &&
    names.every((name) => JSON.stringify(previous.spec[name]) === JSON.stringify(spec[name]));
  const sides = previous && isSame('data', 'loss') ? previous.sides : sidesOf(spec);
  const goesOn = isSame('data', 'batchSize', 'seed');
  const origin = previous && goesOn ? previous.origin : at;
  const firstEpoch = previous ? (goesOn ? previous.firstEpoch : epochsBegun(previous, at)) : 0;
  const batches = new Batches(sides.train, sides.rows, spec.batchSize, spec.seed, firstEpoch);
  const looksAtEpochs = typeof make('optimizer', spec.optimizer).learningRate !== 'number';
  return { at, spec, sides, origin, firstEpoch, batches, looksAtEpochs };
}

/** Epochs that were begun before step `at`, of which a step was made. */
const epochsBegun = ({ firstEpoch, origin, batches }: Phase, at: number): number =>
  firstEpoch + Math.ceil((at - origin) / batches.stepsPerEpoch);

/** Whether the weights of one run fit the other: the same parameters, begun in the same way. */
export function goesOnWith(before: RunSpec, next: RunSpec): boolean {
  if (before.seed !== next.seed) return false;
  const beginning = ({ layers, output }: RunSpec): string =>
    JSON.stringify([...layers.map(({ initializer }) => initializer), output.initializer]);
  const form = ({ parameters, state }: Network): string =>
    JSON.stringify([...parameters, ...state].map(({ name, shape }) => [name, shape]));
  const network = (spec: RunSpec): Network => networkOf(spec, sidesOf(spec).all);
  return beginning(before) === beginning(next) && form(network(before)) === form(network(next));
}
