// Operations on vectors of four numbers, whose operands are on the stack as numbers. Comparisons give masks: all bits of a
// lane, or none.
import { type DType, NeuriteError, type ScalarOperation } from '@neurite/core/program';
import type { Width } from './addresses.ts';
import type { Code } from './code.ts';
import type { Functions, VectorFunction } from './functions.ts';
import type { InstructionName } from './instructions.ts';
import { Module } from './module.ts';
import { splat, splatInteger } from './vectors.ts';

const floats: Partial<Record<ScalarOperation, InstructionName>> = {
  add: 'f32x4.add',
  sub: 'f32x4.sub',
  mul: 'f32x4.mul',
  div: 'f32x4.div',
  maximum: 'f32x4.max',
  minimum: 'f32x4.min',
  neg: 'f32x4.neg',
  sqrt: 'f32x4.sqrt',
  abs: 'f32x4.abs',
  floor: 'f32x4.floor',
  equal: 'f32x4.eq',
  notEqual: 'f32x4.ne',
  less: 'f32x4.lt',
  lessEqual: 'f32x4.le',
  greater: 'f32x4.gt',
  greaterEqual: 'f32x4.ge',
};

const integers: Partial<Record<ScalarOperation, InstructionName>> = {
  add: 'i32x4.add',
  sub: 'i32x4.sub',
  mul: 'i32x4.mul',
  maximum: 'i32x4.max_s',
  minimum: 'i32x4.min_s',
  neg: 'i32x4.neg',
  abs: 'i32x4.abs',
  equal: 'i32x4.eq',
  notEqual: 'i32x4.ne',
  less: 'i32x4.lt_s',
  lessEqual: 'i32x4.le_s',
  greater: 'i32x4.gt_s',
  greaterEqual: 'i32x4.ge_s',
};

/** Operations that give truth. */
export const comparisons: ReadonlySet<ScalarOperation> = new Set([
  'equal',
  'notEqual',
  'less',
  'lessEqual',
  'greater',
  'greaterEqual',
]);

/** Computes `operation` on operands of `dtype`; of one element, all lanes are the same. */
export function writeOperation(
  code: Code,
  functions: Functions,
  operation: ScalarOperation,
  dtype: DType,
  width: Width,
): void {
  const isFloat = dtype === 'float32';
  const simple = (isFloat ? floats : integers)[operation];
  if (simple) {
    code.op(simple);
    return;
  }
  switch (operation) {
    case 'exp':
    case 'log':
    case 'sin':
    case 'cos':
    case 'tanh':
    case 'sigmoid':
      code.op('call', functions.index(operation satisfies VectorFunction));
      return;
    case 'square': {
      const value = code.local('v128');
      code
        .tee(value)
        .get(value)
        .op(isFloat ? 'f32x4.mul' : 'i32x4.mul');
      code.free(value);
      return;
    }
    case 'reciprocal': {
      const value = code.local('v128');
      code.set(value);
      splat(code, 1).get(value).op('f32x4.div');
      code.free(value);
      return;
    }
    case 'sign':
      writeSign(code, isFloat);
      return;
    case 'pow':
      writePower(code, width);
      return;
    default:
      throw new NeuriteError('internal', `there are no instructions for ${operation} of ${dtype}`);
  }
}

/** x > 0 minus x < 0, as numbers; NaN and zeros stay themselves. */
function writeSign(code: Code, isFloat: boolean): void {
  const value = code.local('v128');
  code.set(value);
  if (isFloat) {
    splat(code, 1).get(value);
    splat(code, -0).op('v128.and').op('v128.or').get(value).get(value).op('f32x4.abs');
    splat(code, 0).op('f32x4.gt').op('v128.bitselect');
  } else {
    splatInteger(code.get(value), 0).op('i32x4.lt_s');
    splatInteger(code.get(value), 0).op('i32x4.gt_s').op('i32x4.sub');
  }
  code.free(value);
}

/** x ** y lane by lane, by the host: rare, and hard to get right in few instructions. */
function writePower(code: Code, width: Width): void {
  const [x, y] = [code.local('v128'), code.local('v128')];
  const power = (lane: number): Code =>
    code
      .get(x)
      .op('f32x4.extract_lane', lane)
      .get(y)
      .op('f32x4.extract_lane', lane)
      .op('call', Module.host('pow'));
  code.set(y).set(x);
  power(0).op('f32x4.splat');
  for (let lane = 1; lane < width; lane++) power(lane).op('f32x4.replace_lane', lane);
  code.free(x, y);
}

/** Converts numbers to a dtype. */
export function writeCast(code: Code, from: DType, to: DType): void {
  if (to === 'float32') {
    if (from !== 'float32') code.op('f32x4.convert_i32x4_s');
    return;
  }
  if (from === 'float32') writeTruncation(code);
  if (to === 'uint8') splatInteger(code, 255).op('v128.and');
}

/** Truncates modulo 2³², as JavaScript does; what is not finite becomes 0. */
function writeTruncation(code: Code): void {
  const value = code.local('v128');
  code.tee(value).op('i32x4.trunc_sat_f32x4_s').get(value).get(value);
  splat(code, 2 ** -32)
    .op('f32x4.mul')
    .op('f32x4.floor');
  splat(code, 2 ** 32)
    .op('f32x4.mul')
    .op('f32x4.sub')
    .op('i32x4.trunc_sat_f32x4_u');
  code.get(value).op('f32x4.abs');
  splat(code, 2 ** 31)
    .op('f32x4.lt')
    .op('v128.bitselect');
  code.free(value);
}
