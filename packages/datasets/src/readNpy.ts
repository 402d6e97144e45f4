// The NPY format, in which NumPy saves one array: a header in Python's notation, then numbers.
import { NeuriteError } from '@neurite/core';

/** An array of an NPY file, row-major. */
export interface NpyArray {
  /** Sizes of the axes, the slowest first. Empty for a single number. */
  readonly shape: number[];
  /** All numbers, row-major, whatever their order in the file. */
  readonly values: Uint8Array | Int32Array | Float32Array | Float64Array;
}

type Reader = (view: DataView, at: number, littleEndian: boolean) => number;

/** How the number types are read, by their code without the order of bytes. */
const readers: ReadonlyMap<string, Reader> = /* @__PURE__ */ new Map<string, Reader>([
  ['b1', (view, at) => view.getUint8(at)],
  ['u1', (view, at) => view.getUint8(at)],
  ['i1', (view, at) => view.getInt8(at)],
  ['u2', (view, at, little) => view.getUint16(at, little)],
  ['i2', (view, at, little) => view.getInt16(at, little)],
  ['u4', (view, at, little) => view.getUint32(at, little)],
  ['i4', (view, at, little) => view.getInt32(at, little)],
  ['u8', (view, at, little) => Number(view.getBigUint64(at, little))],
  ['i8', (view, at, little) => Number(view.getBigInt64(at, little))],
  ['f4', (view, at, little) => view.getFloat32(at, little)],
  ['f8', (view, at, little) => view.getFloat64(at, little)],
]);

/**
 * Reads an NPY file of version 1, 2 or 3. bool and uint8 become Uint8Array, float32 Float32Array and float64
 * Float64Array; whole numbers of any other size become Int32Array, or Float64Array where they do not fit.
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 *
 * @throws NeuriteError `data` that says what was wanted, what came and how to save it so that it can be read. Nothing is
 * allocated before the shape was found to agree with the number of bytes.
 * @example
 * const { shape, values } = readNpy(await readFile('inputs.npy')); // numpy.save('inputs.npy', inputs)
 */
export function readNpy(bytes: Uint8Array): NpyArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { header, begin } = headerOf(bytes, view);
  const { descr, fortranOrder, shape } = parseHeader(header);
  const code = descr.slice(1);
  const read = readers.get(code);
  if (!read || !/^[<>|=]$/.test(descr[0] as string)) {
    throw new NeuriteError(
      'data',
      `NPY of ${[...readers.keys()].join(', ')} can be read, but this has "${descr}": save it as array.astype("float32")`,
    );
  }
  const size = Number(code[1]);
  const count = shape.includes(0) ? 0 : shape.reduce((product, length) => product * length, 1);
  const wanted = begin + count * size;
  if (wanted !== bytes.length) {
    const mend =
      bytes.length < wanted
        ? 'the file is cut short, fetch it again'
        : 'the header is damaged or something follows';
    throw new NeuriteError(
      'data',
      `NPY of ${shape.join(' × ') || 1} ${code} numbers has ${wanted} bytes, but got ${bytes.length}: ${mend}`,
    );
  }
  // "=" and "|" say nothing: one byte has no order, and machines that are not little-endian are gone
  const littleEndian = descr[0] !== '>';
  const number = (i: number): number => read(view, begin + i * size, littleEndian);
  const inFile = fill(code, count, number);
  return { shape, values: fortranOrder ? rowMajor(inFile, shape) : inFile };
}

function headerOf(bytes: Uint8Array, view: DataView): { header: string; begin: number } {
  const magic = '\x93NUMPY';
  if (![...magic].every((letter, i) => bytes[i] === letter.charCodeAt(0))) {
    const zip = bytes[0] === 0x50 && bytes[1] === 0x4b;
    throw new NeuriteError(
      'data',
      `NPY begins with the bytes 93 "NUMPY", but this does not: ${zip ? 'it is a zip archive such as .npz, unpack it first' : 'it is another format'}`,
    );
  }
  const version = bytes[6] ?? 0;
  if (version < 1 || version > 3) {
    throw new NeuriteError('data', `NPY has the versions 1, 2 and 3, but this has ${version}`);
  }
  const begins = version === 1 ? 10 : 12;
  const length =
    bytes.length < begins
      ? Number.POSITIVE_INFINITY
      : version === 1
        ? view.getUint16(8, true)
        : view.getUint32(8, true);
  const begin = begins + length;
  if (bytes.length < begin) {
    throw new NeuriteError(
      'data',
      `NPY ends within its header, after ${bytes.length} bytes: the file is cut short, fetch it again`,
    );
  }
  return { header: new TextDecoder().decode(bytes.subarray(begins, begin)), begin };
}

/** `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`, its entries in any order. */
function parseHeader(header: string): { descr: string; fortranOrder: boolean; shape: number[] } {
  const descr = /'descr':\s*'([^']{2,20})'/.exec(header)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const sizes = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  const shape = sizes
    ?.split(',')
    .filter((size) => size.trim() !== '')
    .map(Number);
  if (descr === undefined || order === undefined || !shape?.every(Number.isSafeInteger)) {
    const fields = /'descr':\s*\[/.test(header);
    const mend = fields ? 'this has fields with names: save each as an array of its own' : 'this is damaged';
    throw new NeuriteError(
      'data',
      `NPY has a header with descr, fortran_order and shape, but this begins ${JSON.stringify(header.slice(0, 60))}: ${mend}`,
    );
  }
  return { descr, fortranOrder: order === 'True', shape };
}

function fill(code: string, count: number, number: (index: number) => number): NpyArray['values'] {
  if (code === 'u1' || code === 'b1') return new Uint8Array(count).map((_, i) => number(i));
  if (code === 'f4') return new Float32Array(count).map((_, i) => number(i));
  if (code === 'f8') return new Float64Array(count).map((_, i) => number(i));
  const whole = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const value = number(i);
    if (value !== (value | 0)) return new Float64Array(count).map((_, i) => exact(number(i), i));
    whole[i] = value;
  }
  return whole;
}

function exact(value: number, index: number): number {
  if (Number.isSafeInteger(value)) return value;
  throw new NeuriteError(
    'data',
    `NPY: number ${index} is about ${value}, more than float64 holds without rounding: save it as array.astype("float64")`,
  );
}

/** From column-major, where the first axis is the fastest. */
function rowMajor(values: NpyArray['values'], shape: readonly number[]): NpyArray['values'] {
  const turned = values.slice();
  const place = shape.map(() => 0);
  for (let i = 0; i < values.length; i++) {
    let at = 0;
    for (let axis = 0; axis < shape.length; axis++)
      at = at * (shape[axis] as number) + (place[axis] as number);
    turned[at] = values[i] as number;
    for (let axis = 0; axis < shape.length && ++(place[axis] as number) === shape[axis]; axis++)
      place[axis] = 0;
  }
  return turned;
}
