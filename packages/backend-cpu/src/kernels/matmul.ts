// Matrix products: the loops are `emitProduct`'s, the formulas behind each sum are the kernel's.
import type { MatmulKernel, Use } from '@neurite/core/program';
import { block, counterName, printBlock } from '../block.ts';
import { accumulatorName, bufferName, Formulas } from '../expressions.ts';
import type { Workspace } from '../workspace.ts';
import { emitMatmul as emitProduct, type Operand } from './product.ts';

export function emitMatmul(kernel: MatmulKernel, workspace: Workspace): string {
  const [m, n] = kernel.shape as [number, number];
  const outer = block();
  const element = block(outer, { axes: [0, 1], accumulates: true });
  const formulas = new Formulas(
    kernel,
    workspace,
    kernel.outputs.map((expression) => ({ expression, block: element })),
  );
  const body = printBlock(element, formulas.store(element));
  const product = emitProduct({
    m,
    n,
    k: kernel.k,
    a: operand(kernel.uses[kernel.left] as Use),
    b: operand(kernel.uses[kernel.right] as Use),
    scratch: (length) => workspace.take(length),
    epilogue: (sum, row, column) =>
      `{\nconst ${accumulatorName} = ${sum}, ${counterName(0)} = ${row}, ${counterName(1)} = ${column};\n${body}\n}`,
  });
  return printBlock(outer, product);
}

const operand = ({ buffer, view: { offset, strides } }: Use): Operand => ({
  array: bufferName(buffer),
  offset,
  row: strides[0] as number,
  column: strides[1] as number,
});
