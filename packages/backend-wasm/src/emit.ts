// From a program to a module: a function for each kernel, and `run`, which executes them all.

import {
  type Kernel,
  kernelExpressions,
  NeuriteError,
  type Program,
  visitExpressions,
} from '@neurite/core/program';
import { barrierCode } from './barrier.ts';
import type { Bytes } from './bytes.ts';
import { Code, type Local } from './code.ts';
import { Functions } from './functions.ts';
import type { KernelContext } from './kernels/context.ts';
import { writeGather } from './kernels/gather.ts';
import { writeMap } from './kernels/map.ts';
import { workspaceBytes, writeMatmul } from './kernels/matmul.ts';
import { writeReduce } from './kernels/reduce.ts';
import type { Team } from './loops.ts';
import { type MemoryLimits, Module } from './module.ts';

export interface Settings {
  readonly threads: number;
  /** Whether a multiplication and an addition may be one instruction. */
  readonly relaxed: boolean;
  /** Work from which on a kernel is shared by all threads, in elementary operations. */
  readonly worthSharing: number;
}

/** `worthSharing` of a barrier: what one thread does in some 25 microseconds. Measured: less does not pay for two of them. */
export const worthBarrier = 300_000;

export interface Placement {
  /** First byte of each buffer. */
  readonly addresses: readonly number[];
  readonly workspace: number;
}

/** Bytes of working memory that the program's products need, all threads together. */
export function workspaceOf(program: Program, settings: Settings): number {
  return bytesPerThread(program, settings) * settings.threads;
}

function bytesPerThread({ kernels }: Program, { relaxed, threads }: Settings): number {
  const each = kernels.map((kernel) =>
    kernel.kind === 'matmul' ? workspaceBytes(kernel, relaxed, threads) : 0,
  );
  return Math.ceil(Math.max(0, ...each) / 64) * 64;
}

/** An estimate of a kernel's work. Functions that are polynomials count for ten. */
function workOf(kernel: Kernel): number {
  let each = 0;
  visitExpressions(kernelExpressions(kernel), (expression) => {
    const costly =
      expression.kind === 'random' ||
      (expression.kind === 'operation' && /exp|log|sin|cos|tanh|sigmoid|pow/.test(expression.operation));
    each += costly ? 10 : 1;
  });
  const results = kernel.shape.reduce((product, size) => product * size, 1);
  switch (kernel.kind) {
    case 'matmul':
      return results * (each + kernel.k / 2); // multiply and add are one, or nearly
    case 'reduce':
      return results * each * kernel.over.reduce((product, size) => product * size, 1);
    default:
      return results * each;
  }
}

/** Which kernels all threads take part in. */
export const isShared = (kernel: Kernel, { threads, worthSharing }: Settings): boolean =>
  threads > 1 && kernel.shape.length > 0 && (kernel.shape[0] as number) > 1 && workOf(kernel) >= worthSharing;

/** The module of a program. It imports `neurite.memory` and exports `run(steps, thread, threads, mayWait)`. */
export function emitProgram(
  program: Program,
  placement: Placement,
  settings: Settings,
  memory: MemoryLimits,
): Bytes {
  const module = new Module();
  const functions = new Functions(module);
  const kernels = program.kernels.map((kernel) => {
    const code = new Code(['i32', 'i32']);
    const [thread, threads] = code.parameters as [Local, Local];
    const parallel = isShared(kernel, settings);
    const team: Team = { thread, threads };
    const workspace = { address: placement.workspace, bytesPerThread: bytesPerThread(program, settings) };
    const { addresses } = placement;
    writeKernel(
      { module, functions, program, code, team, parallel, addresses, workspace, relaxed: settings.relaxed },
      kernel,
      settings,
    );
    return { index: module.add(code, `${kernel.kind}: ${kernel.label}`), parallel };
  });
  const barrier = kernels.some(({ parallel }) => parallel) ? module.add(barrierCode(), 'barrier') : undefined;
  module.export(runCode(kernels, barrier), 'run');
  return module.toBytes(memory);
}

function writeKernel(context: KernelContext, kernel: Kernel, { threads }: Settings): void {
  switch (kernel.kind) {
    case 'map':
      writeMap(context, kernel);
      break;
    case 'reduce':
      writeReduce(context, kernel);
      break;
    case 'gather':
      writeGather(context, kernel);
      break;
    case 'matmul':
      writeMatmul(context, kernel, threads);
      break;
    default:
      throw new NeuriteError('internal', `no such kernel: ${kernel satisfies never}`);
  }
}

function runCode(
  kernels: readonly { index: number; parallel: boolean }[],
  barrier: number | undefined,
): Code {
  const code = new Code(['i32', 'i32', 'i32', 'i32']);
  const [steps, thread, threads, mayWait] = code.parameters as [Local, Local, Local, Local];
  const step = code.local('i32');
  const meet = (): void => {
    if (barrier !== undefined) code.get(threads).get(mayWait).op('call', barrier);
  };
  code.loop(step, { from: 0, to: steps, guarded: true }, () => {
    kernels.forEach(({ index, parallel }, i) => {
      // Whoever reads what another thread wrote, or overwrites what it reads, waits for it.
      if (i > 0 && (parallel || kernels[i - 1]?.parallel)) meet();
      if (!parallel) code.get(thread).op('i32.eqz').op('if');
      code.get(thread).get(threads).op('call', index);
      if (!parallel) code.op('end');
    });
    meet();
  });
  return code;
}
