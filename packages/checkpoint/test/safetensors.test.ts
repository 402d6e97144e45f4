// The format against files of the reference implementation, and against files that lie.
import { NeuriteError } from '@neurite/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSafetensors, writeSafetensors } from '../src/index.ts';
import * as reference from './referenceFiles.ts';

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, 'base64'));
const read = (base64: string) => readSafetensors(bytesOf(base64));

describe('files of the reference implementation', () => {
  test('every element type comes with all its digits', () => {
    const { tensors, metadata } = read(reference.everyType);
    const doubles = [0.5, -2, 3.25, 1e-3, -0, 65504];
    const expected = {
      F64: [[2, 3], Float64Array.from(doubles)],
      F32: [[2, 3], Float32Array.from(doubles)],
      F16: [[2, 3], Float32Array.of(0.5, -2, 3.25, 1049 * 2 ** -20, -0, 65504)],
      I64: [[3], Float64Array.of(0, -1, 2 ** 53 - 1)],
      U64: [[3], Float64Array.of(0, 1, 2 ** 53 - 1)],
      I32: [[3], Int32Array.of(0, -1, 2 ** 31 - 1)],
      U32: [[3], Float64Array.of(0, 1, 2 ** 32 - 1)],
      I16: [[3], Int32Array.of(0, -1, 2 ** 15 - 1)],
      U16: [[3], Int32Array.of(0, 1, 2 ** 16 - 1)],
      I8: [[3], Int32Array.of(0, -1, 127)],
      U8: [[3], Uint8Array.of(0, 1, 255)],
      BOOL: [[3], Uint8Array.of(1, 0, 1)],
      single: [[], Float32Array.of(7)],
      empty: [[0, 3], new Float32Array(0)],
    };
    const found = [...tensors].map(([name, tensor]) => [name, [tensor.shape, tensor.numbers()]]);
    expect(Object.fromEntries(found)).toEqual(expected);
    expect(Object.fromEntries(metadata)).toEqual({
      who: 'the reference implementation',
      läuft: '日本語 "\\\n',
    });
  });

  test('the numbers of 16 bits, to the smallest and beyond the largest', () => {
    const { tensors } = read(reference.bfloat16);
    expect(tensors.get('BF16')?.numbers()).toEqual(Float32Array.of(1, -2, Number.POSITIVE_INFINITY));
    const [smallest, infinity] = [2 ** -24, Number.POSITIVE_INFINITY];
    expect(read(reference.halves).tensors.get('halves')?.numbers()).toEqual(
      Float32Array.of(
        0,
        -0,
        smallest,
        -1023 * smallest,
        2 ** -14,
        1,
        -2,
        65504,
        infinity,
        -infinity,
        Number.NaN,
      ),
    );
  });

  test('a file may hold nothing', () => {
    expect(read(reference.none)).toEqual({ tensors: new Map(), metadata: new Map() });
  });

  test('the same tensors make the same file, to the last byte', () => {
    const written = writeSafetensors(
      [
        ['d', { shape: [3], numbers: Uint8Array.of(1, 2, 3) }],
        ['b.weight', { shape: [2, 2], numbers: Float32Array.of(0.1, 0.2, 0.3, 0.4) }],
        ['a', { shape: [1, 2], numbers: Float64Array.of(1.5, -2.5) }],
        ['c', { shape: [1], numbers: Int32Array.of(-7) }],
      ],
      { neurite: '{"version":1}' },
    );
    expect(written).toEqual(bytesOf(reference.written));
  });
});

test('what is written is read again, wherever in memory the file lies', () => {
  const floats = { noNaN: false, maxLength: 6 };
  const numbers = fc.oneof(
    fc.float32Array(floats),
    fc.float64Array(floats),
    fc.int32Array({ maxLength: 6 }),
    fc.uint8Array({ maxLength: 6 }),
  );
  const name = fc
    .string({ unit: 'grapheme', maxLength: 8 })
    .filter((text) => !['__metadata__', '__proto__', 'constructor', 'prototype'].includes(text));
  const names = fc.uniqueArray(fc.tuple(name, numbers), { selector: ([text]) => text, maxLength: 6 });
  fc.assert(
    fc.property(names, fc.nat(8), (all, offset) => {
      const file = writeSafetensors(all.map(([key, each]) => [key, { shape: [each.length], numbers: each }]));
      const shifted = Buffer.alloc(file.length + offset).subarray(offset);
      shifted.set(file);
      const { tensors } = readSafetensors(shifted);
      const found = [...tensors].map(([key, tensor]) => [key, tensor.numbers()]);
      expect(new Map(found as never)).toEqual(new Map(all));
    }),
  );
});

/** A file with this header, and so many bytes behind it. */
function file(header: string, bytes = 0, length = Buffer.byteLength(header)): Uint8Array {
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(length));
  return new Uint8Array(Buffer.concat([prefix, Buffer.from(header), Buffer.alloc(bytes)]));
}

const entry = (dtype: string, shape: readonly unknown[], begin: number, end: number): string =>
  `{"dtype":"${dtype}","shape":${JSON.stringify(shape)},"data_offsets":[${begin},${end}]}`;
const three = entry('F32', [3], 0, 12);

test.each<[string, Uint8Array, RegExp]>([
  ['nothing', new Uint8Array(0), /it has only 0 bytes/],
  ['half of a length', new Uint8Array(7), /it has only 7 bytes/],
  ['a length without a header', file('', 0, 2), /says that its header has 2 bytes, but only 0 follow/],
  ['a length of 2⁶⁴ − 1', new Uint8Array(64).fill(255), /18446744073709552000 bytes, but only 56 follow/],
  ['a header of no length', file(''), /does not begin with \{/],
  ['space before the header', file(' {}'), /does not begin with \{/],
  ['no UTF-8', new Uint8Array([2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0xff]), /is no UTF-8/],
  ['a header that is cut off', file('{"a":'), /header.a is no JSON: it ends too early at character 5/],
  ['more than a header', file('{} {}'), /header is no JSON: unexpected "\{" at character 3/],
  ['a comma too many', file('{"a":1,}'), /header is no JSON: unexpected "}"/],
  ['a number with a zero in front', file('{"a":01}'), /header is no JSON: unexpected "1"/],
  ['a tab in a name', file('{"a\tb":1}'), /header is no JSON: unexpected "\\""/],
  ['a tensor that is a number', file('{"a":1}'), /header.a must be an object, but got 1/],
  [
    'a tensor without a shape',
    file('{"a":{"dtype":"F32"}}'),
    /header.a.shape must be a list, but got nothing/,
  ],
  [
    'a field that is unknown',
    file(`{"a":${three.replace('{', '{"stride":[1],')}}`, 12),
    /header.a.stride is unknown/,
  ],
  [
    'a number among the metadata',
    file('{"__metadata__":{"a":1}}'),
    /header.__metadata__.a must be a text, but got 1/,
  ],
  ['two tensors of one name', file(`{"w":${three},"w":${three}}`, 12), /header has two "w"/],
  ['a name that is written in two ways', file(`{"w":${three},"\\u0077":${three}}`, 12), /header has two "w"/],
  ['a name of JavaScript’s own', file(`{"__proto__":${three}}`, 12), /header has the key "__proto__"/],
  [
    'another such name',
    file(`{"__metadata__":{"constructor":"a"}}`),
    /header.__metadata__ has the key "constructor"/,
  ],
  [
    'an unknown type',
    file(`{"w":${entry('F8_E4M3', [3], 0, 3)}}`, 3),
    /header.w.dtype is "F8_E4M3", but those read are F64/,
  ],
  [
    'a type of JavaScript’s own',
    file(`{"w":${entry('toString', [3], 0, 3)}}`, 3),
    /header.w.dtype is "toString"/,
  ],
  [
    'a negative size',
    file(`{"w":${entry('F32', [-3], 0, 12)}}`, 12),
    /header.w.shape\[0\] must be a whole number from 0/,
  ],
  [
    'half of a size',
    file(`{"w":${entry('F32', [1.5], 0, 6)}}`, 6),
    /header.w.shape\[0\] must be a whole number from 0/,
  ],
  [
    'a size beyond all numbers',
    file(`{"w":${entry('F32', [3], 0, 12).replace('[3]', '[1e999]')}}`, 12),
    /header.w.shape\[0\] is 1e999, beyond/,
  ],
  [
    'a shape that overflows',
    file(`{"w":${entry('U8', [2 ** 32, 2 ** 32], 0, 0)}}`),
    /header.w.shape has too many elements/,
  ],
  [
    'a shape that overflows and is empty',
    file(`{"w":${entry('U8', [2 ** 52, 2 ** 52, 0], 0, 0)}}`),
    /header.w.shape has too many/,
  ],
  [
    'fewer bytes than the shape',
    file(`{"w":${entry('F32', [4], 0, 12)}}`, 12),
    /header.w: F32 \[4\] takes 16 bytes, but its data_offsets hold 12/,
  ],
  [
    'offsets beyond the end',
    file(`{"w":${entry('F32', [4], 0, 16)}}`, 12),
    /header.w.data_offsets must be \[begin, end\] within the 12 bytes/,
  ],
  [
    'offsets the other way around',
    file(`{"w":${entry('F32', [0], 12, 0)}}`, 12),
    /header.w.data_offsets must be/,
  ],
  [
    'three offsets',
    file(`{"w":${three.replace('[0,12]', '[0,12,12]')}}`, 12),
    /header.w.data_offsets must be/,
  ],
  [
    'tensors that overlap',
    file(`{"a":${entry('U8', [8], 0, 8)},"b":${entry('U8', [8], 4, 12)}}`, 12),
    /header.b.data_offsets overlaps the tensor before it/,
  ],
  ['a tensor twice', file(`{"a":${three},"b":${three}}`, 12), /header.b.data_offsets overlaps/],
  [
    'a gap',
    file(`{"a":${entry('U8', [4], 0, 4)},"b":${entry('U8', [4], 8, 12)}}`, 12),
    /header.b.data_offsets leaves a gap/,
  ],
  [
    'bytes that are nobody’s',
    file(`{"w":${three}}`, 13),
    /13 bytes follow its header, but its tensors take 12/,
  ],
  ['lists within lists', file(`{"a":${'['.repeat(100_000)}`), /nested in more than 64 others/],
])('refused: %s', (_, bytes, message) => {
  expect(() => readSafetensors(bytes)).toThrow(NeuriteError);
  expect(() => readSafetensors(bytes)).toThrow(message);
});

test('a header beyond 16 MiB is not even looked at', () => {
  const bytes = new Uint8Array(2 ** 24 + 64);
  new DataView(bytes.buffer).setUint32(0, 2 ** 24 + 8, true);
  expect(() => readSafetensors(bytes)).toThrow(
    /its header has 16777224 bytes, more than the 16777216 that are read/,
  );
});

test('integers that no JavaScript number holds are refused when they are asked for', () => {
  const bytes = file(`{"w":${entry('I64', [2], 0, 16)}}`, 16);
  new DataView(bytes.buffer).setBigInt64(bytes.length - 8, 2n ** 53n, true);
  const { tensors } = readSafetensors(bytes);
  expect(() => tensors.get('w')?.numbers()).toThrow(/tensor "w" holds 9007199254740992/);
});

test('what cannot be read again is not written', () => {
  const one = { shape: [1], numbers: Float32Array.of(1) };
  expect(() =>
    writeSafetensors([
      ['w', one],
      ['w', one],
    ]),
  ).toThrow('two tensors are called "w"');
  expect(() => writeSafetensors([['__metadata__', one]])).toThrow('no tensor may be called "__metadata__"');
  expect(() => writeSafetensors([['__proto__', one]])).toThrow('no tensor may be called "__proto__"');
  expect(() => writeSafetensors([['w', { shape: [2, 2], numbers: one.numbers }]])).toThrow(
    '"w" [2, 2] has 4 numbers, but got 1',
  );
  const wide = { shape: [1], numbers: [1] as unknown as Float32Array };
  expect(() => writeSafetensors([['w', wide]])).toThrow('numbers must be a Float32Array');
});
