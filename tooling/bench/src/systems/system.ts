// Contract: a system that trains the benchmark's networks, called as its users call it.
import type { Problem } from '../rows.ts';

export interface System {
  readonly version: string;
  readonly backend: string;
  readonly threads: number;
  /** What a reader must know of its figures. */
  readonly note?: string;
  /** It cannot train what the others train (loss, optimizer, first weights): `note` says what it does instead. false. */
  readonly different?: boolean;
  /** @throws Error with the reason where it cannot train this network. */
  create(problem: Problem): Promise<Session> | Session;
  /** The same network on many examples; absent where the system is measured by steps alone. */
  classifier?(problem: Problem): Promise<Classifier> | Classifier;
}

/** A network that has its first weights, and its batch at hand. */
export interface Session {
  /** The training steps that one call makes. 1 */
  readonly stepsPerCall?: number;
  /** Trains; gives the loss before the step, or the last mean loss where a call makes many. */
  call(): number | Promise<number>;
  dispose(): void;
}

/** A network that learns from a data set and is asked afterwards. */
export interface Classifier {
  /** Goes through all examples once, in an order that differs from epoch to epoch, in batches of the problem's size. */
  epoch(images: Images): Promise<void> | void;
  /** Scores: [rows, classes]. */
  predict(inputs: Float32Array, rows: number): Promise<Float32Array> | Float32Array;
  dispose(): void;
}

export interface Images {
  /** Brightness, 0 … 255; networks see 0 … 1. [examples, width] */
  readonly inputs: Uint8Array;
  /** [examples] */
  readonly targets: Int32Array;
}
