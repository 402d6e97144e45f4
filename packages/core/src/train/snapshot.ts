// Everything that a training consists of beside its recipe and its data, as numbers.
import { NeuriteError } from '../errors.ts';
import { printValue } from '../plugin/options.ts';
import type { ScheduleMemory } from '../plugin/schedule.ts';
import type { NumberArray } from '../scalar/dtype.ts';
import type { StateNumbers } from './programs.ts';
import { type Recipe, stateBuffers } from './recipe.ts';

/** Where in an epoch a training is. */
export interface Position {
  /** Epochs that were finished since that `fit` began, and steps that were made in the one under way. */
  readonly epoch: number;
  readonly step: number;
  readonly batchSize: number;
  readonly rows: number;
  /** Loss and metrics as they were added up so far. */
  readonly totals: Readonly<Record<string, NumberArray>>;
}

/** A training at one moment. `Trainer.restore` goes on from it, on any backend, as if nothing had been between. */
export interface Snapshot {
  /** Whole buffers: `parameters` in the network's order, `layers`, `optimizer.mean` and the like, `step`. */
  readonly state: StateNumbers;
  /** Epochs that were begun: each has an order of its own. */
  readonly epochs: number;
  /** What the schedules remember. */
  readonly schedules: readonly ScheduleMemory[];
  /** Whether what depends on the data before the first step was done. */
  readonly adapted: boolean;
  /** Parameters that were given their numbers: the data will not scale them. None if not given. */
  readonly written?: readonly string[] | undefined;
  /** How far the last `fit` has come, under way or not; undefined where there was none. */
  readonly position?: Position | undefined;
}

/**
 * Throws unless `snapshot` is one of a training with this recipe.
 *
 * @param memories what the recipe's schedules remember.
 */
export function requireSnapshot(
  snapshot: Snapshot,
  recipe: Recipe,
  memories: readonly ScheduleMemory[],
): void {
  requireState(snapshot, recipe);
  requireForm(snapshot, memories);
}

function requireState(snapshot: Snapshot, recipe: Recipe): void {
  const wanted = stateBuffers(recipe);
  const state = snapshot?.state ?? {};
  for (const [name, { length }] of Object.entries(wanted)) {
    const numbers = Object.hasOwn(state, name) ? state[name] : undefined;
    if (numbers?.length === length) continue;
    throw new NeuriteError(
      'state',
      `restore: "${name}" must have ${length} numbers, but has ${numbers?.length ?? 'none'}: the snapshot is of another network or optimizer`,
    );
  }
  const strange = Object.keys(state).find((name) => !Object.hasOwn(wanted, name));
  if (strange === undefined) return;
  throw new NeuriteError(
    'state',
    `restore: there is no "${strange}" in this training, only ${Object.keys(wanted).join(', ')}: the snapshot is of another optimizer`,
  );
}

/** What is there beside the numbers. */
function requireForm(
  { epochs, schedules, adapted, written = [], position }: Snapshot,
  memories: readonly ScheduleMemory[],
): void {
  requireThat('epochs', epochs, isCount(epochs), 'a number of epochs');
  requireThat('adapted', adapted, typeof adapted === 'boolean', 'true or false');
  requireThat('written', written, Array.isArray(written), 'names of parameters');
  requireThat('schedules', schedules, Array.isArray(schedules), 'what schedules remember');
  if (printKeys(schedules) !== printKeys(memories)) {
    throw new NeuriteError(
      'state',
      `restore: the schedules remember ${printKeys(memories)}, but the snapshot's ${printKeys(schedules)}: it is of another optimizer`,
    );
  }
  requireThat('position', position, position === undefined || isPlace(position), 'a place in an epoch');
}

function requireThat(name: string, value: unknown, isRight: boolean, wanted: string): void {
  if (isRight) return;
  throw new NeuriteError('state', `restore: ${name} must be ${wanted}, but got ${printValue(value)}`);
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

function isPlace(position: Position): boolean {
  const { epoch, step, batchSize, rows, totals } = position ?? {};
  if (![epoch, step, batchSize, rows].every(isCount) || typeof totals !== 'object') return false;
  return totals !== null && step <= Math.ceil(rows / batchSize);
}

/** "{ best, patience }, { factor }", or "nothing". */
function printKeys(memories: readonly ScheduleMemory[]): string {
  const lists = memories.map((memory) => Object.keys(memory ?? {}).sort());
  return lists.map((keys) => `{ ${keys.join(', ')} }`).join(', ') || 'nothing';
}
