// What a suite finds out.

export interface Result {
  readonly suite: string;
  /** The network, or what is measured of it. */
  readonly row: string;
  readonly batch?: number;
  readonly system: string;
  readonly backend: string;
  readonly threads: number;
  readonly version: string;
  /** Absent where there is no figure; `note` says why. */
  readonly value?: number;
  readonly unit: string;
  /** The best round, where `value` is the median one. */
  readonly best?: number;
  /** How much of what is possible `best` is, or else `value`: 0 … 1. Stands where ratios stand in tables. */
  readonly share?: number;
  readonly rounds?: number;
  /** What a reader must know of this figure, or why there is none. */
  readonly note?: string;
}

/** The form of --json. Of steps, `microsecondsPerStep` and `minimum` are there as well. */
export function printJson(results: readonly Result[], machine: string): string {
  const lines = results.map((result) => ({
    ...result,
    ...(result.suite === 'step' && { microsecondsPerStep: result.value, minimum: result.best }),
    machine,
  }));
  return `${JSON.stringify(lines, undefined, 2)}\n`;
}
