// What readIdx reads, and how it complains.
import { NeuriteError } from '@neurite/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readIdx } from '../src/readIdx.ts';
import { type TypeName, writeIdx } from './writeIdx.ts';

const numbers: Record<TypeName, fc.Arbitrary<number>> = {
  uint8: fc.integer({ min: 0, max: 255 }),
  int8: fc.integer({ min: -128, max: 127 }),
  int16: fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 }),
  int32: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  float32: fc.float(),
  float64: fc.double(),
};
const arrayTypes = {
  uint8: Uint8Array,
  int8: Int32Array,
  int16: Int32Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
};
const typeNames = Object.keys(numbers) as TypeName[];

/** A file, and what is in it. */
const files = fc
  .record({ type: fc.constantFrom(...typeNames), shape: fc.array(fc.nat({ max: 4 }), { maxLength: 4 }) })
  .chain(({ type, shape }) => {
    const count = shape.reduce((product, size) => product * size, 1);
    return fc.record({
      type: fc.constant(type),
      shape: fc.constant(shape),
      values: fc.array(numbers[type], { minLength: count, maxLength: count }),
    });
  });

/** The error that reading `bytes` gives. */
function complaint(bytes: ArrayLike<number>): string {
  try {
    readIdx(Uint8Array.from(bytes));
  } catch (error) {
    expect(error).toBeInstanceOf(NeuriteError);
    expect((error as NeuriteError).code).toBe('data');
    return (error as Error).message;
  }
  return 'none';
}

describe('readIdx', () => {
  test('gives back what was written, for every type and shape', () => {
    fc.assert(
      fc.property(files, ({ type, shape, values }) => {
        const read = readIdx(writeIdx(type, shape, values));
        expect(read.shape).toEqual(shape);
        expect(read.values).toBeInstanceOf(arrayTypes[type]);
        expect([...read.values]).toEqual(values);
      }),
    );
  });

  test('reads a file that lies within a larger buffer, and gives a plain Uint8Array', () => {
    const file = writeIdx('uint8', [2, 2], [1, 2, 3, 4]);
    const within = Buffer.concat([Buffer.from([9, 9, 9]), file, Buffer.from([9])]).subarray(
      3,
      3 + file.length,
    );
    const { values } = readIdx(within);
    expect(values.constructor).toBe(Uint8Array);
    expect([...values]).toEqual([1, 2, 3, 4]);
    expect(values.buffer).toBe(within.buffer);
  });

  test('says what is wrong with a file', () => {
    expect(complaint([])).toBe(
      'IDX begins with 4 bytes (0, 0, type, axes), but got 0: the file is cut short, fetch it again',
    );
    expect(complaint([0x1f, 0x8b, 8, 0])).toBe(
      'IDX begins with the bytes 00 00, but got 1f 8b: this is gzip, unpack it first',
    );
    expect(complaint([0x89, 0x50, 0x4e, 0x47])).toBe(
      'IDX begins with the bytes 00 00, but got 89 50: this is another format',
    );
    expect(complaint([0, 0, 0x0a, 1])).toBe(
      'IDX has the number types 08 (uint8), 09 (int8), 0b (int16), 0c (int32), 0d (float32), 0e (float64), but the third byte is 0a',
    );
    expect(complaint([0, 0, 8, 3, 0, 0, 0, 1])).toBe(
      'IDX with 3 axes has a header of 16 bytes, but got 8: the file is cut short, fetch it again',
    );
    expect(complaint(writeIdx('int16', [60_000, 28, 28], [1, 2, 3]))).toBe(
      'IDX of 60000 × 28 × 28 int16 numbers has 94080016 bytes, but got 22: the file is cut short, fetch it again',
    );
    expect(complaint(writeIdx('uint8', [2], [1, 2, 3]))).toBe(
      'IDX of 2 uint8 numbers has 10 bytes, but got 11: 1 too many, so the header is damaged or something follows',
    );
    expect(complaint(writeIdx('float64', [2 ** 32 - 1, 2 ** 32 - 1], []))).toBe(
      'IDX of 4294967295 × 4294967295 numbers is more than any file can hold: the header is damaged',
    );
    expect(complaint(writeIdx('uint8', Array(255).fill(2 ** 32 - 1), []))).toContain(
      '× … (255 axes) numbers is more',
    );
  });

  test('complains of every file that was cut short or has a byte too many', () => {
    fc.assert(
      fc.property(files, fc.nat(), ({ type, shape, values }, cut) => {
        const file = writeIdx(type, shape, values);
        expect(complaint(file.subarray(0, cut % file.length))).toContain('cut short');
        expect(complaint([...file, 0])).toContain('too many');
      }),
    );
  });

  test('of a damaged header, it complains or reads no more than there is', () => {
    const damaged = fc.record({
      file: files,
      header: fc.array(fc.record({ at: fc.nat(), byte: fc.nat({ max: 255 }) }), {
        minLength: 1,
        maxLength: 4,
      }),
    });
    fc.assert(
      fc.property(damaged, ({ file: { type, shape, values }, header }) => {
        const bytes = writeIdx(type, shape, values);
        for (const { at, byte } of header) bytes[at % (4 + 4 * shape.length)] = byte;
        try {
          expect(readIdx(bytes).values.length).toBeLessThanOrEqual(bytes.length);
        } catch (error) {
          // not a RangeError of an array that was too large
          expect(error).toBeInstanceOf(NeuriteError);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('of any bytes, it complains or reads', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.boolean(), (bytes, begin) => {
        if (begin) bytes.fill(0, 0, 2);
        try {
          readIdx(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(NeuriteError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
