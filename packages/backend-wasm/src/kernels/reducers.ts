// How numbers become one: sums, maxima and the places of maxima.
import type { ReduceKernel } from '@neurite/core/program';
import type { Width } from '../addresses.ts';
import type { Code } from '../code.ts';
import type { Formulas } from '../formulas.ts';
import { joinHalves, pushDoubles, splatInteger, vectors } from '../vectors.ts';

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

/** Takes in the elements of one result. */
interface Reducer {
  readonly widest: 1 | 4;
  begin(): void;
  add(width: Width): void;
  /** Pushes the result, in all lanes. */
  finish(): void;
}

export function reducerOf(code: Code, kernel: ReduceKernel, input: Formulas): Reducer {
  if (kernel.reduction === 'argmax') return placeOfMaximum(code, kernel, input);
  return kernel.reduction === 'sum' && isFloat(kernel)
    ? doubleSum(code, kernel, input)
    : lanes(code, kernel, input);
}

/** Sums of so few floats lose next to nothing in single precision. */
const fewFloats = 256;

/** Each lane is a result of its own. */
export function columnReducer(code: Code, kernel: ReduceKernel, input: Formulas): Reducer {
  const count = kernel.over.reduce((product, size) => product * size, 1);
  if (kernel.reduction === 'sum' && isFloat(kernel) && count > fewFloats) {
    return doubleColumns(code, kernel, input);
  }
  const accumulator = code.local('v128');
  return {
    widest: 4,
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
      code.get(accumulator);
    },
  };
}

/** Four sums in double precision. */
function doubleColumns(code: Code, kernel: ReduceKernel, input: Formulas): Reducer {
  const { value, low, high } = vectors(code, 'value', 'low', 'high');
  const halves = [
    ['low', low],
    ['high', high],
  ] as const;
  return {
    widest: 4,
    begin: () => {
      for (const [, sum] of halves) splatInteger(code, 0).set(sum);
    },
    add: (width) => {
      input.pushRoot(kernel.input, width);
      code.set(value);
      for (const [half, sum] of halves) pushDoubles(code, value, half).get(sum).op('f64x2.add').set(sum);
    },
    finish: () => {
      for (const [, sum] of halves) code.get(sum).op('f32x4.demote_f64x2_zero').set(sum);
      joinHalves(code, low, high);
    },
  };
}

/** Sums of floats are kept in double precision: they may be long. */
function doubleSum(code: Code, kernel: ReduceKernel, input: Formulas): Reducer {
  const { pairs, value } = vectors(code, 'pairs', 'value');
  return {
    widest: 4,
    begin: () => {
      splatInteger(code, 0).set(pairs);
    },
    add: (width) => {
      input.pushRoot(kernel.input, width);
      if (width < 4) firstLanes(code, width).op('v128.and');
      code.set(value).get(pairs);
      for (const half of ['low', 'high'] as const) pushDoubles(code, value, half).op('f64x2.add');
      code.set(pairs);
    },
    finish: () => {
      code.get(pairs).op('f64x2.extract_lane', 0).get(pairs).op('f64x2.extract_lane', 1).op('f64.add');
      code.op('f32.demote_f64').op('f32x4.splat');
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
      if (width === 2 || width === 3) {
        writeNeutral(code, kernel);
        firstLanes(code, width).op('v128.bitselect');
      }
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

/** Pushes a mask of as many lanes. */
const firstLanes = (code: Code, count: Width): Code =>
  code.op('v128.const', ...Array.from({ length: 16 }, (_, byte) => (byte < 4 * count ? 255 : 0)));

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
