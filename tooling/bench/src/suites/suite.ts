// Contract: something that is measured, for each row and system.
import type { Plan } from '../measure.ts';
import type { Result } from '../result.ts';

export interface Suite {
  /** What the figures are. */
  readonly title: string;
  run(options: SuiteOptions): Promise<Result[]>;
}

export interface SuiteOptions {
  readonly rows: readonly string[];
  readonly systems: readonly string[];
  readonly plan: Plan;
  /** Told what is going on. */
  report(line: string): void;
}
