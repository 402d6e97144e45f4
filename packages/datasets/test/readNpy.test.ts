// What readNpy reads of files that NumPy 2.4 wrote, and how it complains.
import { NeuriteError } from '@neurite/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readNpy } from '../src/index.ts';

/** A file as NumPy writes it: magic, version, header padded to whole 64 bytes, numbers. */
function npy(dictionary: string, numbers: Uint8Array | string = '', version = 1): Uint8Array {
  const before = version === 1 ? 10 : 12;
  const header = `${dictionary.padEnd(64 * Math.ceil((before + dictionary.length + 1) / 64) - before - 1)}\n`;
  const lengths = Buffer.alloc(before - 8);
  lengths.writeUIntLE(header.length, 0, before - 8 > 2 ? 4 : 2);
  const body = typeof numbers === 'string' ? Buffer.from(numbers, 'hex') : numbers;
  return Uint8Array.from(
    Buffer.concat([
      Buffer.from('\x93NUMPY', 'latin1'),
      Buffer.of(version, 0),
      lengths,
      Buffer.from(header),
      body,
    ]),
  );
}
const array = (
  descr: string,
  shape: string,
  numbers: Uint8Array | string = '',
  order = 'False',
): Uint8Array => npy(`{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`, numbers);

function complaint(bytes: Uint8Array): string {
  try {
    readNpy(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(NeuriteError);
    expect((error as NeuriteError).code).toBe('data');
    return (error as Error).message;
  }
  return 'none';
}

describe('readNpy', () => {
  test('reads what NumPy wrote', () => {
    expect(readNpy(array('<f4', '(2, 2)', '0000c03f000000c00000404000008040'))).toEqual({
      shape: [2, 2],
      values: Float32Array.of(1.5, -2, 3, 4),
    });
    expect(readNpy(array('>f8', '(2,)', '3fd55555555555557e37e43c8800759c'))).toEqual({
      shape: [2],
      values: Float64Array.of(1 / 3, 1e300),
    });
    expect(readNpy(array('>i4', '(2,)', '0000000180000000')).values).toEqual(Int32Array.of(1, -(2 ** 31)));
    expect(readNpy(array('|u1', '(2,)', '00ff')).values).toEqual(Uint8Array.of(0, 255));
    expect(readNpy(array('|b1', '(2,)', '0100')).values).toEqual(Uint8Array.of(1, 0));
    expect(readNpy(array('<f8', '()', '0000000000001d40'))).toEqual({
      shape: [],
      values: Float64Array.of(7.25),
    });
    expect(readNpy(array('<f4', '(3, 0, 2)'))).toEqual({ shape: [3, 0, 2], values: new Float32Array(0) });
  });

  test('reads every version of the header', () => {
    for (const version of [1, 2, 3]) {
      const file = npy("{'descr': '<u2', 'fortran_order': False, 'shape': (2,), }", '01000200', version);
      expect(readNpy(file)).toEqual({ shape: [2], values: Int32Array.of(1, 2) });
    }
  });

  test('gives whole numbers of 8 bytes as int32 where they fit, exactly where they do not', () => {
    const small =
      '010000000000000002000000000000000300000000000000fcffffffffffffff0500000000000000ffffff7f00000000';
    expect(readNpy(array('<i8', '(2, 3)', small)).values).toEqual(Int32Array.of(1, 2, 3, -4, 5, 2 ** 31 - 1));
    expect(readNpy(array('<u4', '(1,)', 'ffffffff')).values).toEqual(Float64Array.of(2 ** 32 - 1));
    expect(complaint(array('<i8', '(1,)', 'ffffffffffffff7f'))).toBe(
      'NPY: number 0 is about 9223372036854776000, more than float64 holds without rounding: save it as array.astype("float64")',
    );
  });

  test('turns column-major arrays', () => {
    // numpy.asfortranarray(numpy.arange(24, dtype='<i2').reshape(2, 3, 4))
    const numbers =
      '00000c00040010000800140001000d00050011000900150002000e00060012000a00160003000f00070013000b001700';
    const { shape, values } = readNpy(array('<i2', '(2, 3, 4)', numbers, 'True'));
    expect(shape).toEqual([2, 3, 4]);
    expect([...values]).toEqual(Array.from({ length: 24 }, (_, i) => i));
  });

  test('reads a file that lies within a larger buffer, at any place', () => {
    const file = array('<f8', '(1,)', '0000000000001d40');
    for (let before = 0; before < 8; before++) {
      const within = Buffer.concat([Buffer.alloc(before), file, Buffer.alloc(3)]);
      expect(readNpy(within.subarray(before, before + file.length)).values).toEqual(Float64Array.of(7.25));
    }
  });

  test('says what is wrong with a file', () => {
    expect(complaint(new Uint8Array())).toMatch('NPY begins with the bytes 93 "NUMPY", but this does not');
    expect(complaint(Uint8Array.from(Buffer.from('PK\x03\x04')))).toContain('.npz, unpack it first');
    expect(complaint(array('<f2', '(1,)', '0000'))).toBe(
      'NPY of b1, u1, i1, u2, i2, u4, i4, u8, i8, f4, f8 can be read, but this has "<f2": save it as array.astype("float32")',
    );
    expect(complaint(array('<U3', '(1,)'))).toContain('but this has "<U3"');
    expect(
      complaint(npy("{'descr': [('a', '<i4'), ('b', '<f4')], 'fortran_order': False, 'shape': (1,), }")),
    ).toContain('this has fields with names: save each as an array of its own');
    expect(complaint(npy('{}'))).toContain('this is damaged');
    expect(complaint(npy('{}', '', 4))).toBe('NPY has the versions 1, 2 and 3, but this has 4');
    expect(complaint(array('<f4', '(2, 2)', '00000000'))).toBe(
      'NPY of 2 × 2 f4 numbers has 144 bytes, but got 132: the file is cut short, fetch it again',
    );
    expect(complaint(array('<f4', '(0,)', '00'))).toContain('the header is damaged or something follows');
    expect(complaint(array('<f4', '(99999999999999999999, 2)'))).toContain('this is damaged');
    expect(complaint(array('<f4', '(9007199254740991, 9007199254740991)'))).toContain('cut short');
  });

  test('complains of every file that was cut short, and of any bytes it complains or reads', () => {
    const file = array('<i2', '(2, 3)', '000001000200030004000500');
    for (let length = 0; length < file.length; length++)
      expect(complaint(file.subarray(0, length))).not.toBe('none');
    const damaged = fc.array(fc.record({ at: fc.nat({ max: 79 }), byte: fc.nat({ max: 255 }) }), {
      maxLength: 3,
    });
    fc.assert(
      fc.property(damaged, (changes) => {
        const bytes = file.slice();
        for (const { at, byte } of changes) bytes[at] = byte;
        try {
          expect(readNpy(bytes).values.length).toBeLessThanOrEqual(bytes.length);
        } catch (error) {
          expect(error).toBeInstanceOf(NeuriteError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
