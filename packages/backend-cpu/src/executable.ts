// A compiled program with its memory.
import {
  type BufferId,
  type BufferInfo,
  type Executable,
  NeuriteError,
  type NumberArray,
  type Program,
} from '@neurite/core/program';
import { type Buffers, type Shared, sameType, sharedOf } from './memory.ts';

/** Executes a program so many times. */
export type Run = (steps: number) => void;

/** How a program is executed: `interpreted`, several times slower, where code may not be made from text. */
export type Mode = 'compiled' | 'interpreted';

/** Runs at once: nothing is waited for. */
export class CpuExecutable implements Executable {
  readonly mode: Mode;
  readonly #program: Program;
  #live: { readonly buffers: Buffers; readonly run: Run } | undefined;

  constructor(program: Program, buffers: Buffers, run: Run, mode: Mode) {
    this.mode = mode;
    this.#program = program;
    this.#live = { buffers, run };
  }

  /** Buffers that a program compiled beside this one takes over. */
  get shared(): Shared {
    return sharedOf(this.#program, this.#use('compiled beside').buffers);
  }

  write(buffer: BufferId, values: NumberArray, offset = 0): void {
    const { array, info } = this.#bufferOf(buffer, 'written');
    if (!sameType(array, values)) {
      throw new NeuriteError(
        'dtype',
        `buffer "${info.name}" holds ${info.dtype}, but got a ${values[Symbol.toStringTag]}`,
      );
    }
    requireRange(info, offset, values.length);
    array.set(values, offset);
  }

  run(steps = 1): void {
    this.#use('run').run(steps);
  }

  read(buffer: BufferId, offset = 0, length?: number): NumberArray {
    const { array, info } = this.#bufferOf(buffer, 'read');
    const count = length ?? info.length - offset;
    requireRange(info, offset, count);
    return array.slice(offset, offset + count);
  }

  release(): void {
    this.#live = undefined;
  }

  #use(what: string): { readonly buffers: Buffers; readonly run: Run } {
    if (!this.#live)
      throw new NeuriteError('state', `an executable that was released cannot be ${what}: compile it again`);
    return this.#live;
  }

  #bufferOf(id: BufferId, what: string): { array: NumberArray; info: BufferInfo } {
    const array = this.#use(what).buffers[id];
    const info = this.#program.buffers[id];
    if (!array || !info) throw new NeuriteError('internal', `there is no buffer ${id}`);
    return { array, info };
  }
}

function requireRange({ name, length }: BufferInfo, offset: number, count: number): void {
  if (
    Number.isInteger(offset) &&
    Number.isInteger(count) &&
    offset >= 0 &&
    count >= 0 &&
    offset + count <= length
  )
    return;
  throw new NeuriteError('shape', `buffer "${name}" has ${length} elements, but got ${count} from ${offset}`);
}
