// What a run consists of, as plain data: the address of the page holds it, the forms edit it, the worker carries it out.
import type { PluginSpec } from '../plugins.ts';

/** A point that somebody added: its inputs, then its class or its value. */
export type OwnPoint = readonly number[];

export interface DataSpec {
  /** A name in sets.ts, or "own" for `points` alone. */
  readonly set: string;
  readonly examples: number;
  readonly noise: number;
  readonly seed: number;
  /** Part of the points that are kept for testing, 0 … 0.9. */
  readonly testShare: number;
  /** Added to the set. */
  readonly points: readonly OwnPoint[];
  /** Numbers of points of the set that were taken out. */
  readonly removed: readonly number[];
  /** Of "own" points: what their last number is. */
  readonly task?: Task;
}

export type Task = 'classes' | 'values';

/** A layer as data. `dropout` is the rate of a dropout layer that follows it. */
export interface LayerSpec extends PluginSpec {
  readonly dropout?: number;
}

export interface RunSpec {
  readonly data: DataSpec;
  /** All layers but the last. */
  readonly layers: readonly LayerSpec[];
  /** Options of the last layer, which has a unit for each class or value. */
  readonly output: Readonly<Record<string, unknown>>;
  readonly loss: PluginSpec;
  readonly optimizer: PluginSpec;
  readonly regularizer: PluginSpec | null;
  readonly batchSize: number;
  readonly seed: number;
  readonly backend: PluginSpec;
}

/** What is different from step `at` on. */
export interface Change {
  readonly at: number;
  readonly spec: Partial<RunSpec>;
}

/** A run that can be carried out again: how it begins, what was changed on the way, and how far it went. */
export interface Program {
  readonly spec: RunSpec;
  readonly changes: readonly Change[];
  readonly steps: number;
}

/** The spec that holds at the end of a program. */
export const latestSpec = ({ spec, changes }: Program): RunSpec =>
  Object.assign({}, spec, ...changes.map((change) => change.spec));

/** The program as it was at a step: changes that came later never happened. */
export const programUntil = (program: Program, step: number): Program => ({
  spec: program.spec,
  changes: program.changes.filter(({ at }) => at <= step),
  steps: step,
});

/** Those entries of `next` that are not as in `before`. */
export function difference(before: RunSpec, next: RunSpec): Partial<RunSpec> {
  const entries = Object.entries(next).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof RunSpec]),
  );
  return Object.fromEntries(entries) as Partial<RunSpec>;
}
