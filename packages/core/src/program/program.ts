// All that a backend must understand: buffers, and kernels in order that read and write them. Plain data.
import type { Affine } from '../scalar/affine.ts';
import type { DType } from '../scalar/dtype.ts';
import type { Expression } from './expression.ts';

/** Index into `Program.buffers`. */
export type BufferId = number;

/**
 * Who writes a buffer, and how long its numbers last.
 * - `input`: the host, before each run. `data`: the host, seldom: a data set.
 * - `state`: the host at first, then the program; lasts from run to run.
 * - `output`: the program; lasts until the next run. `scratch`: the program; shares its memory with others.
 */
export type Home = 'input' | 'data' | 'state' | 'output' | 'scratch';

/** A buffer of a program: where it lives, and how much it holds. */
export interface BufferInfo {
  readonly id: BufferId;
  /** Programs that are compiled beside each other share `data` and `state` buffers of the same name. */
  readonly name: string;
  readonly home: Home;
  readonly dtype: DType;
  /** In elements. */
  readonly length: number;
  /** First byte within the program's scratch memory; 0 for other homes. */
  readonly offset: number;
  /** The first and last kernel that touch it; [0, kernels − 1] where the host does too. */
  readonly live: readonly [first: number, last: number];
}

/** One way in which a kernel touches a buffer. `update`: reads and then writes each element in place. */
export interface Use {
  readonly buffer: BufferId;
  readonly access: 'read' | 'write' | 'update';
  /** Address of an element: a sum over the counters of the loops around it, outermost first. */
  readonly view: Affine;
}

interface KernelBase {
  /** Provenance: "hidden1", "∂hidden1", "update hidden1.weight". */
  readonly label: string;
  /** Sizes of the loops over the kernel's results, outermost first. */
  readonly shape: readonly number[];
  readonly uses: readonly Use[];
  /** One formula for each use that writes, in the order of `uses`, evaluated at each element of `shape`. */
  readonly outputs: readonly Expression[];
}

/** One or more formulas for each element of a shape. */
export interface MapKernel extends KernelBase {
  readonly kind: 'map';
}
/** For each element of `shape`, combines `input` over the loops `over`. Views in `input` count `shape` and then `over`. */
export interface ReduceKernel extends KernelBase {
  readonly kind: 'reduce';
  readonly over: readonly number[];
  readonly reduction: 'sum' | 'max' | 'argmax';
  readonly input: Expression;
}
/** shape = [m, n]. accumulator = Σ left[i, p] · right[p, j] over p < k. */
export interface MatmulKernel extends KernelBase {
  readonly kind: 'matmul';
  readonly k: number;
  readonly dtype: DType;
  /** Use whose view counts [m, k]; one of its strides is 1 where its size is not. */
  readonly left: number;
  /** Use whose view counts [k, n]; likewise. */
  readonly right: number;
}
/** accumulator = the element of `source` whose first counter is the value of `row` at the kernel's first counter. */
export interface GatherKernel extends KernelBase {
  readonly kind: 'gather';
  readonly source: number;
  readonly row: Expression;
  readonly dtype: DType;
}
/** A kernel of one of the four kinds. */
export type Kernel = MapKernel | ReduceKernel | MatmulKernel | GatherKernel;

/** Part of a buffer that has a name of its own: "hidden1.weight". */
export interface Region {
  readonly buffer: BufferId;
  /** In elements. */
  readonly offset: number;
  readonly shape: readonly number[];
}

/** Kernels in order, and the buffers that they work on. Plain data: `printProgram` shows it. */
export interface Program {
  readonly buffers: readonly BufferInfo[];
  readonly kernels: readonly Kernel[];
  /** Inputs, state and outputs by name. */
  readonly names: Readonly<Record<string, Region>>;
  /** Bytes that the scratch buffers take together. */
  readonly scratchBytes: number;
}

/** The formulas of a kernel that are evaluated at each element, the accumulated one included. */
export function kernelExpressions(kernel: Kernel): readonly Expression[] {
  switch (kernel.kind) {
    case 'reduce':
      return [kernel.input, ...kernel.outputs];
    case 'gather':
      return [kernel.row, ...kernel.outputs];
    default:
      return kernel.outputs;
  }
}
