// What one kernel is cut into: kernels with a single result, each with the uses that it needs and no others.
import type { DType } from '../scalar/dtype.ts';
import { rowMajorStrides, type Shape, sizeOf } from '../scalar/shape.ts';
import type { Scratch } from './capabilities.ts';
import { type Expression, mapExpressions, visitExpressions } from './expression.ts';
import { type Kernel, kernelExpressions, type MapKernel, type Use } from './program.ts';

/** A new buffer for one element of `dtype` at each place of `shape`, row by row. */
export const newPlace = (scratch: Scratch, dtype: DType, shape: Shape): Use => ({
  buffer: scratch.openScratch(dtype, sizeOf(shape)),
  access: 'write',
  view: { offset: 0, strides: rowMajorStrides(shape) },
});

/** `kernel` with one formula, for `target`. */
export function withOutput(kernel: Kernel, uses: readonly Use[], output: Expression, target: Use): Kernel {
  return trim({ ...kernel, outputs: [output], uses }, target);
}

/** A map over `shape` of one formula, for `target`; it is a part of `kernel`. */
export function mapPart(
  kernel: Kernel,
  shape: Shape,
  uses: readonly Use[],
  output: Expression,
  target: Use,
): MapKernel {
  return trim({ kind: 'map', label: kernel.label, shape, outputs: [output], uses }, target);
}

/** Leaves the uses that `kernel` reads, and makes `target` the one that it writes: in place, if it is read as well. */
function trim<K extends Kernel>(kernel: K, target: Use): K {
  const wanted = new Set(operandUses(kernel));
  visitExpressions(kernelExpressions(kernel), (expression) => {
    if (expression.kind === 'read') wanted.add(expression.use);
  });
  const kept = [...wanted].sort((a, b) => a - b);
  const uses = kept.map((use): Use => {
    const old = kernel.uses[use] as Use;
    return { ...old, access: old === target ? 'update' : 'read' };
  });
  if (!kept.some((use) => kernel.uses[use] === target)) uses.push({ ...target, access: 'write' });
  return renumber({ ...kernel, uses }, (use) => kept.indexOf(use));
}

/** The uses that a product multiplies, or that a gather takes rows from. */
export function operandUses(kernel: Kernel): number[] {
  if (kernel.kind === 'matmul') return [kernel.left, kernel.right];
  return kernel.kind === 'gather' ? [kernel.source] : [];
}

/** `kernel` with its formulas replaced by what `change` makes of their nodes. */
export function changeExpressions<K extends Kernel>(
  kernel: K,
  change: (expression: Expression) => Expression,
): K {
  const changed = mapExpressions(kernelExpressions(kernel), change);
  const outputs = kernel.kind === 'reduce' || kernel.kind === 'gather' ? changed.slice(1) : changed;
  if (kernel.kind === 'reduce') return { ...kernel, input: changed[0], outputs };
  if (kernel.kind === 'gather') return { ...kernel, row: changed[0], outputs };
  return { ...kernel, outputs };
}

function renumber<K extends Kernel>(kernel: K, of: (use: number) => number): K {
  const renamed = changeExpressions(kernel, (expression) =>
    expression.kind === 'read' ? { ...expression, use: of(expression.use) } : expression,
  );
  if (renamed.kind === 'matmul') return { ...renamed, left: of(renamed.left), right: of(renamed.right) };
  return renamed.kind === 'gather' ? { ...renamed, source: of(renamed.source) } : renamed;
}
