// What a training tells those who watch it. Core prints nothing.
import type { Data } from './data.ts';
import type { Trainer } from './trainer.ts';

/** Numbers by name: metrics, and `loss` where it was evaluated. */
export type Scores = Readonly<Record<string, number>>;

/** What a `fit` is about to do. */
export interface RunInfo {
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  readonly batchSize: number;
  readonly examples: number;
}

/** How far a `fit` is, after some steps of an epoch. */
export interface Progress {
  /** Counted from 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Steps done in this epoch. */
  readonly step: number;
  readonly stepsPerEpoch: number;
  /** Examples done in this epoch. */
  readonly examples: number;
  /** Mean over this epoch so far, penalties included. */
  readonly loss: number;
  /** Metrics over this epoch so far, each batch as it was before its step. */
  readonly scores: Scores;
  readonly learningRate: number;
  /** Since `fit` began. */
  readonly seconds: number;
}

/** What an epoch came to. */
export interface EpochReport {
  readonly epoch: number;
  readonly epochs: number;
  readonly loss: number;
  readonly scores: Scores;
  /** Loss and metrics on the validation data after this epoch. */
  readonly validation?: Scores;
  /** Of the epoch's last step. */
  readonly learningRate: number;
  /** Steps that were made so far, over all calls of `fit`. */
  readonly steps: number;
  readonly seconds: number;
}

/** Where numbers first went bad. */
export interface NotFinite {
  /** The step, counted from 1. */
  readonly step: number;
  /** "layer hidden2", "parameter hidden1.weight" or "loss": the first in the order of computation. */
  readonly where: string;
}

/** What a `fit` came to. */
export interface FitResult {
  /** The epochs that were finished. */
  readonly epochs: readonly EpochReport[];
  /** Steps that were made. */
  readonly steps: number;
  /** Why it ended early: "aborted", or what a callback said. */
  readonly stopped?: string;
}

/** Nothing, or why the training is to end. */
// biome-ignore lint/suspicious/noConfusingVoidType: a callback may return nothing at all
type Verdict = string | undefined | void;

/** Anything that watches a training. Returning a text ends the training after this step or epoch, for that reason. */
export interface Callback {
  /** @param data the examples that are trained on, as they were given. */
  onStart?(run: RunInfo, trainer: Trainer, data: Data): void | Promise<void>;
  /** After each call of the program: some steps at once, about 25 times a second. */
  onProgress?(progress: Progress): Verdict | Promise<Verdict>;
  onEpoch?(report: EpochReport): Verdict | Promise<Verdict>;
  /**
   * Called instead of an error where the loss of a step is no finite number; the training is then as it was before that
   * step, and ends. Costs a copy of all state before each call of the program.
   */
  onNotFinite?(finding: NotFinite): Verdict | Promise<Verdict>;
  onEnd?(result: FitResult): void | Promise<void>;
}
