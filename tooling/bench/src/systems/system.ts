// Contract: a system that trains the benchmark's networks, called as its users call it.
import type { Problem } from '../rows.ts';

export interface System {
  readonly version: string;
  readonly backend: string;
  readonly threads: number;
  create(problem: Problem): Promise<Session> | Session;
}

/** A network that has its first weights, and its batch at hand. */
export interface Session {
  /** The training steps that one call makes. 1 */
  readonly stepsPerCall?: number;
  /** Trains; gives the loss before the step, or the last mean loss where a call makes many. */
  call(): number | Promise<number>;
  dispose(): void;
}
