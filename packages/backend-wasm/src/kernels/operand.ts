// Where a matrix lies.
import type { MatmulKernel, Use } from '@neurite/core/program';
import type { KernelContext } from './context.ts';

/** Columns of a tile: two vectors. */
export const panel = 8;

export interface Operand {
  /** First byte. */
  readonly address: number;
  /** Bytes from row to row and from column to column. */
  readonly row: number;
  readonly column: number;
}

export function operandOf({ addresses }: KernelContext, kernel: MatmulKernel, use: number): Operand {
  const { buffer, view } = kernel.uses[use] as Use;
  const [row, column] = view.strides as [number, number];
  return { address: (addresses[buffer] as number) + 4 * view.offset, row: 4 * row, column: 4 * column };
}
