// Sums, maxima and the places of maxima.
import { type Affine, type Expression, mapExpressions, type ReduceKernel } from '@neurite/core/program';
import type { Code, Local } from '../code.ts';
import type { Formulas } from '../formulas.ts';
import { counters, writeNest, writeShare } from '../loops.ts';
import { formulasFor, type KernelContext, targetsOf } from './context.ts';

export function writeReduce(context: KernelContext, kernel: ReduceKernel): void {
  if (kernel.reduction !== 'argmax' && sumsColumns(kernel)) writeColumns(context, kernel);
  else writeRows(context, kernel);
}

/** Whether four neighbouring results can be reduced side by side: a bias gradient, say. */
function sumsColumns({ shape, over, uses }: ReduceKernel): boolean {
  const rank = shape.length;
  const row = shape.at(-1) ?? 1;
  if (row < 4) return false;
  const reads = uses.filter(({ view }) => view.strides.length === rank + over.length);
  const alongRow = reads.filter(({ view }) => view.strides[rank - 1] === 1).length;
  const alongSum = reads.filter(({ view }) => view.strides.at(-1) === 1).length;
  return alongRow > alongSum;
}

/** Results four at a time; each walks down its column. */
function writeColumns(context: KernelContext, kernel: ReduceKernel): void {
  const { code, team, parallel } = context;
  const { shape, over } = kernel;
  const loops = counters(code, shape);
  const down = over.map(() => code.local('i32'));
  const accumulator = code.local('v128');
  const targets = targetsOf(kernel);
  const results = formulasFor(context, kernel, kernel.outputs, {
    ...loops,
    accumulator: () => pushTotal(code, kernel, accumulator),
  });
  // The input's views count the results' loops first: as inner axis the row comes last.
  const reordered = moveRowLast(kernel);
  const input = formulasFor(context, reordered, [reordered.input], {
    outer: [...loops.outer, ...down],
    inner: loops.inner,
  });
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
      writeNeutral(code, kernel);
      code.set(accumulator);
      const walk = (axis: number): void => {
        if (axis < over.length) {
          code.loop(down[axis] as Local, { from: 0, to: over[axis] as number }, () => walk(axis + 1));
          return;
        }
        input.writeRow();
        code.get(accumulator);
        input.pushRoot(reordered.input, width);
        writeCombine(code, kernel);
        code.set(accumulator);
      };
      walk(0);
      results.writeElements(width, targets);
    },
  });
}

const isFloat = ({ input }: ReduceKernel): boolean => input.dtype === 'float32';

/** Pushes what changes nothing when it is combined with a number. */
function writeNeutral(code: Code, kernel: ReduceKernel): void {
  const isSum = kernel.reduction === 'sum';
  if (isFloat(kernel)) code.op('f32.const', isSum ? 0 : Number.NEGATIVE_INFINITY).op('f32x4.splat');
  else code.i32(isSum ? 0 : -(2 ** 31)).op('i32x4.splat');
}

function writeCombine(code: Code, kernel: ReduceKernel): void {
  const isSum = kernel.reduction === 'sum';
  if (isFloat(kernel)) code.op(isSum ? 'f32x4.add' : 'f32x4.max');
  else code.op(isSum ? 'i32x4.add' : 'i32x4.max_s');
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

interface Reducer {
  readonly widest: 1 | 4;
  begin(): void;
  add(width: 1 | 4): void;
  /** Pushes the result, in all lanes. */
  finish(): void;
}

function reducerOf(code: Code, kernel: ReduceKernel, input: Formulas): Reducer {
  if (kernel.reduction === 'argmax') return placeOfMaximum(code, kernel, input);
  return kernel.reduction === 'sum' && isFloat(kernel)
    ? doubleSum(code, kernel, input)
    : lanes(code, kernel, input);
}

/** Sums of floats are kept in double precision: they may be long. */
function doubleSum(code: Code, kernel: ReduceKernel, input: Formulas): Reducer {
  const pairs = code.local('v128');
  const value = code.local('v128');
  const rest = code.local('f64');
  return {
    widest: 4,
    begin: () => {
      code.op('f64.const', 0).set(rest).i32(0).op('i32x4.splat').set(pairs);
    },
    add: (width) => {
      if (width === 1) {
        code.get(rest);
        input.pushRoot(kernel.input, 1);
        code.op('f32x4.extract_lane', 0).op('f64.promote_f32').op('f64.add').set(rest);
        return;
      }
      input.pushRoot(kernel.input, 4);
      code
        .set(value)
        .get(pairs)
        .get(value)
        .op('f64x2.promote_low_f32x4')
        .op('f64x2.add')
        .get(value)
        .get(value);
      code.op('i8x16.shuffle', 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
      code.op('f64x2.promote_low_f32x4').op('f64x2.add').set(pairs);
    },
    finish: () => {
      code
        .get(pairs)
        .op('f64x2.extract_lane', 0)
        .get(pairs)
        .op('f64x2.extract_lane', 1)
        .op('f64.add')
        .get(rest);
      code.op('f64.add').op('f32.demote_f64').op('f32x4.splat');
    },
  };
}

/** Four lanes, combined at the end; single elements are in all lanes, which does not change a maximum. */
function lanes(code: Code, kernel: ReduceKernel, input: Formulas): Reducer {
  const accumulator = code.local('v128');
  return {
    widest: kernel.reduction === 'max' ? 4 : 1,
    begin: () => {
      writeNeutral(code, kernel);
      code.set(accumulator);
    },
    add: (width) => {
      code.get(accumulator);
      input.pushRoot(kernel.input, width);
      writeCombine(code, kernel);
      code.set(accumulator);
    },
    finish: () => {
      if (kernel.reduction === 'max') {
        for (const shuffle of [
          [8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7],
          [4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11],
        ]) {
          code
            .get(accumulator)
            .get(accumulator)
            .get(accumulator)
            .op('i8x16.shuffle', ...shuffle);
          writeCombine(code, kernel);
          code.set(accumulator);
        }
      }
      code.get(accumulator);
    },
  };
}

/** The count of the first largest element; NaN counts as larger than anything. */
function placeOfMaximum(code: Code, kernel: ReduceKernel, input: Formulas): Reducer {
  const type = isFloat(kernel) ? 'f32' : 'i32';
  const [best, value] = [code.local(type), code.local(type)];
  const [place, count] = [code.local('i32'), code.local('i32')];
  return {
    widest: 1,
    begin: () => {
      if (type === 'f32') code.op('f32.const', Number.NEGATIVE_INFINITY).set(best);
      else code.i32(-(2 ** 31)).set(best);
      code.i32(0).set(place).i32(0).set(count);
    },
    add: () => {
      input.pushRoot(kernel.input, 1);
      code
        .op(type === 'f32' ? 'f32x4.extract_lane' : 'i32x4.extract_lane', 0)
        .tee(value)
        .get(best);
      if (type === 'f32') code.op('f32.gt').get(value).get(value).op('f32.ne').op('i32.or');
      else code.op('i32.gt_s');
      code.op('if').get(value).set(best).get(count).set(place).op('end').advance(count, 1);
    },
    finish: () => {
      code.get(place).op('i32x4.splat');
    },
  };
}
