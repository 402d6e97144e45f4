// The safetensors format, written: https://github.com/huggingface/safetensors#format.
import { NeuriteError, type NumberArray, printShape, type Shape, sizeOf } from '@neurite/core';
import { isReserved } from '../json/json.ts';
import { longestHeader } from './readSafetensors.ts';
import { elementSizes, type TensorType } from './tensor.ts';

/** A tensor to be written. Float32Array becomes F32, Float64Array F64, Int32Array I32, Uint8Array U8. */
export interface TensorNumbers {
  readonly shape: Shape;
  /** Row-major. */
  readonly numbers: NumberArray;
}

/** Bytes in memory of their own: `Uint8Array<ArrayBuffer>`, said so that compilers before TypeScript 5.7 read it too. */
export type Bytes = ReturnType<Uint8Array['slice']>;

/**
 * A safetensors file. As in the reference implementation the widest elements come first and the header is padded, so that
 * every tensor lies at a multiple of its element's size.
 *
 * @param tensors by name: a Map, or `Object.entries` of an object.
 * @param metadata texts by name.
 * @throws NeuriteError `name` where two tensors are called the same or a name is reserved; `shape` where numbers do not
 * fill the shape.
 *
 * @example
 * const bytes = writeSafetensors([['weight', { shape: [2, 2], numbers: new Float32Array([1, 2, 3, 4]) }]]);
 */
export function writeSafetensors(
  tensors: Iterable<readonly [name: string, tensor: TensorNumbers]>,
  metadata: Readonly<Record<string, string>> = {},
): Bytes {
  const entries = [...tensors].map(([name, { shape, numbers }]) => ({
    name,
    shape,
    numbers,
    type: typeOf(numbers),
  }));
  const seen = new Set(['__metadata__']);
  for (const { name, shape, numbers } of entries) {
    if (seen.has(name) || isReserved(name)) {
      const why = seen.has(name) && name !== '__metadata__' ? 'two tensors are' : 'no tensor may be';
      throw new NeuriteError('name', `safetensors: ${why} called "${name}"`);
    }
    seen.add(name);
    if (sizeOf(shape) === numbers.length) continue;
    throw new NeuriteError(
      'shape',
      `safetensors: "${name}" ${printShape(shape)} has ${sizeOf(shape)} numbers, but got ${numbers.length}`,
    );
  }
  entries.sort((a, b) => elementSizes[b.type] - elementSizes[a.type]);

  let length = 0;
  const lines = entries.map(({ name, shape, numbers, type }) => {
    const begin = length;
    length += numbers.byteLength;
    return `${JSON.stringify(name)}:${JSON.stringify({ dtype: type, shape, data_offsets: [begin, length] })}`;
  });
  if (Object.keys(metadata).length > 0) lines.unshift(`"__metadata__":${JSON.stringify(metadata)}`);
  const text = new TextEncoder().encode(`{${lines.join(',')}}`);
  const header = Math.ceil(text.length / 8) * 8;
  if (header > longestHeader)
    throw new NeuriteError(
      'data',
      `safetensors: names and metadata take ${header} bytes, more than ${longestHeader}`,
    );

  const file = new Uint8Array(8 + header + length);
  new DataView(file.buffer).setUint32(0, header, true);
  file.set(text, 8);
  file.fill(0x20, 8 + text.length, 8 + header); // spaces
  let at = 8 + header;
  for (const { numbers } of entries) {
    file.set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength), at);
    at += numbers.byteLength;
  }
  return file;
}

function typeOf(numbers: NumberArray): TensorType {
  if (numbers instanceof Float32Array) return 'F32';
  if (numbers instanceof Float64Array) return 'F64';
  if (numbers instanceof Int32Array) return 'I32';
  if (numbers instanceof Uint8Array) return 'U8';
  throw new NeuriteError(
    'dtype',
    'safetensors: numbers must be a Float32Array, Float64Array, Int32Array or Uint8Array',
  );
}
