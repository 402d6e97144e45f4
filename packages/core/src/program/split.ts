// For backends with limits: a kernel becomes several, each of which writes less or reads less. What one of them computes
// for another goes through scratch memory.
import type { KernelLimits } from './capabilities.ts';
import type { Expression } from './expression.ts';
import { changeExpressions } from './parts.ts';
import type { Kernel } from './program.ts';
import { splitReads } from './splitReads.ts';
import { splitWrites } from './splitWrites.ts';

/**
 * What a backend's kernels may touch at most, for its capabilities.
 *
 * - `maxReads`: buffers that a kernel may read, at least 3; parts of a state buffer count one by one, since a backend may
 *   keep them apart. Any number if not given.
 * - `maxWrites`: 1 if a kernel may write to one buffer alone. Any number if not given.
 */
/* @__NO_SIDE_EFFECTS__ */
export function kernelLimits(given: { readonly maxReads?: number; readonly maxWrites?: 1 }): KernelLimits {
  const { maxReads = Number.POSITIVE_INFINITY, maxWrites = Number.POSITIVE_INFINITY } = given;
  return {
    maxReads,
    maxWrites,
    split: (kernel, scratch) => {
      const whole = withOneAccumulator(kernel);
      const parts = whole.outputs.length > maxWrites ? splitWrites(whole, scratch) : [whole];
      return parts.flatMap((part) => splitReads(part, maxReads, scratch));
    },
  };
}

/** `kernel`, with the same object wherever its sum, product or row stands. */
function withOneAccumulator(kernel: Kernel): Kernel {
  let accumulator: Expression | undefined;
  return changeExpressions(kernel, (expression) => {
    if (expression.kind !== 'accumulator') return expression;
    accumulator ??= expression;
    return accumulator;
  });
}
