// What the page and its worker say to each other.
import type { Fact } from '../fact.ts';

export interface Request {
  readonly id: string;
  readonly settings: Readonly<Record<string, number | string>>;
}

export interface Answer {
  readonly id: string;
  readonly figure: string;
  readonly facts: readonly Fact[];
  /** Digest of the result. */
  readonly digest: string;
  readonly milliseconds: number;
  /** In place of all the rest, where the experiment failed. */
  readonly error?: string;
}
