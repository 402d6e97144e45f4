// What every kernel's writer gets.
import type { Kernel, Program } from '@neurite/core/program';
import type { Code } from '../code.ts';
import { Formulas, type Surroundings } from '../formulas.ts';
import type { Functions } from '../functions.ts';
import type { Team } from '../loops.ts';
import type { Module } from '../module.ts';

export interface KernelContext {
  readonly module: Module;
  readonly functions: Functions;
  readonly program: Program;
  readonly code: Code;
  readonly team: Team;
  /** Whether all threads take part; otherwise the first does it alone. */
  readonly parallel: boolean;
  /** First byte of each buffer. */
  readonly addresses: readonly number[];
  /** First byte of the memory in which products are put together, and its size for each thread. */
  readonly workspace: { readonly address: number; readonly bytesPerThread: number };
  /** Whether a multiplication and an addition may be one instruction. */
  readonly relaxed: boolean;
}

/** The uses of a kernel that write, in the order of its formulas. */
export const targetsOf = (kernel: Kernel): number[] =>
  kernel.uses.flatMap(({ access }, use) => (access === 'read' ? [] : [use]));

/** Formulas of `kernel` inside the given loops. */
export function formulasFor(
  context: KernelContext,
  kernel: Kernel,
  roots: Kernel['outputs'],
  loops: Pick<Surroundings, 'outer' | 'inner' | 'accumulator'>,
): Formulas {
  const { code, functions, program, addresses } = context;
  const buffer = (use: number): number => kernel.uses[use]?.buffer as number;
  return new Formulas(
    {
      code,
      functions,
      uses: kernel.uses,
      base: (use) => addresses[buffer(use)] as number,
      dtype: (use) => (program.buffers[buffer(use)] as Program['buffers'][number]).dtype,
      ...loops,
    },
    roots,
  );
}
