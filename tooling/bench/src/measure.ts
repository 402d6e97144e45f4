// Times sessions beside each other: A B C A B C …, so that whatever else the machine does meets all of them.
// Nobody calls the garbage collector between rounds: it throws optimized code away, which made TensorFlow.js slower.
import { Bench } from 'tinybench';
import type { Result } from './result.ts';
import type { Session } from './systems/system.ts';

export interface Plan {
  readonly rounds: number;
  /** Milliseconds that a session trains in a round; at least one call. */
  readonly slice: number;
  /** Milliseconds before the first round; at least one call. */
  readonly warmup: number;
  /** Milliseconds for all rounds of a session: slow ones get fewer rounds, at least one. */
  readonly budget: number;
  /** Milliseconds: a session whose call takes longer is not measured. */
  readonly limit: number;
}

export const fullPlan: Plan = { rounds: 9, slice: 400, warmup: 2000, budget: 15_000, limit: 60_000 };
export const quickPlan: Plan = { rounds: 3, slice: 100, warmup: 1000, budget: 3_000, limit: 15_000 };

export interface Measured {
  /** Microseconds a step of each round. */
  readonly rounds: readonly number[];
  /** Why the rounds do not count. */
  readonly failure?: string;
}

/** Measures what each of `creators` makes, in the same order. Whoever fails drops out, and the others go on. */
export async function measure(
  creators: readonly (() => Promise<Session>)[],
  plan: Plan,
): Promise<Measured[]> {
  const contestants = creators.map((create) => new Contestant(create, plan));
  for (const contestant of contestants) await contestant.attempt(() => contestant.begin());
  for (let round = 0; round < plan.rounds; round++) {
    for (const contestant of contestants) await contestant.attempt(() => contestant.round(round));
  }
  for (const contestant of contestants) await contestant.attempt(() => contestant.end());
  return contestants;
}

/** The median round and the best one. */
export function summary(
  { rounds, failure }: Measured,
  plan: Plan,
): Pick<Result, 'value' | 'best' | 'rounds' | 'note'> {
  if (failure !== undefined) return { note: failure };
  return {
    value: median(rounds),
    best: Math.min(...rounds),
    rounds: rounds.length,
    ...(rounds.length < plan.rounds && { note: `slow: ${rounds.length} of ${plan.rounds} rounds` }),
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]] as [number, number];
  return (low + high) / 2;
}

class Contestant implements Measured {
  readonly rounds: number[] = [];
  failure?: string;
  readonly #create: () => Promise<Session>;
  readonly #plan: Plan;
  #session: Session | undefined;
  /** So many that the clock's own time does not count. */
  #callsPerSample = 1;
  #rounds: number;

  constructor(create: () => Promise<Session>, plan: Plan) {
    this.#create = create;
    this.#plan = plan;
    this.#rounds = plan.rounds;
  }

  async attempt(act: () => Promise<void>): Promise<void> {
    if (this.failure !== undefined) return;
    try {
      await act();
    } catch (error) {
      this.failure = error instanceof Error ? error.message : String(error);
      this.#session?.dispose();
    }
  }

  /** Creates the session and lets it warm up. */
  async begin(): Promise<void> {
    const { warmup, budget, limit, rounds } = this.#plan;
    this.#session = await this.#create();
    const start = performance.now();
    let fastest = Number.POSITIVE_INFINITY;
    do {
      const before = performance.now();
      requireFinite(await this.#session.call());
      fastest = Math.min(fastest, performance.now() - before);
      if (fastest > limit) throw new Error(`one call takes ${Math.round(fastest / 1000)} s`);
    } while (performance.now() - start < warmup);
    this.#callsPerSample = Math.ceil(1 / fastest);
    this.#rounds = Math.min(Math.max(Math.floor(budget / fastest), 1), rounds);
  }

  async round(index: number): Promise<void> {
    const session = this.#session;
    if (!session || index >= this.#rounds) return;
    let loss = Number.NaN;
    const bench = new Bench({ time: this.#plan.slice, iterations: 1, warmup: false, throws: true });
    bench.add(
      'round',
      async () => {
        for (let call = 0; call < this.#callsPerSample; call++) {
          const given = session.call();
          loss = typeof given === 'number' ? given : await given;
        }
      },
      { async: true },
    );
    const [task] = await bench.run();
    if (task?.result.state !== 'completed') throw new Error(`tinybench: ${task?.result.state}`);
    requireFinite(loss);
    this.rounds.push(
      (1000 * task.result.latency.mean) / (this.#callsPerSample * (session.stepsPerCall ?? 1)),
    );
  }

  async end(): Promise<void> {
    this.#session?.dispose();
  }
}

function requireFinite(loss: number): void {
  if (!Number.isFinite(loss)) throw new Error(`its loss became ${loss}`);
}
