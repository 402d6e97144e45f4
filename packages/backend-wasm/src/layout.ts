// Where the buffers of a program lie in memory, and which of them other executables use too.
import { type BufferInfo, byteSize, type Program } from '@neurite/core/program';
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
  /** First byte of the working memory of products. */
  readonly workspace: number;
  readonly shared: ReadonlyMap<string, SharedBlock>;
  /** Gives back what nobody else uses. */
  release(): void;
}

const isShared = ({ home }: BufferInfo): boolean => home === 'state' || home === 'data';

/**
 * Finds a place for every buffer and for `workspace` bytes of working memory; `data` and `state` buffers may be among
 * those of `known`, others begin as zeros.
 *
 * @throws NeuriteError `unsupported` where the memory's limit is reached; then nothing is taken.
 */
export function layOut(
  program: Program,
  workspace: number,
  arena: Arena,
  known: ReadonlyMap<string, SharedBlock> = new Map(),
): Layout {
  const shared = new Map<string, SharedBlock>();
  const missing: BufferInfo[] = [];
  for (const info of program.buffers) {
    if (info.home === 'scratch') continue;
    const found = isShared(info) ? known.get(info.name) : undefined;
    if (found && found.dtype === info.dtype && found.length === info.length) shared.set(info.name, found);
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
  const release = (): void => {
    arena.give(own);
    for (const each of shared.values()) {
      each.users -= 1;
      if (each.users === 0) arena.give([each.block]);
    }
  };
  return { addresses, workspace: work.address, shared, release };
}
