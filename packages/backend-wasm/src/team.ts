// The other threads: workers that share the memory, execute the same programs and sleep in between.
import { NeuriteError } from '@neurite/core/program';
import { barrier, breakOff, mend } from './barrier.ts';
import { nodeProcess } from './platform.ts';
import { control, listen, workerSource } from './worker.ts';

/** A worker of either platform, as far as it is used here. */
interface Worker {
  post(message: unknown): void;
  /** Keeps the process alive while something is awaited, and lets it end otherwise. */
  hold(alive: boolean): void;
  terminate(): void;
}
type Listener = (error?: Error) => void;

function startWorker(listener: Listener): Worker {
  const threads = nodeProcess?.getBuiltinModule?.('node:worker_threads');
  if (threads) {
    // What this process preloads is not for the workers.
    const worker = new threads.Worker(workerSource, { eval: true, execArgv: [] });
    worker.on('message', () => listener());
    worker.on('error', (error) => listener(error as Error));
    return {
      post: (message) => worker.postMessage(message),
      hold: (alive) => (alive ? worker.ref() : worker.unref()),
      terminate: () => void worker.terminate(),
    };
  }
  const address = URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' }));
  const worker = new globalThis.Worker(address);
  URL.revokeObjectURL(address);
  worker.onmessage = () => listener();
  worker.onerror = (event) => listener(new Error(event.message || 'the worker could not be started'));
  return {
    post: (message) => worker.postMessage(message),
    hold: () => {},
    terminate: () => worker.terminate(),
  };
}

export class Team {
  readonly #memory: WebAssembly.Memory;
  readonly #words: Int32Array;
  readonly #barrier: Int32Array;
  readonly #workers: Worker[];
  readonly threads: number;
  /** Hears of workers that are ready, or failed. */
  #listener: Listener = () => {};
  #failure: NeuriteError | undefined;
  /** What the workers have to do one after the other: they cannot listen and run. */
  #queue: Promise<unknown> = Promise.resolve();
  #queued = 0;
  #introduced = false;
  #released: number[] = [];
  #programs = 0;

  /** @throws NeuriteError `unsupported` where no worker can be made. */
  constructor(memory: WebAssembly.Memory, threads: number) {
    this.#memory = memory;
    this.#words = new Int32Array(memory.buffer, control.byte, 8);
    this.#barrier = new Int32Array(memory.buffer, 0, Object.keys(barrier).length);
    this.threads = threads;
    const hear: Listener = (error) => {
      if (error) this.#failure ??= failed(error);
      this.#listener(this.#failure);
    };
    try {
      this.#workers = Array.from({ length: threads - 1 }, () => startWorker(hear));
    } catch (error) {
      throw failed(error);
    }
    for (const worker of this.#workers) worker.hold(false);
  }

  /** Gives a program to all workers; resolves to its number when each of them has it. */
  async add(module: WebAssembly.Module): Promise<number> {
    const id = this.#programs++;
    await this.#enqueue(() => this.#send(id, module));
    return id;
  }

  /** The workers forget a program the next time they listen. */
  remove(id: number): void {
    this.#released.push(id);
  }

  /** Does something with the workers: at once, or when they have all programs that are on their way to them. */
  whenFree(task: () => void): Promise<void> | void {
    if (this.#failure) throw this.#failure;
    return this.#queued === 0 ? task() : this.#enqueue(task);
  }

  /**
   * Lets all workers run a program, when they are free; `own` is the caller's part, and meets them inside.
   * @throws what a thread did in the middle of it; then all have left, and the team can go on.
   */
  run(id: number, steps: number, own: (steps: number) => void): void {
    this.#start(id, steps);
    try {
      own(steps);
    } catch (error) {
      breakOff(this.#barrier);
      while (Atomics.load(this.#words, control.left) < this.#workers.length); // what they are in the middle of
      Atomics.store(this.#words, control.left, 0);
      mend(this.#barrier);
      throw error;
    }
  }

  terminate(): void {
    for (const worker of this.#workers) worker.terminate();
  }

  #start(id: number, steps: number): void {
    Atomics.store(this.#words, control.program, id);
    Atomics.store(this.#words, control.steps, steps);
    Atomics.add(this.#words, control.generation, 1);
    Atomics.notify(this.#words, control.generation);
  }

  #enqueue<T>(task: () => T | Promise<T>): Promise<T> {
    this.#queued += 1;
    const done = this.#queue.then(task).finally(() => {
      this.#queued -= 1;
    });
    this.#queue = done.catch(() => {});
    return done;
  }

  async #send(id: number, module: WebAssembly.Module): Promise<void> {
    if (this.#failure) throw this.#failure;
    if (this.#introduced) this.#start(listen, 0);
    const generation = Atomics.load(this.#words, control.generation);
    const released = this.#released;
    this.#released = [];
    for (const worker of this.#workers) worker.hold(true);
    try {
      await new Promise<void>((resolve, reject) => {
        let missing = this.#workers.length;
        this.#listener = (error) => {
          if (error) reject(error);
          else if (--missing === 0) resolve();
        };
        this.#workers.forEach((worker, i) => {
          const team = { generation, thread: i + 1, threads: this.threads };
          worker.post({ memory: this.#memory, module, id, released, ...team });
        });
      });
    } catch (error) {
      this.#failure ??= failed(error); // some may listen for ever
      throw this.#failure;
    } finally {
      for (const worker of this.#workers) worker.hold(false);
    }
    this.#introduced = true;
  }
}

const failed = (cause: unknown): NeuriteError =>
  new NeuriteError(
    'unsupported',
    `wasm: a worker failed (${cause instanceof Error ? cause.message : String(cause)}): use wasm({ threads: 1 })`,
    { cause },
  );
