// HDF5 files as Keras writes them: groups, and arrays of numbers that lie in one piece. Nothing in a file is believed: every
// address is compared with the file's size, and the structures that are read are counted, since they may go in a circle.
// https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html
import { NeuriteError, type NumberArray } from '@neurite/core';
import { strFromU8 } from 'fflate';
import type { TensorData } from '../tensors.ts';

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
/** Tables, nodes and messages that are read at most: a model with 10 000 layers has room. */
const mostStructures = 1_000_000;

/** Types of messages in the header of an object. */
const messageTypes = { dataspace: 1, datatype: 3, layout: 8, continuation: 16, symbolTable: 17 } as const;

interface Message {
  readonly type: number;
  readonly at: number;
  readonly size: number;
}

export class Hdf5 {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #groups = new Map<number, ReadonlyMap<string, number>>();
  readonly #root: number;
  #structures = 0;
  /** Bytes of the arrays that were read so far. */
  #copied = 0;

  /** @throws NeuriteError `data` where it is no HDF5 file; `unsupported` where it is one of another kind. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < 96 || signature.some((byte, i) => bytes[i] !== byte))
      throw new NeuriteError('data', 'this is no HDF5 file: it does not begin as one');
    const version = this.#byte(8);
    if (version > 1 || this.#byte(13) !== 8 || this.#byte(14) !== 8)
      throw unsupported('it is not of the form that h5py writes by default');
    this.#root = this.#address(64 + 4 * version);
  }

  /** The names in a group, such as "layers/dense/vars"; undefined where there is no such group. */
  list(path: string): readonly string[] | undefined {
    const at = this.#find(path);
    return at === undefined ? undefined : [...this.#group(at, path).keys()];
  }

  /** @throws NeuriteError `data` where there is no such array, or where it does not lie within the file. */
  read(path: string): TensorData {
    const at = this.#find(path);
    if (at === undefined) throw new NeuriteError('data', `the HDF5 file has no "${path}"`);
    const messages = this.#messages(at);
    const find = (type: keyof typeof messageTypes): Message => {
      const found = messages.find((message) => message.type === messageTypes[type]);
      if (!found) throw damaged(`"${path}" is no array`);
      return found;
    };
    const shape = this.#shape(find('dataspace').at);
    const size = this.#floatSize(find('datatype').at, path);
    const [from, length] = this.#place(find('layout').at, path);
    const count = shape.reduce((product, axis) => product * axis, 1);
    if (count * size !== length) throw damaged(`"${path}" has ${length} bytes for [${shape}]`);
    this.#copied += length;
    if (this.#copied > this.#bytes.length) throw damaged('its arrays overlap, or lie beyond its end');
    const data = this.#range(from, length).slice().buffer;
    const numbers: NumberArray = size === 4 ? new Float32Array(data) : new Float64Array(data);
    return { shape, numbers };
  }

  /** Where the header of an object is. */
  #find(path: string): number | undefined {
    let at: number | undefined = this.#root;
    for (const name of path.split('/')) {
      if (at === undefined) return undefined;
      at = this.#group(at, path).get(name);
    }
    return at;
  }

  /** What is in a group: the headers of objects by name. */
  #group(header: number, path: string): ReadonlyMap<string, number> {
    const known = this.#groups.get(header);
    if (known) return known;
    const table = this.#messages(header).find(({ type }) => type === messageTypes.symbolTable);
    if (!table) throw damaged(`"${path}" does not lead through groups`);
    const members = new Map<string, number>();
    const heap = this.#address(table.at + 8);
    this.#require(heap, 'HEAP');
    this.#walk(this.#address(table.at), this.#address(heap + 24), undefined, members);
    this.#groups.set(header, members);
    return members;
  }

  /** A node of the tree of a group's members, whose names lie at `names`. */
  #walk(at: number, names: number, level: number | undefined, members: Map<string, number>): void {
    this.#count();
    if (level === undefined || level >= 0) this.#require(at, 'TREE');
    else {
      this.#require(at, 'SNOD');
      const count = this.#uint16(at + 6);
      for (let i = 0; i < count; i++) {
        this.#count();
        const entry = at + 8 + 40 * i;
        members.set(this.#text(names + this.#address(entry)), this.#address(entry + 8));
      }
      return;
    }
    const own = this.#byte(at + 5);
    if (level !== undefined && own !== level)
      throw damaged('a tree has levels that do not follow each other');
    const count = this.#uint16(at + 6);
    for (let i = 0; i < count; i++) this.#walk(this.#address(at + 32 + 16 * i), names, own - 1, members);
  }

  /** The messages in an object's header. */
  #messages(header: number): Message[] {
    if (this.#byte(header) !== 1)
      throw unsupported('its objects are not of the form that h5py writes by default');
    const messages: Message[] = [];
    const blocks = [[header + 16, this.#uint32(header + 8)]] as [from: number, size: number][];
    for (const [from, size] of blocks) {
      this.#range(from, size);
      for (let at = from; at + 8 <= from + size; ) {
        this.#count();
        const message = { type: this.#uint16(at), size: this.#uint16(at + 2), at: at + 8 };
        at = message.at + message.size;
        if (message.type === messageTypes.continuation)
          blocks.push([this.#address(message.at), this.#address(message.at + 8)]);
        else messages.push(message);
      }
    }
    return messages;
  }

  #shape(at: number): number[] {
    const [version, rank] = [this.#byte(at), this.#byte(at + 1)];
    const first = at + (version === 1 ? 8 : 4);
    return Array.from({ length: rank }, (_, axis) => this.#address(first + 8 * axis));
  }

  /** Bytes of a number: 4 or 8. */
  #floatSize(at: number, path: string): number {
    const size = this.#uint32(at + 4);
    const isFloat = (this.#byte(at) & 15) === 1 && (this.#byte(at + 1) & 0x41) === 0; // the lowest byte first
    if (isFloat && (size === 4 || size === 8)) return size;
    throw unsupported(`"${path}" holds no numbers of 32 or 64 bits`);
  }

  /** Where the bytes of an array are, and how many. */
  #place(at: number, path: string): [from: number, length: number] {
    const [version, kind] = [this.#byte(at), this.#byte(at + 1)];
    if (version === 3 || version === 4) {
      if (kind === 0) return [at + 4, this.#uint16(at + 2)];
      if (kind === 1) return [this.#address(at + 2), this.#address(at + 10)];
    }
    throw unsupported(`"${path}" lies in pieces, or is compressed`);
  }

  #text(at: number): string {
    const longest = this.#bytes.subarray(at, at + 1000);
    const length = longest.indexOf(0);
    if (length < 0) throw damaged('a name has no end');
    return strFromU8(longest.subarray(0, length));
  }

  #require(at: number, name: string): void {
    if (strFromU8(this.#range(at, 4)) !== name)
      throw damaged(`there is no ${name} where there should be one`);
  }

  #count(): void {
    this.#structures += 1;
    if (this.#structures > mostStructures) throw damaged('it has too many parts, or they go in a circle');
  }

  #range(from: number, length: number): Uint8Array {
    if (from + length > this.#bytes.length) throw damaged('it is cut off, or an address lies beyond its end');
    return this.#bytes.subarray(from, from + length);
  }

  #byte(at: number): number {
    return this.#range(at, 1)[0] as number;
  }
  #uint16(at: number): number {
    this.#range(at, 2);
    return this.#view.getUint16(at, true);
  }
  #uint32(at: number): number {
    this.#range(at, 4);
    return this.#view.getUint32(at, true);
  }
  /** An address, or a number of bytes or elements. */
  #address(at: number): number {
    return this.#uint32(at) + this.#uint32(at + 4) * 2 ** 32;
  }
}

const damaged = (why: string): NeuriteError => new NeuriteError('data', `the HDF5 file is damaged: ${why}`);

const unsupported = (why: string): NeuriteError =>
  new NeuriteError('unsupported', `this HDF5 file cannot be read: ${why}`);
