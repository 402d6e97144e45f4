// Element by element.
import type { MapKernel } from '@neurite/core/program';
import { counters, writeNest, writeShare } from '../loops.ts';
import { formulasFor, type KernelContext, targetsOf } from './context.ts';

export function writeMap(context: KernelContext, kernel: MapKernel): void {
  const { code, team, parallel } = context;
  const { shape } = kernel;
  const loops = counters(code, shape);
  const formulas = formulasFor(context, kernel, kernel.outputs, loops);
  const targets = targetsOf(kernel);
  const wide = !formulas.choosesByElement && targets.every((use) => formulas.isContiguous(use));
  // Shares of a single row are whole cache lines.
  const share = parallel ? writeShare(code, team, shape[0] ?? 1, shape.length > 1 ? 1 : 16) : undefined;
  formulas.writePrologue();
  writeNest(code, {
    shape,
    ...loops,
    share,
    widest: wide ? 4 : 1,
    row: () => formulas.writeRow(),
    elements: (width) => formulas.writeElements(width, targets),
  });
}
