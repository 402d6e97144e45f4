// The WebAssembly module of a program by itself: for looking at it, not for running it beside others.

import { byteSize, type Program } from '@neurite/core/program';
import { alignment, reserved } from './arena.ts';
import type { Bytes } from './bytes.ts';
import { emitProgram, workspaceOf, worthBarrier } from './emit.ts';

/** How a module is made. */
export interface ModuleOptions {
  /** 1. With more, the module waits at barriers in a memory that must be shared. */
  readonly threads?: number;
  /** Whether a multiplication and an addition may be one instruction, which not every engine knows. false. */
  readonly relaxed?: boolean;
  /** Work from which on a kernel is shared by all threads, in elementary operations. 40,000. */
  readonly worthSharing?: number;
}

/**
 * The bytes of the module that `wasm()` makes of `program`, with its buffers one after the other in a memory of its own.
 * It imports `neurite.memory` and functions of `Math`, and exports `run(steps, thread, threads, mayWait)`.
 *
 * @example
 * console.log(disassemble(moduleOf(lower({ outputs: { y: x.tanh() } }, wasm().capabilities))));
 */
export function moduleOf(
  program: Program,
  { threads = 1, relaxed = false, worthSharing = worthBarrier }: ModuleOptions = {},
): Bytes {
  const settings = { threads, relaxed, worthSharing };
  let end = reserved;
  const take = (bytes: number): number => {
    const address = end;
    end += Math.ceil(bytes / alignment) * alignment;
    return address;
  };
  const scratch = take(program.scratchBytes);
  const addresses = program.buffers.map(({ home, dtype, length, offset }) =>
    home === 'scratch' ? scratch + offset : take(byteSize(dtype) * length),
  );
  const workspace = take(workspaceOf(program, settings));
  const limits = { initial: 1, maximum: 65536, shared: threads > 1 };
  return emitProgram(program, { addresses, workspace }, settings, limits);
}
