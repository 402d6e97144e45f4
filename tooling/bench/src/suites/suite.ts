// Contract: something that is measured, for each system.
import type { Plan } from '../measure.ts';
import type { Result } from '../result.ts';

export interface Suite {
  /** What the figures are. */
  readonly title: string;
  /** What stands in brackets behind them. */
  readonly brackets: string;
  run(options: SuiteOptions): Promise<Result[]>;
}

export interface SuiteOptions {
  /** Networks, where a suite goes through them. */
  readonly rows: readonly string[];
  readonly systems: readonly string[];
  readonly plan: Plan;
  readonly quick: boolean;
  /** Whether to measure what takes minutes, too. */
  readonly slow: boolean;
  /** Told what is going on. */
  report(line: string): void;
}

export const timesYardstick = '× Neurite wasm';
