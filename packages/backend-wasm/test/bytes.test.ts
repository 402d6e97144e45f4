import { describe, expect, it } from 'vitest';
import { float32, float64, list, section, signed, text, unsigned } from '../src/bytes.ts';
import { Reader } from '../src/reader.ts';

const read = (bytes: readonly number[]): Reader => new Reader(Uint8Array.from(bytes));

describe('numbers as WebAssembly writes them', () => {
  it('take seven bits a byte', () => {
    expect(unsigned(0)).toEqual([0]);
    expect(unsigned(127)).toEqual([127]);
    expect(unsigned(128)).toEqual([128, 1]);
    expect(unsigned(624485)).toEqual([0xe5, 0x8e, 0x26]); // the example of the DWARF standard
    expect(unsigned(2 ** 32 - 1)).toEqual([255, 255, 255, 255, 15]);
    expect(signed(0)).toEqual([0]);
    expect(signed(-1)).toEqual([0x7f]);
    expect(signed(63)).toEqual([63]);
    expect(signed(64)).toEqual([0xc0, 0]);
    expect(signed(-64)).toEqual([0x40]);
    expect(signed(-65)).toEqual([0xbf, 0x7f]);
    expect(signed(-123456)).toEqual([0xc0, 0xbb, 0x78]);
    expect(signed(-(2 ** 31))).toEqual([0x80, 0x80, 0x80, 0x80, 0x78]);
  });

  it('are read back', () => {
    for (const power of Array.from({ length: 33 }, (_, i) => 2 ** i)) {
      for (const value of [power - 1, power, power + 1].filter((each) => each < 2 ** 32)) {
        expect(read(unsigned(value)).unsigned()).toBe(value);
        expect(read(signed(value)).signed()).toBe(value | 0);
        expect(read(signed(-value)).signed()).toBe(-value | 0);
      }
    }
    for (const value of [0, -0, 1.5, -1e-45, Number.POSITIVE_INFINITY, Number.NaN]) {
      expect(read(float32(value)).float32()).toBe(Math.fround(value));
      expect(read(float64(value)).float64()).toBe(value);
    }
  });

  it('stand before lists, sections and texts', () => {
    expect(list([[1, 2], [3]])).toEqual([2, 1, 2, 3]);
    expect(section(7, [1, 2, 3])).toEqual([7, 3, 1, 2, 3]);
    expect(read(text('∂hidden1 → w')).text()).toBe('∂hidden1 → w');
  });
});
