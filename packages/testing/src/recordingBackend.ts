// A backend that computes nothing and remembers everything: for tests of what is compiled, written and run.
import {
  type Backend,
  type Capabilities,
  type Executable,
  type NumberArray,
  type Program,
  verifyProgram,
} from '@neurite/core';
import { newArray } from '@neurite/core/program';
import { AssertionError } from './assertionError.ts';

/** Something that was asked of the backend. `executable` counts compiled programs from 0. */
export type Recorded =
  | {
      readonly kind: 'compile';
      readonly executable: number;
      readonly program: Program;
      readonly beside: number | undefined;
    }
  | {
      readonly kind: 'write';
      readonly executable: number;
      readonly buffer: string;
      readonly values: NumberArray;
      readonly offset: number;
    }
  | { readonly kind: 'run'; readonly executable: number; readonly steps: number }
  | {
      readonly kind: 'read';
      readonly executable: number;
      readonly buffer: string;
      readonly offset: number;
      readonly length: number;
    }
  | { readonly kind: 'release'; readonly executable: number };

/** A run that is under way. */
export interface RecordedRun {
  readonly program: Program;
  readonly steps: number;
  /** A copy of a buffer's numbers. */
  get(buffer: string): NumberArray;
  /** Overwrites elements `offset` … of a buffer. 0. */
  set(buffer: string, values: ArrayLike<number>, offset?: number): void;
}

/** A backend that remembers what it was asked for, and how many of its executables live. */
export interface RecordingBackend extends Backend {
  /** Everything so far, in order. */
  readonly log: readonly Recorded[];
  /** What was recorded of one kind, in order. */
  recorded<Kind extends Recorded['kind']>(kind: Kind): Extract<Recorded, { kind: Kind }>[];
  /** Forgets the log; the executables go on. */
  forget(): void;
  /** How many executables were not released. */
  readonly alive: number;
}

/**
 * A backend that computes nothing: a run leaves every buffer as it is, a read gives what was last written, else zeros.
 * It judges what it gets: programs are verified, writes and reads must fit their buffers, nothing may be released twice
 * or used afterwards.
 *
 * @param onRun called at each run: puts what the program would have computed into its buffers, or throws.
 * @example
 * const backend = recordingBackend();
 * const trainer = await train(network, { loss, optimizer, backend });
 * await trainer.fit(data, { batchSize: 32 });
 * backend.recorded('run').map(({ steps }) => steps);
 */
export function recordingBackend({
  capabilities = { dtypes: ['float32', 'float64', 'int32', 'uint8'], inPlace: true },
  onRun,
}: {
  readonly capabilities?: Capabilities;
  readonly onRun?: (run: RecordedRun) => void;
} = {}): RecordingBackend {
  const log: Recorded[] = [];
  const executables: RecordingExecutable[] = [];
  return {
    kind: 'backend',
    type: 'recording',
    options: {},
    capabilities,
    report: () => ({ mode: 'nothing is computed', notes: [] }),
    compile: async (program, beside) => {
      verifyProgram(program);
      if (beside && !executables.includes(beside as RecordingExecutable)) {
        throw new AssertionError('compile() got an executable of another backend to share memory with');
      }
      const number = executables.length;
      const shared = beside as RecordingExecutable | undefined;
      const executable = new RecordingExecutable(program, number, log, onRun, shared);
      log.push({ kind: 'compile', executable: number, program, beside: shared?.number });
      executables.push(executable);
      return executable;
    },
    log,
    recorded: <Kind extends Recorded['kind']>(kind: Kind) =>
      log.filter((entry): entry is Extract<Recorded, { kind: Kind }> => entry.kind === kind),
    forget: () => {
      log.length = 0;
    },
    get alive() {
      return executables.filter(({ released }) => !released).length;
    },
  };
}

class RecordingExecutable implements Executable {
  readonly number: number;
  readonly #program: Program;
  readonly #log: Recorded[];
  readonly #onRun: ((run: RecordedRun) => void) | undefined;
  /** The numbers of each buffer. */
  readonly #memory: NumberArray[];
  released = false;

  constructor(
    program: Program,
    number: number,
    log: Recorded[],
    onRun: ((run: RecordedRun) => void) | undefined,
    beside: RecordingExecutable | undefined,
  ) {
    this.number = number;
    this.#program = program;
    this.#log = log;
    this.#onRun = onRun;
    beside?.requireAlive('compile() beside it');
    this.#memory = program.buffers.map(({ name, home, dtype, length }) => {
      const shared = home === 'data' || home === 'state' ? beside?.named(name, home) : undefined;
      const own = newArray(dtype, length);
      return shared?.length === length && shared.constructor === own.constructor ? shared : own;
    });
  }

  write(buffer: number, values: NumberArray, offset = 0): void {
    const { name } = this.#require('write', buffer, offset, values.length);
    const memory = this.#memory[buffer] as NumberArray;
    if (memory.constructor !== values.constructor) {
      throw new AssertionError(
        `write() to "${name}" takes ${memory.constructor.name}, but got ${values.constructor.name}`,
      );
    }
    memory.set(values, offset);
    this.#log.push({ kind: 'write', executable: this.number, buffer: name, values: values.slice(), offset });
  }

  run(steps = 1): void {
    this.requireAlive('run()');
    this.#log.push({ kind: 'run', executable: this.number, steps });
    const memoryOf = (name: string): NumberArray => {
      const memory = this.#memory[this.#program.buffers.findIndex((buffer) => buffer.name === name)];
      if (!memory) throw new AssertionError(`executable ${this.number} has no buffer "${name}"`);
      return memory;
    };
    this.#onRun?.({
      program: this.#program,
      steps,
      get: (name) => memoryOf(name).slice(),
      set: (name, values, offset = 0) => memoryOf(name).set(values, offset),
    });
  }

  read(buffer: number, offset = 0, length = (this.#memory[buffer]?.length ?? 0) - offset): NumberArray {
    const { name } = this.#require('read', buffer, offset, length);
    this.#log.push({ kind: 'read', executable: this.number, buffer: name, offset, length });
    return (this.#memory[buffer] as NumberArray).slice(offset, offset + length);
  }

  release(): void {
    this.requireAlive('release()');
    this.released = true;
    this.#log.push({ kind: 'release', executable: this.number });
  }

  /** The memory of a buffer that may be shared. */
  named(name: string, home: string): NumberArray | undefined {
    return this.#memory[
      this.#program.buffers.findIndex((buffer) => buffer.name === name && buffer.home === home)
    ];
  }

  requireAlive(what: string): void {
    if (this.released)
      throw new AssertionError(`${what} was called on executable ${this.number}, which is released`);
  }

  #require(what: string, buffer: number, offset: number, length: number): { readonly name: string } {
    this.requireAlive(`${what}()`);
    const info = this.#program.buffers[buffer];
    if (!info) throw new AssertionError(`${what}(): there is no buffer ${buffer}`);
    const fits = Number.isInteger(offset) && offset >= 0 && length >= 0 && offset + length <= info.length;
    if (!fits) {
      throw new AssertionError(
        `${what}(): buffer "${info.name}" has ${info.length} elements, but got ${length} from ${offset}`,
      );
    }
    return info;
  }
}
