// A compiled program and the part of the memory that it works on.
import {
  type BufferId,
  type BufferInfo,
  type Executable,
  NeuriteError,
  type NumberArray,
  type Program,
  viewArray,
} from '@neurite/core/program';
import type { Layout, SharedBlock } from './layout.ts';

type Run = (steps: number) => Promise<void> | void;

export class WasmExecutable implements Executable {
  readonly memory: WebAssembly.Memory;
  readonly #program: Program;
  readonly #layout: Layout;
  readonly #run: Run;
  readonly #onRelease: () => void;
  #released = false;
  /** A window on each buffer, made once: making one takes longer than a tiny step's copy. */
  readonly #views: NumberArray[] = [];
  #viewed: ArrayBufferLike | undefined;

  constructor(program: Program, layout: Layout, memory: WebAssembly.Memory, run: Run, onRelease: () => void) {
    this.#program = program;
    this.#layout = layout;
    this.memory = memory;
    this.#run = run;
    this.#onRelease = onRelease;
  }

  /** Blocks that a program compiled beside this one takes over. */
  get shared(): ReadonlyMap<string, SharedBlock> {
    this.requireAlive('compiled beside');
    return this.#layout.shared;
  }

  write(buffer: BufferId, values: NumberArray, offset = 0): void {
    const info = this.#infoOf(buffer, 'written');
    const target = this.#view(info, offset, values.length);
    if (target[Symbol.toStringTag] !== values[Symbol.toStringTag]) {
      throw new NeuriteError(
        'dtype',
        `buffer "${info.name}" holds ${info.dtype}, but got a ${values[Symbol.toStringTag]}`,
      );
    }
    target.set(values, offset);
  }

  /** At once, unless the threads are busy with a compilation. */
  run(steps = 1): Promise<void> | void {
    this.requireAlive('run');
    if (steps > 0) return this.#run(steps);
  }

  read(buffer: BufferId, offset = 0, length?: number): NumberArray {
    const info = this.#infoOf(buffer, 'read');
    const count = length ?? info.length - offset;
    return this.#view(info, offset, count).slice(offset, offset + count);
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#layout.release();
    this.#onRelease();
  }

  /** @throws NeuriteError `state` after `release()`. */
  requireAlive(what: string): void {
    if (this.#released)
      throw new NeuriteError('state', `an executable that was released cannot be ${what}: compile it again`);
  }

  #infoOf(buffer: BufferId, what: string): BufferInfo {
    this.requireAlive(what);
    const info = this.#program.buffers[buffer];
    if (!info) throw new NeuriteError('internal', `there is no buffer ${buffer}`);
    return info;
  }

  /** A buffer's elements, of which `count` from `offset` are wanted. */
  #view({ id, name, dtype, length }: BufferInfo, offset: number, count: number): NumberArray {
    const fits = Number.isInteger(offset) && Number.isInteger(count) && offset >= 0 && count >= 0;
    if (!fits || offset + count > length) {
      throw new NeuriteError(
        'shape',
        `buffer "${name}" has ${length} elements, but got ${count} from ${offset}`,
      );
    }
    const { buffer } = this.memory;
    if (buffer !== this.#viewed) {
      this.#viewed = buffer; // another one where the memory has grown
      this.#views.length = 0;
    }
    const known = this.#views[id];
    if (known) return known;
    const view = viewArray(dtype, buffer, this.#layout.addresses[id] as number, length);
    this.#views[id] = view;
    return view;
  }
}
