// Element-wise work: loops over the results.
import type { MapKernel } from '@neurite/core/program';
import { Formulas } from '../expressions.ts';
import { nest, printNest } from '../nest.ts';
import type { Workspace } from '../workspace.ts';

export function emitMap(kernel: MapKernel, workspace: Workspace): string {
  const loops = nest(kernel.shape);
  const formulas = new Formulas(
    kernel,
    workspace,
    kernel.outputs.map((expression) => ({ expression, block: loops.inner })),
  );
  return printNest(loops, formulas.store(loops.inner));
}
