// A compiled program and the part of the memory that it works on.
import {
  type BufferId,
  type BufferInfo,
  byteSize,
  type Executable,
  NeuriteError,
  type NumberArray,
  type Program,
  viewArray,
} from '@neurite/core/program';
import type { Arena, Block } from './arena.ts';

/** State and data that several executables share, by name; given back with the last of them. */
export interface SharedBlock {
  readonly block: Block;
  readonly dtype: BufferInfo['dtype'];
  readonly length: number;
  users: number;
}

export interface Layout {
  /** First byte of each buffer. */
  readonly addresses: readonly number[];
  readonly own: readonly Block[];
  readonly shared: ReadonlyMap<string, SharedBlock>;
}

const isShared = ({ home }: BufferInfo): boolean => home === 'state' || home === 'data';

export class WasmExecutable implements Executable {
  readonly program: Program;
  readonly layout: Layout;
  readonly #arena: Arena;
  readonly #run: (steps: number) => void;
  readonly #onRelease: () => void;
  #released = false;

  constructor(
    program: Program,
    layout: Layout,
    arena: Arena,
    run: (steps: number) => void,
    onRelease: () => void,
  ) {
    this.program = program;
    this.layout = layout;
    this.#arena = arena;
    this.#run = run;
    this.#onRelease = onRelease;
  }

  write(buffer: BufferId, values: NumberArray, offset = 0): void {
    this.#view(buffer, offset, values.length, 'write', values).set(values);
  }

  run(steps = 1): void {
    this.#requireAlive('run');
    this.#run(steps);
  }

  read(buffer: BufferId, offset = 0, length?: number): NumberArray {
    const info = this.program.buffers[buffer];
    return this.#view(buffer, offset, length ?? (info?.length ?? 0) - offset, 'read').slice();
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#arena.give(this.layout.own);
    for (const shared of this.layout.shared.values()) {
      shared.users -= 1;
      if (shared.users === 0) this.#arena.give([shared.block]);
    }
    this.#onRelease();
  }

  #view(buffer: BufferId, offset: number, length: number, what: string, values?: NumberArray): NumberArray {
    this.#requireAlive(what);
    const info = this.program.buffers[buffer];
    if (!info) throw new NeuriteError('internal', `${what}: there is no buffer ${buffer}`);
    const { name, dtype } = info;
    if (values && values.BYTES_PER_ELEMENT !== byteSize(dtype)) {
      throw new NeuriteError(
        'dtype',
        `${what} of "${name}" takes ${dtype}, but got ${values.constructor.name}`,
      );
    }
    if (offset < 0 || offset + length > info.length) {
      throw new NeuriteError(
        'shape',
        `${what} of "${name}" reaches ${offset} … ${offset + length}, but it has ${info.length} elements`,
      );
    }
    const address = (this.layout.addresses[buffer] as number) + offset * byteSize(dtype);
    return viewArray(dtype, this.#arena.memory.buffer, address, length);
  }

  #requireAlive(what: string): void {
    if (this.#released) throw new NeuriteError('state', `${what}() was called after release()`);
  }
}

/** Finds a place for every buffer and for the working memory of products; shares what `beside` has. */
export function layOut(
  program: Program,
  workspace: number,
  arena: Arena,
  beside: WasmExecutable | undefined,
): Layout & { workspace: number } {
  const known = beside?.layout.shared ?? new Map<string, SharedBlock>();
  const shared = new Map<string, SharedBlock>();
  const missing: BufferInfo[] = [];
  for (const info of program.buffers) {
    if (info.home === 'scratch') continue;
    const candidate = isShared(info) ? known.get(info.name) : undefined;
    if (candidate && candidate.dtype === info.dtype && candidate.length === info.length)
      shared.set(info.name, candidate);
    else missing.push(info);
  }
  const blocks = arena.take([
    ...missing.map(({ dtype, length }) => byteSize(dtype) * length),
    program.scratchBytes,
    workspace,
  ]);
  for (const found of shared.values()) found.users += 1;
  const [scratch, work] = blocks.slice(-2) as [Block, Block];
  const own: Block[] = [scratch, work];
  const places = new Map<number, number>();
  missing.forEach((info, i) => {
    const block = blocks[i] as Block;
    new Uint8Array(arena.memory.buffer, block.address, block.bytes).fill(0);
    places.set(info.id, block.address);
    if (isShared(info)) shared.set(info.name, { block, dtype: info.dtype, length: info.length, users: 1 });
    else own.push(block);
  });
  const addresses = program.buffers.map(({ id, home, name, offset }) =>
    home === 'scratch'
      ? scratch.address + offset
      : (places.get(id) ?? (shared.get(name) as SharedBlock).block.address),
  );
  return { addresses, own, shared, workspace: work.address };
}
