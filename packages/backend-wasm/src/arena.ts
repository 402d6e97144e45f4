// One growing memory, from which buffers are taken and to which they are given back.
import { NeuriteError } from '@neurite/core/program';
import type { MemoryLimits } from './module.ts';

const page = 65536;
/** The first bytes belong to the threads' meeting points. */
const reserved = 1024;
const alignment = 64;
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

  constructor(megabytes: number, shared: boolean) {
    const maximum = Math.floor((megabytes * 2 ** 20) / page);
    this.limits = { initial: 1, maximum, shared };
    this.memory = new WebAssembly.Memory({ initial: 1, maximum, shared });
  }

  /**
   * Blocks of at least these sizes, in order, all of them or none.
   * @throws NeuriteError `unsupported` where the limit is reached.
   */
  take(sizes: readonly number[]): Block[] {
    const before = { gaps: this.#gaps, end: this.#end };
    try {
      return sizes.map((size) => this.#takeOne(Math.max(alignment, Math.ceil(size / alignment) * alignment)));
    } catch (error) {
      this.#gaps = before.gaps;
      this.#end = before.end;
      throw error;
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
    if (missing > 0) this.#grow(missing, bytes);
    this.#end = address + bytes;
    return { address, bytes };
  }

  #grow(pages: number, bytes: number): void {
    try {
      this.memory.grow(pages);
    } catch (cause) {
      const limit = (this.limits.maximum * page) / 2 ** 20;
      throw new NeuriteError(
        'unsupported',
        `wasm: ${Math.ceil(bytes / 2 ** 20)} MiB more would pass the limit of ${limit} MiB: give wasm({ megabytes }) more, or use a smaller network, batch or data set`,
        { cause },
      );
    }
  }
}
