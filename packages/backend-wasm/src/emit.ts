// From a program to a module: a function for each kernel, and `run`, which executes them all.
import {
  type Kernel,
  kernelExpressions,
  NeuriteError,
  type Program,
  visitExpressions,
} from '@neurite/core/program';
import { Code, type Local } from './code.ts';
import { Functions } from './functions.ts';
import type { KernelContext } from './kernels/context.ts';
import { writeGather } from './kernels/gather.ts';
import { writeMap } from './kernels/map.ts';
import { workspaceBytes, writeMatmul } from './kernels/matmul.ts';
import { writeReduce } from './kernels/reduce.ts';
import type { Team } from './loops.ts';
import { type MemoryLimits, Module } from './module.ts';

/** Where the threads of a team meet: two words in shared memory. */
const barrierAddress = { arrived: 0, generation: 4 } as const;

/** Looks at a barrier before a thread goes to sleep: some 100 microseconds, for what one thread does alone in between. */
const patience = 100_000;

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
): Uint8Array<ArrayBuffer> {
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

/** Waits until all threads are here: looking for a while, then asleep, if this thread may sleep. */
function barrierCode(): Code {
  const code = new Code(['i32', 'i32']);
  const [threads, mayWait] = code.parameters as [Local, Local];
  const [generation, looks] = [code.local('i32'), code.local('i32')];
  const { arrived, generation: current } = barrierAddress;
  const load = (): Code => code.i32(0).op('i32.atomic.load', current, 2);
  load().set(generation);
  code
    .i32(0)
    .i32(1)
    .op('i32.atomic.rmw.add', arrived, 2)
    .get(threads)
    .i32(1)
    .op('i32.sub')
    .op('i32.eq')
    .op('if');
  code.i32(0).i32(0).op('i32.atomic.store', arrived, 2);
  code.i32(0).i32(1).op('i32.atomic.rmw.add', current, 2).op('drop');
  code.i32(0).i32(-1).op('memory.atomic.notify', current, 2).op('drop');
  code.op('else');
  code.op('block').op('loop');
  load().get(generation).op('i32.ne').op('br_if', 1);
  code
    .get(looks)
    .i32(1)
    .op('i32.add')
    .tee(looks)
    .i32(patience)
    .op('i32.lt_s')
    .get(mayWait)
    .op('i32.eqz')
    .op('i32.or')
    .op('br_if', 0);
  code
    .i32(0)
    .get(generation)
    .op('i64.const', -1)
    .op('memory.atomic.wait32', current, 2)
    .op('drop')
    .op('br', 0);
  code.op('end').op('end').op('end');
  return code;
}
