// One growing memory, from which buffers are taken and to which they are given back.
import { NeuriteError } from '@neurite/core/program';
import type { MemoryLimits } from './module.ts';

const page = 65536;
/** The first bytes belong to the threads' meeting points. */
export const reserved = 1024;
export const alignment = 64;
/** Vectors may be read beyond the end of the last buffer. */
const slack = 256;

export interface Block {
  readonly address: number;
  readonly bytes: number;
}

export class Arena {
  readonly memory: WebAssembly.Memory;
  readonly limits: MemoryLimits;
  /** Gaps in order of address. */
  #gaps: Block[] = [];
  #end = reserved;

  /** @throws NeuriteError `unsupported` where the platform does not let memory grow so far. */
  constructor(megabytes: number, shared: boolean) {
    const maximum = Math.floor((megabytes * 2 ** 20) / page);
    this.limits = { initial: 1, maximum, shared };
    try {
      this.memory = new WebAssembly.Memory({ initial: 1, maximum, shared });
    } catch (cause) {
      const what = `wasm: there is no memory that can grow to ${megabytes} MiB here`;
      throw new NeuriteError('unsupported', `${what}: give wasm({ megabytes }) less`, { cause });
    }
  }

  /** Bytes up to the end of the last block. */
  get end(): number {
    return this.#end;
  }

  /**
   * Blocks of at least these sizes, in order, all of them or none.
   * @throws NeuriteError `unsupported` where the limit is reached.
   */
  take(sizes: readonly number[]): Block[] {
    const before = { gaps: this.#gaps, end: this.#end };
    const bytes = sizes.map((size) => Math.max(alignment, Math.ceil(size / alignment) * alignment));
    try {
      return bytes.map((each) => this.#takeOne(each));
    } catch (cause) {
      this.#gaps = before.gaps;
      this.#end = before.end;
      throw this.#exhausted(
        bytes.reduce((total, each) => total + each, 0),
        cause,
      );
    }
  }

  give(blocks: readonly Block[]): void {
    const gaps = [...this.#gaps, ...blocks].sort((a, b) => a.address - b.address);
    const joined: Block[] = [];
    for (const gap of gaps) {
      const last = joined.at(-1);
      if (last && last.address + last.bytes === gap.address) {
        joined[joined.length - 1] = { address: last.address, bytes: last.bytes + gap.bytes };
      } else joined.push(gap);
    }
    const last = joined.at(-1);
    if (last && last.address + last.bytes === this.#end) {
      this.#end = last.address;
      joined.pop();
    }
    this.#gaps = joined;
  }

  #takeOne(bytes: number): Block {
    const fit = this.#gaps.findIndex((gap) => gap.bytes >= bytes);
    if (fit >= 0) {
      const gap = this.#gaps[fit] as Block;
      const rest = gap.bytes > bytes ? [{ address: gap.address + bytes, bytes: gap.bytes - bytes }] : [];
      this.#gaps = [...this.#gaps.slice(0, fit), ...rest, ...this.#gaps.slice(fit + 1)];
      return { address: gap.address, bytes };
    }
    const address = this.#end;
    const missing = Math.ceil((address + bytes + slack - this.memory.buffer.byteLength) / page);
    if (missing > 0) this.memory.grow(missing);
    this.#end = address + bytes;
    return { address, bytes };
  }

  #exhausted(wanted: number, cause: unknown): NeuriteError {
    const megabytes = (bytes: number): number => Math.ceil(bytes / 2 ** 20);
    const limit = this.limits.maximum * page;
    const free = this.#gaps.reduce((total, gap) => total + gap.bytes, limit - this.#end);
    const what = `wasm: the program needs ${megabytes(wanted)} MiB, but of ${megabytes(limit)} MiB there are ${Math.floor(free / 2 ** 20)} left`;
    const mend =
      wanted <= free
        ? 'in one piece, or the system has no more: release other trainers'
        : 'give wasm({ megabytes }) more';
    return new NeuriteError('unsupported', `${what}: ${mend}, or use a smaller network, batch or data set`, {
      cause,
    });
  }
}
