// Sums, maxima and the places of maxima.
import { type Affine, type Expression, mapExpressions, type ReduceKernel } from '@neurite/core/program';
import type { Code, Local } from '../code.ts';
import { counters, writeNest, writeShare } from '../loops.ts';
import { formulasFor, type KernelContext, targetsOf } from './context.ts';
import { columnReducer, reducerOf } from './reducers.ts';

export function writeReduce(context: KernelContext, kernel: ReduceKernel): void {
  if (kernel.reduction !== 'argmax' && sumsColumns(kernel)) writeColumns(context, kernel);
  else writeRows(context, kernel);
}

/** So few elements are picked one by one for four results faster than the lanes of one result are brought together. */
const few = 16;

/** Whether neighbouring results are reduced side by side: a bias gradient, say, or the sums of short rows. */
function sumsColumns({ shape, over, uses }: ReduceKernel): boolean {
  const rank = shape.length;
  const row = shape.at(-1) ?? 1;
  if (row < 4) return false;
  if (over.reduce((product, size) => product * size, 1) <= few) return true;
  const reads = uses.filter(({ view }) => view.strides.length === rank + over.length);
  const alongRow = reads.filter(({ view }) => view.strides[rank - 1] === 1).length;
  const alongSum = reads.filter(({ view }) => view.strides.at(-1) === 1).length;
  return alongRow > alongSum;
}

/** Results up to four at a time; each walks down its column. */
function writeColumns(context: KernelContext, kernel: ReduceKernel): void {
  const { code, team, parallel } = context;
  const { shape, over } = kernel;
  const loops = counters(code, shape);
  const down = over.map(() => code.local('i32'));
  const total = code.local('v128');
  const targets = targetsOf(kernel);
  const results = formulasFor(context, kernel, kernel.outputs, {
    ...loops,
    accumulator: () => pushTotal(code, kernel, total),
  });
  // The input's views count the results' loops first: as inner axis the row comes last.
  const reordered = moveRowLast(kernel);
  const input = formulasFor(context, reordered, [reordered.input], {
    outer: [...loops.outer, ...down],
    inner: loops.inner,
  });
  const reducer = columnReducer(code, reordered, input);
  const wide =
    !results.choosesByElement && !input.choosesByElement && targets.every((use) => results.isContiguous(use));
  const share = parallel ? writeShare(code, team, shape[0] as number, shape.length > 1 ? 1 : 16) : undefined;
  input.writePrologue();
  results.writePrologue();
  writeNest(code, {
    shape,
    ...loops,
    share,
    widest: wide ? 4 : 1,
    row: () => results.writeRow(),
    elements: (width) => {
      reducer.begin();
      const walk = (axis: number): void => {
        if (axis < over.length) {
          code.loop(down[axis] as Local, { from: 0, to: over[axis] as number }, () => walk(axis + 1));
          return;
        }
        input.writeRow();
        reducer.add(width);
      };
      walk(0);
      reducer.finish();
      code.set(total);
      results.writeElements(width, targets);
    },
  });
}

/** Sums of bytes are bytes. */
function pushTotal(code: Code, { reduction, input }: ReduceKernel, total: Local): void {
  code.get(total);
  if (reduction === 'sum' && input.dtype === 'uint8') code.i32(255).op('i32x4.splat').op('v128.and');
}

/** The same kernel with views of the input that count its last result axis last. */
function moveRowLast(kernel: ReduceKernel): ReduceKernel {
  const rank = kernel.shape.length;
  const move = (view: Affine): Affine => {
    if (view.strides.length !== rank + kernel.over.length) return view;
    const [row] = view.strides.slice(rank - 1, rank) as [number];
    return {
      offset: view.offset,
      strides: [...view.strides.slice(0, rank - 1), ...view.strides.slice(rank), row],
    };
  };
  const replace = (expression: Expression): Expression => {
    switch (expression.kind) {
      case 'coordinate':
      case 'within':
        return { ...expression, index: move(expression.index) };
      case 'random':
        return { ...expression, element: move(expression.element) };
      default:
        return expression;
    }
  };
  const [input] = mapExpressions([kernel.input], replace) as [Expression];
  return { ...kernel, input, uses: kernel.uses.map((use) => ({ ...use, view: move(use.view) })) };
}

/** Results one at a time; each runs along what it reduces. */
function writeRows(context: KernelContext, kernel: ReduceKernel): void {
  const { code, team, parallel } = context;
  const { shape, over } = kernel;
  const outer = shape.map(() => code.local('i32'));
  const along = counters(code, over);
  const result = code.local('v128');
  const targets = targetsOf(kernel);
  const results = formulasFor(context, kernel, kernel.outputs, {
    outer,
    inner: undefined,
    accumulator: () => pushTotal(code, kernel, result),
  });
  const input = formulasFor(context, kernel, [kernel.input], {
    outer: [...outer, ...along.outer],
    inner: along.inner,
  });
  const share = parallel ? writeShare(code, team, shape[0] as number) : undefined;
  const reducer = reducerOf(code, kernel, input);
  input.writePrologue();
  results.writePrologue();
  const walk = (axis: number): void => {
    if (axis < outer.length) {
      const range =
        axis === 0 && share ? { ...share, guarded: true } : { from: 0, to: shape[axis] as number };
      code.loop(outer[axis] as Local, range, () => walk(axis + 1));
      return;
    }
    reducer.begin();
    writeNest(code, {
      shape: over,
      ...along,
      widest: input.choosesByElement ? 1 : reducer.widest,
      row: () => input.writeRow(),
      elements: (width) => reducer.add(width),
    });
    reducer.finish();
    code.set(result);
    results.writeRow();
    results.writeElements(1, targets);
  };
  walk(0);
}
