// The safetensors format, read: eight bytes with the header's length, the header in JSON, and the tensors' bytes without
// gaps. https://github.com/huggingface/safetensors#format. Nothing is believed before it was compared with what is there.
import { NeuriteError } from '@neurite/core';
import type { JsonValue } from '../json/json.ts';
import { cut, pathTo } from '../json/json.ts';
import { parseJson } from '../json/parseJson.ts';
import { count, fields, listOf, object, recordOf, text, wrong } from '../json/readers.ts';
import { elementSizes, type FileTensor, fileTensor, type TensorType } from './tensor.ts';

/** Bytes that a header may have: 100 000 tensors have room in it. The reference implementation takes 100 MB. */
export const longestHeader = 16 * 1024 * 1024;

/** What a safetensors file holds. */
export interface Safetensors {
  /** By name, in the header's order. */
  readonly tensors: ReadonlyMap<string, FileTensor>;
  /** The texts under `__metadata__`; empty where there are none. */
  readonly metadata: ReadonlyMap<string, string>;
}

const readMetadata = recordOf(text);
const readEntry = fields({ dtype: text, shape: listOf(count), data_offsets: listOf(count) });

/**
 * The tensors of a safetensors file. Their bytes stay where they are until `numbers()` is called.
 *
 * @param bytes the whole file.
 * @throws NeuriteError `data` where it is none, is cut off or contradicts itself: the message names the tensor;
 * `unsupported` for an element type that is not known. Nothing large is allocated then.
 *
 * @example
 * const { tensors } = readSafetensors(await readFile('model.safetensors'));
 * tensors.get('fc1.weight')?.shape; // [128, 784]
 */
export function readSafetensors(bytes: Uint8Array): Safetensors {
  if (!(bytes instanceof Uint8Array)) throw refuse('it must be given as a Uint8Array');
  // A plain view: Node's Buffer has methods of the same names that do something else.
  const file = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data = file.subarray(8 + headerLength(file));
  const header = object(parseJson(headerText(file), 'header'), 'header');
  const { __metadata__: metadata = {}, ...entries } = header;
  const tensors = new Map<string, FileTensor>();
  const ranges = Object.entries(entries).map(([name, entry]) => {
    const range = rangeOf(name, entry, data.length);
    tensors.set(name, fileTensor(name, range.type, range.shape, data.subarray(range.begin, range.end)));
    return range;
  });
  requireNoGaps(ranges, data.length);
  return { tensors, metadata: new Map(Object.entries(readMetadata(metadata, 'header.__metadata__'))) };
}

const refuse = (why: string): NeuriteError => new NeuriteError('data', `this is no safetensors file: ${why}`);

function headerLength(file: Uint8Array): number {
  if (file.length < 8) throw refuse(`it has only ${file.length} bytes`);
  const view = new DataView(file.buffer, file.byteOffset, 8);
  const length = view.getUint32(4, true) * 2 ** 32 + view.getUint32(0, true);
  if (length > file.length - 8)
    throw refuse(`it says that its header has ${length} bytes, but only ${file.length - 8} follow`);
  if (length > longestHeader)
    throw refuse(`its header has ${length} bytes, more than the ${longestHeader} that are read`);
  return length;
}

function headerText(file: Uint8Array): string {
  const bytes = file.subarray(8, 8 + headerLength(file));
  if (bytes[0] !== 0x7b) throw refuse('its header does not begin with {');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new NeuriteError('data', 'this is no safetensors file: its header is no UTF-8', { cause });
  }
}

interface Range {
  readonly name: string;
  readonly type: TensorType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** Where a tensor lies, and that it fits there. */
function rangeOf(name: string, entry: JsonValue, available: number): Range {
  const path = pathTo('header', name);
  const { dtype, shape, data_offsets: offsets } = readEntry(entry, path);
  if (!isTensorType(dtype)) {
    const known = Object.keys(elementSizes).join(', ');
    throw new NeuriteError('unsupported', `${path}.dtype is "${cut(dtype)}", but those read are ${known}`);
  }
  const [begin, end] = offsets as [number, number];
  if (offsets.length !== 2 || begin > end || end > available)
    throw wrong(`${path}.data_offsets`, `[begin, end] within the ${available} bytes that are there`, [
      ...offsets.slice(0, 4),
    ]);
  let length: number = elementSizes[dtype];
  for (const axis of shape) {
    length *= axis;
    if (length > Number.MAX_SAFE_INTEGER)
      throw new NeuriteError('data', `${path}.shape has too many elements`);
  }
  if (length === end - begin) return { name, type: dtype, shape, begin, end };
  throw new NeuriteError(
    'data',
    `${path}: ${dtype} [${cut(shape.join(', '))}] takes ${length} bytes, but its data_offsets hold ${end - begin}`,
  );
}

const isTensorType = (name: string): name is TensorType => Object.hasOwn(elementSizes, name);

/** Every byte belongs to one tensor. */
function requireNoGaps(ranges: readonly Range[], available: number): void {
  let reached = 0;
  for (const { name, begin, end } of ranges.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== reached) {
      const what = begin < reached ? 'overlaps the tensor before it' : 'leaves a gap before it';
      throw new NeuriteError(
        'data',
        `${pathTo('header', name)}.data_offsets ${what}: ${begin}, not ${reached}`,
      );
    }
    reached = end;
  }
  if (reached !== available)
    throw refuse(`${available} bytes follow its header, but its tensors take ${reached}`);
}
