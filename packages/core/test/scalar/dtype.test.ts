import { describe, expect, it } from 'vitest';
import { combine, sameAffine, shift } from '../../src/scalar/affine.ts';
import { byteSize, convertArray, type DType, dtypeOf, newArray, viewArray } from '../../src/scalar/dtype.ts';
import { convert } from '../../src/scalar/operations.ts';

const dtypes: [DType, number][] = [
  ['float32', 4],
  ['float64', 8],
  ['int32', 4],
  ['uint8', 1],
];

describe('dtypes', () => {
  it.each(dtypes)('%s has arrays of its own, %d bytes an element', (dtype, bytes) => {
    expect(byteSize(dtype)).toBe(bytes);
    const array = newArray(dtype, 3);
    expect(array.byteLength).toBe(3 * bytes);
    expect(dtypeOf(array)).toBe(dtype);
    expect(dtypeOf(viewArray(dtype, new ArrayBuffer(64), 8, 2))).toBe(dtype);
  });

  it.each(dtypes)('%s converts single numbers as its arrays do', (dtype) => {
    const numbers = [0, 1.5, -1.5, 255, 256, -1, 0.1, 1e10, 2 ** 31];
    expect(numbers.map((value) => convert(value, dtype))).toEqual(Array.from(convertArray(dtype, numbers)));
  });

  it('clamped bytes are bytes, and other arrays have no dtype', () => {
    expect(dtypeOf(new Uint8ClampedArray(1))).toBe('uint8');
    for (const other of [new Int16Array(1), new BigInt64Array(1), [1], 'text', null])
      expect(dtypeOf(other)).toBeUndefined();
  });
});

describe('affine sums', () => {
  it('add up with factors, and shift', () => {
    const sum = combine(
      [
        { offset: 1, strides: [1, 0] },
        { offset: 2, strides: [0, 3] },
      ],
      [10, 1],
      2,
    );
    expect(sum).toEqual({ offset: 12, strides: [10, 3] });
    expect(shift(sum, 5)).toEqual({ offset: 17, strides: [10, 3] });
    expect(combine([], [], 2)).toEqual({ offset: 0, strides: [0, 0] });
  });

  it('are the same where offset and strides are', () => {
    const sum = { offset: 1, strides: [2] };
    expect(sameAffine(sum, { offset: 1, strides: [2] })).toBe(true);
    expect(sameAffine(sum, { offset: 0, strides: [2] })).toBe(false);
    expect(sameAffine(sum, { offset: 1, strides: [3] })).toBe(false);
    expect(sameAffine(sum, { offset: 1, strides: [2, 0] })).toBe(false);
  });
});
