// A tensor of a safetensors file, and what its element types are as JavaScript numbers.
import { NeuriteError, type NumberArray, type Shape } from '@neurite/core';
import { halfFloats } from './halfFloats.ts';

/** Bytes of an element. */
export const elementSizes = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  U64: 8,
  I32: 4,
  U32: 4,
  I16: 2,
  U16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
} as const;

/** Element types that are read; F64, F32, I32 and U8 are written, too. */
export type TensorType = keyof typeof elementSizes;

/** A tensor as it lies in a file. */
export interface FileTensor {
  readonly type: TensorType;
  /** [] for a single number. */
  readonly shape: Shape;
  /** Its bytes in the file, row-major, each number's lowest first. Not a copy. */
  readonly bytes: Uint8Array;
  /**
   * The numbers, row-major, copied at each call. F64, I64, U64 and U32 come as Float64Array, F32, F16 and BF16 as
   * Float32Array, I32, I16, I8 and U16 as Int32Array, U8 and BOOL (0 and 1) as Uint8Array: none of them loses a digit.
   *
   * @throws NeuriteError `data` for an I64 or U64 beyond ±2⁵³, which no JavaScript number can hold exactly.
   */
  numbers(): NumberArray;
}

export const fileTensor = (name: string, type: TensorType, shape: Shape, bytes: Uint8Array): FileTensor => ({
  type,
  shape,
  bytes,
  numbers: () => conversions[type](new Uint8Array(bytes).buffer, name), // a copy lies where any type may begin
});

const conversions: Readonly<Record<TensorType, (buffer: ArrayBuffer, name: string) => NumberArray>> = {
  F64: (buffer) => new Float64Array(buffer),
  F32: (buffer) => new Float32Array(buffer),
  F16: (buffer) => halfFloats(new Uint16Array(buffer)),
  // The upper half of a float32.
  BF16: (buffer) => new Float32Array(Uint32Array.from(new Uint16Array(buffer), (bits) => bits << 16).buffer),
  I64: (buffer, name) => exact(new BigInt64Array(buffer), name),
  U64: (buffer, name) => exact(new BigUint64Array(buffer), name),
  I32: (buffer) => new Int32Array(buffer),
  U32: (buffer) => Float64Array.from(new Uint32Array(buffer)),
  I16: (buffer) => Int32Array.from(new Int16Array(buffer)),
  U16: (buffer) => Int32Array.from(new Uint16Array(buffer)),
  I8: (buffer) => Int32Array.from(new Int8Array(buffer)),
  U8: (buffer) => new Uint8Array(buffer),
  BOOL: (buffer) => new Uint8Array(buffer),
};

function exact(values: BigInt64Array | BigUint64Array, name: string): Float64Array {
  const numbers = new Float64Array(values.length);
  values.forEach((value, i) => {
    numbers[i] = Number(value);
    if (!Number.isSafeInteger(numbers[i]))
      throw new NeuriteError(
        'data',
        `tensor "${name}" holds ${value}, which no JavaScript number holds exactly`,
      );
  });
  return numbers;
}
