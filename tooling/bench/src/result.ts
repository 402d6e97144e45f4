// What a suite finds out.

export interface Result {
  readonly suite: string;
  readonly row: string;
  readonly batch: number;
  readonly system: string;
  readonly backend: string;
  readonly threads: number;
  readonly version: string;
  /** Absent where there is no figure; `note` says why. */
  readonly value?: number;
  readonly unit: string;
  /** The best round, where `value` is the median one. */
  readonly minimum?: number;
  readonly rounds?: number;
  /** What a reader must know of this figure, or why there is none. */
  readonly note?: string;
}
