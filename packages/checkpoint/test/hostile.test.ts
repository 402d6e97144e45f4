// Ten thousand files that were changed at random: each is refused with one clear error, or is a checkpoint.
import { NeuriteError } from '@neurite/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decode, encode, networkOf } from '../src/index.ts';
import { leftInTheMiddle, plugins } from './trainings.ts';

const original = await encode(await leftInTheMiddle(), {
  classNames: ['a', 'b'],
  statistics: { mean: [1, 2] },
});
const headerLength = new DataView(original.buffer).getUint32(0, true);
const header = new TextDecoder().decode(original.subarray(8, 8 + headerLength)).trimEnd();
const data = original.subarray(8 + headerLength);

/** A file with another header, whose length is right. */
function withHeader(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  const file = new Uint8Array(8 + bytes.length + data.length);
  new DataView(file.buffer).setUint32(0, bytes.length, true);
  file.set(bytes, 8);
  file.set(data, 8 + bytes.length);
  return file;
}

const flips = fc
  .array(fc.tuple(fc.nat(original.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
  .map((changes) => {
    const file = original.slice();
    for (const [at, byte] of changes) file[at] = byte;
    return file;
  });
const headerFlips = fc
  .tuple(fc.nat(8 + headerLength), fc.integer({ min: 0x20, max: 0x7e }))
  .map(([at, byte]) => {
    const file = original.slice();
    file[at] = byte;
    return file;
  });
const truncated = fc.nat(original.length - 1).map((length) => original.slice(0, length));
const longer = fc
  .uint8Array({ minLength: 1, maxLength: 9 })
  .map((more) => Uint8Array.of(...original, ...more));
const lengths = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((length) => {
  const file = original.slice();
  new DataView(file.buffer).setBigUint64(0, length, true);
  return file;
});
const junk = fc.uint8Array({ maxLength: 64 });

/** What hostile people write where there was a number, or a word. */
const hostileValues = fc.constantFrom(
  '-1',
  '-0',
  '0',
  '0.5',
  '1e9',
  '2147483648',
  '4294967296',
  '9007199254740993',
  '1e999',
  'null',
  'true',
  '[]',
  '{}',
  '[[[[[[]]]]]]',
  '""',
  '"__proto__"',
  '{"__proto__":1}',
  '{"constructor":{"prototype":1}}',
  '"toString"',
  '"\\ud800"',
  'NaN',
  '-',
  '{"type":"unitsOf"}',
);
const [numbers, words] = [/-?\d+(?:\.\d+)?/g, /\\?"[^"\\]*\\?"/g].map((pattern) => [
  ...header.matchAll(pattern),
]) as [RegExpExecArray[], RegExpExecArray[]];
const edited = fc.tuple(fc.constantFrom(...numbers, ...words), hostileValues).map(
  ([
    {
      0: { length },
      index,
    },
    value,
  ]) => {
    const escaped = header[index] === '\\' ? value.replaceAll('"', '\\"') : value;
    return withHeader(header.slice(0, index) + escaped + header.slice(index + length));
  },
);
/** Two words of the header in each other's places. */
const swapped = fc.tuple(fc.constantFrom(...words), fc.constantFrom(...words)).map(([one, two]) => {
  const [first, second] = one.index < two.index ? [one, two] : [two, one];
  const between = header.slice(first.index + first[0].length, second.index);
  if (first === second) return original;
  const rest = header.slice(second.index + second[0].length);
  return withHeader(header.slice(0, first.index) + second[0] + between + first[0] + rest);
});
/** A piece of the header again, or left out. */
const pieces = fc
  .tuple(fc.nat(header.length), fc.nat(80), fc.nat(2))
  .map(([at, length, times]) =>
    withHeader(header.slice(0, at) + header.slice(at, at + length).repeat(times) + header.slice(at + length)),
  );

/** Reads all of it; true where it is a checkpoint. */
function isCheckpoint(file: Uint8Array): boolean {
  try {
    const checkpoint = decode(file);
    const tensors = [checkpoint.parameters, checkpoint.layerState, checkpoint.training?.memory ?? {}];
    for (const tensor of tensors.flatMap((each) => Object.values(each))) tensor.numbers();
    networkOf(checkpoint, plugins);
    return true;
  } catch (error) {
    if (!(error instanceof NeuriteError) || error.code === 'internal') throw error;
    expect(error.message.length).toBeLessThan(600);
    return false;
  }
}

test('a changed file is refused by one clear error, or is a checkpoint', () => {
  let good = 0;
  const sort = fc.oneof(
    flips,
    headerFlips,
    truncated,
    longer,
    lengths,
    junk,
    edited,
    edited,
    swapped,
    pieces,
  );
  fc.assert(
    fc.property(sort, (file) => {
      if (isCheckpoint(file)) good++;
    }),
    { numRuns: 10_000 },
  );
  expect(good).toBeGreaterThan(100); // changed numbers, for the most part
  expect(good).toBeLessThan(5_000);
  expect(Object.keys(Object.prototype)).toEqual([]);
});

test('every length of a file that is cut off is refused', () => {
  for (let length = 0; length < original.length; length++)
    expect(isCheckpoint(original.subarray(0, length))).toBe(false);
});

test('what a file claims is not believed: nothing large is allocated', () => {
  const huge = [
    header.replace('"shape":[2,3]', '"shape":[2,4503599627370496]'),
    header.replace('"data_offsets":[0,', '"data_offsets":[0,9007199254740991'),
    header.replace(/\\"units\\":\d/, '\\"units\\":1000000'),
    header.replace(/\\"rows\\":\d+/, '\\"rows\\":9007199254740991'),
  ];
  const before = process.memoryUsage();
  for (let i = 0; i < 50; i++) for (const text of huge) isCheckpoint(withHeader(text));
  const after = process.memoryUsage();
  expect(huge).not.toContain(header);
  expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(2 ** 24);
});
