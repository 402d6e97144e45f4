// Rows by number: the row is looked up once for all of its elements.
import type { GatherKernel, Use } from '@neurite/core/program';
import { type Block, block } from '../block.ts';
import { accumulatorName, bufferName, Formulas } from '../expressions.ts';
import { nest, printNest } from '../nest.ts';
import type { Workspace } from '../workspace.ts';

export function emitGather(kernel: GatherKernel, workspace: Workspace): string {
  const loops = nest(kernel.shape);
  const rowBlock = loops.bodies[0] as Block;
  const element = block(loops.inner, { accumulates: true });
  const formulas = new Formulas(kernel, workspace, [
    { expression: kernel.row, block: rowBlock },
    ...kernel.outputs.map((expression) => ({ expression, block: element })),
  ]);
  const { buffer, view } = kernel.uses[kernel.source] as Use;
  const [rowStride = 0, ...strides] = view.strides;
  const start = formulas.name(`${formulas.value(kernel.row)} * ${rowStride}`, rowBlock, 'row');
  const rest = formulas.index({ offset: view.offset, strides: [0, ...strides] }, loops.inner);
  element.lines.push(`const ${accumulatorName} = ${bufferName(buffer)}[${start} + ${rest}];`);
  const body = formulas.store(element);
  return printNest(loops, [...element.lines, body].join('\n'));
}
