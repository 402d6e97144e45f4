// The IDX format, in which MNIST and its relatives come: a header with the sizes, then numbers, all big-endian.
import { NeuriteError } from '@neurite/core';

/** An array of an IDX file. */
export interface IdxArray {
  /** Sizes of the axes, the slowest first: [60000, 28, 28]. Empty for a single number. */
  readonly shape: number[];
  /** All numbers, row-major. int8 and int16 come as int32; uint8 is a view of the bytes that were given, not a copy. */
  readonly values: Uint8Array | Int32Array | Float32Array | Float64Array;
}

interface NumberType {
  readonly name: string;
  /** Bytes of one number. */
  readonly size: number;
  /** `count` numbers, which begin at `offset`. */
  readonly read: (view: DataView, offset: number, count: number) => IdxArray['values'];
}

/** The number types by their code, the third byte of a file. */
const numberTypes: ReadonlyMap<number, NumberType> = /* @__PURE__ */ new Map<number, NumberType>([
  [
    0x08,
    {
      name: 'uint8',
      size: 1,
      read: (v, offset, count) => new Uint8Array(v.buffer, v.byteOffset + offset, count),
    },
  ],
  [
    0x09,
    {
      name: 'int8',
      size: 1,
      read: (v, offset, count) => fill(new Int32Array(count), (i) => v.getInt8(offset + i)),
    },
  ],
  [
    0x0b,
    {
      name: 'int16',
      size: 2,
      read: (v, offset, count) => fill(new Int32Array(count), (i) => v.getInt16(offset + 2 * i)),
    },
  ],
  [
    0x0c,
    {
      name: 'int32',
      size: 4,
      read: (v, offset, count) => fill(new Int32Array(count), (i) => v.getInt32(offset + 4 * i)),
    },
  ],
  [
    0x0d,
    {
      name: 'float32',
      size: 4,
      read: (v, offset, count) => fill(new Float32Array(count), (i) => v.getFloat32(offset + 4 * i)),
    },
  ],
  [
    0x0e,
    {
      name: 'float64',
      size: 8,
      read: (v, offset, count) => fill(new Float64Array(count), (i) => v.getFloat64(offset + 8 * i)),
    },
  ],
]);

function fill<Numbers extends Int32Array | Float32Array | Float64Array>(
  numbers: Numbers,
  at: (index: number) => number,
): Numbers {
  for (let i = 0; i < numbers.length; i++) numbers[i] = at(i);
  return numbers;
}

/**
 * Reads an IDX file: two zero bytes, the type, the number of axes, their sizes (four bytes each), then the numbers.
 * http://yann.lecun.com/exdb/mnist describes it.
 *
 * @throws NeuriteError `data` that says what was wanted and what came. Nothing is allocated before the sizes were found
 * to agree with the number of bytes.
 *
 * @example
 * const { shape, values } = readIdx(new Uint8Array(await response.arrayBuffer())); // [60000, 28, 28], Uint8Array
 */
export function readIdx(bytes: Uint8Array): IdxArray {
  if (bytes.length < 4) throw truncated('begins with 4 bytes (0, 0, type, axes)', bytes);
  const [first, second, code, axes] = bytes as unknown as [number, number, number, number];
  if (first === 0x1f && second === 0x8b) {
    throw new NeuriteError(
      'data',
      'IDX begins with the bytes 00 00, but got 1f 8b: this is gzip, unpack it first',
    );
  }
  if (first !== 0 || second !== 0) {
    throw new NeuriteError(
      'data',
      `IDX begins with the bytes 00 00, but got ${hex(first)} ${hex(second)}: this is another format`,
    );
  }
  const type = numberTypes.get(code);
  if (!type) {
    const known = [...numberTypes].map(([known, { name }]) => `${hex(known)} (${name})`);
    throw new NeuriteError(
      'data',
      `IDX has the number types ${known.join(', ')}, but the third byte is ${hex(code)}`,
    );
  }
  const header = 4 + 4 * axes;
  if (bytes.length < header) throw truncated(`with ${axes} axes has a header of ${header} bytes`, bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
  const count = shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, 1);
  const wanted = header + count * type.size;
  if (!Number.isSafeInteger(wanted)) {
    throw new NeuriteError(
      'data',
      `IDX of ${printSizes(shape)} numbers is more than any file can hold: the header is damaged`,
    );
  }
  const what = `of ${printSizes(shape)} ${type.name} numbers has ${wanted} bytes`;
  if (bytes.length < wanted) throw truncated(what, bytes);
  if (bytes.length > wanted) {
    throw new NeuriteError(
      'data',
      `IDX ${what}, but got ${bytes.length}: ${bytes.length - wanted} too many, so the header is damaged or something follows`,
    );
  }
  return { shape, values: type.read(view, header, count) };
}

function truncated(what: string, { length }: Uint8Array): NeuriteError {
  return new NeuriteError('data', `IDX ${what}, but got ${length}: the file is cut short, fetch it again`);
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

/** The sizes, without the middle of a long (and then surely damaged) list. */
const printSizes = (shape: readonly number[]): string =>
  shape.length > 8 ? `${shape.slice(0, 8).join(' × ')} × … (${shape.length} axes)` : shape.join(' × ') || '1';
