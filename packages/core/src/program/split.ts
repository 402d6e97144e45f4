// For backends with limits: a kernel becomes several, each of which writes less or reads less. What one of them computes
// for another goes through scratch memory.
import type { Capabilities } from './capabilities.ts';
import type { Expression } from './expression.ts';
import { changeExpressions, type Scratch } from './parts.ts';
import type { Kernel } from './program.ts';
import { splitReads } from './splitReads.ts';
import { splitWrites } from './splitWrites.ts';

/** `kernel` as kernels within the limits of `capabilities`, in the order in which they run. */
export function splitKernel(
  kernel: Kernel,
  { maxReads, maxWrites }: Capabilities,
  scratch: Scratch,
): Kernel[] {
  if (maxReads === undefined && maxWrites === undefined) return [kernel];
  const whole = withOneAccumulator(kernel);
  const parts = whole.outputs.length > (maxWrites ?? Infinity) ? splitWrites(whole, scratch) : [whole];
  return maxReads === undefined ? parts : parts.flatMap((part) => splitReads(part, maxReads, scratch));
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
