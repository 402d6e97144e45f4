// Rows by index, converted on the way.
import type { Affine, GatherKernel, Kernel } from '@neurite/core/program';
import { counters, writeNest, writeShare } from '../loops.ts';
import { formulasFor, type KernelContext, targetsOf } from './context.ts';

/** The source is read like any other use, with the chosen row in place of the first counter. */
export function writeGather(context: KernelContext, kernel: GatherKernel): void {
  const { code, team, parallel } = context;
  // A gather of single numbers gets rows of one.
  const padded = kernel.shape.length > 1 ? kernel : withUnitRows(kernel);
  const loops = counters(code, padded.shape);
  const row = code.local('i32');
  const chosen = formulasFor(context, padded, [], {
    outer: [row, ...loops.outer.slice(1)],
    inner: loops.inner,
  });
  const index = formulasFor(context, padded, [padded.row], { outer: loops.outer, inner: undefined });
  const formulas = formulasFor(context, padded, padded.outputs, {
    ...loops,
    accumulator: (width) => chosen.pushRead(padded.source, width),
  });
  const targets = targetsOf(padded);
  const wide = !formulas.choosesByElement && targets.every((use) => formulas.isContiguous(use));
  const share = parallel ? writeShare(code, team, padded.shape[0] as number) : undefined;
  formulas.writePrologue();
  index.writePrologue();
  writeNest(code, {
    shape: padded.shape,
    ...loops,
    share,
    widest: wide ? 4 : 1,
    row: () => {
      index.writeRow();
      index.pushRoot(padded.row, 1);
      code.op('i32x4.extract_lane', 0).set(row);
      chosen.writeRow();
      formulas.writeRow();
    },
    elements: (width) => formulas.writeElements(width, targets),
  });
}

function withUnitRows(kernel: GatherKernel): GatherKernel {
  const widen = (view: Affine): Affine => ({ offset: view.offset, strides: [...view.strides, 0] });
  const uses: Kernel['uses'] = kernel.uses.map((use) => ({ ...use, view: widen(use.view) }));
  return { ...kernel, shape: [...kernel.shape, 1], uses };
}
