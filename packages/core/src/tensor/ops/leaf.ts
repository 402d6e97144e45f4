// Tensors that begin a graph: numbers from outside, constants, coordinates, random numbers.
import { NeuriteError } from '../../errors.ts';
import type { DType } from '../../scalar/dtype.ts';
import { printShape, requireShape, type Shape, sizeOf } from '../../scalar/shape.ts';
import type { ConstantOp, InputHome, InputOp, IotaOp, RandomOp } from '../op.ts';

export const input = (
  name: string,
  shape: Shape,
  dtype: DType,
  home: InputHome,
  buffer = name,
  offset = 0,
): InputOp => ({
  kind: 'input',
  key: `input ${name}`,
  name,
  home,
  buffer,
  offset,
  infer: () => ({ shape: requireShape(shape, `input "${name}"`), dtype }),
});

export const constant = (value: number, shape: Shape, dtype: DType): ConstantOp => ({
  kind: 'constant',
  key: `constant ${Object.is(value, -0) ? '-0' : value} ${shape} ${dtype}`,
  value,
  infer: () => ({ shape: requireShape(shape, 'constant'), dtype }),
});

export const iota = (shape: Shape, axis: number): IotaOp => ({
  kind: 'iota',
  key: `iota ${shape} ${axis}`,
  axis,
  infer: () => ({ shape: requireShape(shape, 'iota'), dtype: 'int32' }),
});

export const random = (shape: Shape, stream: readonly [high: number, low: number]): RandomOp => ({
  kind: 'random',
  key: `random ${shape} ${stream}`,
  stream,
  infer: () => {
    requireShape(shape, 'random');
    if (sizeOf(shape) > 2 ** 24) {
      throw new NeuriteError(
        'shape',
        `random tensors have up to 2^24 elements, but ${printShape(shape)} has ${sizeOf(shape)}`,
      );
    }
    return { shape, dtype: 'int32' };
  },
});
