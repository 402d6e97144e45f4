// Contract: a backend compiles programs; an executable is a compiled program with its memory.
import type { Capabilities } from '../program/capabilities.ts';
import type { BufferId, Program } from '../program/program.ts';
import type { NumberArray } from '../scalar/dtype.ts';
import { type Body, type Definition, define, type Plugin } from './definition.ts';
import type { Resolved, Schema } from './options.ts';

/** A compiled program and the memory that it works on. State begins as zeros. */
export interface Executable {
  /** Copies `values` to elements `offset`… of a buffer. They have the buffer's dtype. */
  write(buffer: BufferId, values: NumberArray, offset?: number): void;
  /** Executes the program `steps` times in a row. */
  run(steps?: number): Promise<void> | void;
  /** A copy of `length` elements of a buffer from `offset`; all of it if not given. */
  read(buffer: BufferId, offset?: number, length?: number): Promise<NumberArray> | NumberArray;
  /** Gives the memory back; memory that is shared, when the last executable that shares it is released. */
  release(): void;
}

/** What a backend found out about the place where it runs. */
export interface BackendReport {
  /** What really runs, in words: "generated JavaScript", "2 threads, relaxed SIMD". */
  readonly mode: string;
  /** Why it is not something better, where it could have been. */
  readonly notes: readonly string[];
}

/** A backend: compiles programs, and says what it can take. */
export interface Backend extends Plugin<'backend'> {
  readonly capabilities: Capabilities;
  /** What really runs; undefined before the first `compile`. */
  report(): BackendReport | undefined;
  /**
   * @param beside an executable of this backend whose `data` and `state` buffers are shared with the new one, by name,
   * where dtype and length agree; others begin as zeros.
   * @throws NeuriteError `unsupported` where the program needs what the backend or the platform lacks.
   */
  compile(program: Program, beside?: Executable): Promise<Executable>;
}

/** Defines a backend. */
/* @__NO_SIDE_EFFECTS__ */
export const backend = <const Type extends string, const S extends Schema>(
  type: Type,
  schema: S,
  make: (options: Resolved<S>) => Body<Backend>,
): Definition<'backend', Type, S, Backend> =>
  define<'backend', Type, S, Backend>('backend', type, schema, make);
