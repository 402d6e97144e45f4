// What a backend can take. Lowering looks at this; nobody asks which backend it is.
import type { DType } from '../scalar/dtype.ts';
import type { BufferId, Kernel, Use } from './program.ts';

/** What a backend can take. */
export interface Capabilities {
  readonly dtypes: readonly DType[];
  /** Whether a kernel may read and then write an element of the same buffer. */
  readonly inPlace: boolean;
  /** What a kernel may touch at most, by `kernelLimits(…)`. Any number of buffers if not given. */
  readonly limits?: KernelLimits;
}

/** Limits of a kernel, and how one beyond them is cut: so that only backends with limits bring along what cuts. */
export interface KernelLimits {
  readonly maxReads: number;
  readonly maxWrites: number;
  /** `kernel` as kernels within the limits, in the order in which they run. */
  split(kernel: Kernel, scratch: Scratch): Kernel[];
}

/** Memory for what one part of a kernel hands to another. */
export interface Scratch {
  /** A new buffer. */
  openScratch(dtype: DType, length: number): BufferId;
  /** What a use reads; parts of a state buffer are told apart. */
  placeOf(use: Use): string;
}
