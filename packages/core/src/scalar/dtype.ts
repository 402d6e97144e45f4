// Element types and the typed arrays that hold them.

/** Element type. `float64` is for gradient checks and references; `uint8` for pixels and truth values. */
export type DType = 'float32' | 'float64' | 'int32' | 'uint8';

/** Plain numbers as they come from and go to the outside. */
export type NumberArray = Float32Array | Float64Array | Int32Array | Uint8Array;

const arrays = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  uint8: Uint8Array,
} as const;

/** Bytes of one element. */
export const byteSize = (dtype: DType): number => arrays[dtype].BYTES_PER_ELEMENT;

export const isFloat = (dtype: DType): boolean => dtype === 'float32' || dtype === 'float64';

/** A zeroed array of `length` elements. */
export const newArray = (dtype: DType, length: number): NumberArray => new arrays[dtype](length);

/** A window of `length` elements on `buffer`, `byteOffset` bytes from its start. */
export const viewArray = (
  dtype: DType,
  buffer: ArrayBufferLike,
  byteOffset: number,
  length: number,
): NumberArray => new arrays[dtype](buffer as ArrayBuffer, byteOffset, length);

/** A new array of `dtype` with the same numbers, converted as JavaScript converts on storing. */
export function convertArray(dtype: DType, values: ArrayLike<number>): NumberArray {
  const result = newArray(dtype, values.length);
  result.set(values);
  return result;
}

/** Undefined where `values` is no typed array that has a dtype. */
export function dtypeOf(values: unknown): DType | undefined {
  if (values instanceof Float32Array) return 'float32';
  if (values instanceof Float64Array) return 'float64';
  if (values instanceof Int32Array) return 'int32';
  return values instanceof Uint8Array || values instanceof Uint8ClampedArray ? 'uint8' : undefined;
}
