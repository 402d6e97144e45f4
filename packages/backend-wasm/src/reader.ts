// Numbers as WebAssembly writes them, read back: the counterpart of bytes.ts.
import { NeuriteError } from '@neurite/core/program';

export class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    return this.take(1)[0] as number;
  }

  /** The next `count` bytes. */
  take(count: number): Uint8Array {
    const end = this.#at + count;
    if (end > this.#bytes.length)
      throw new NeuriteError('data', `the bytes end where ${count} more must follow`);
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }

  /** The bytes of one number, seven bits in each, the last without its highest bit. */
  numberBytes(): number[] {
    const bytes = [this.byte()];
    while (((bytes.at(-1) as number) & 128) !== 0) bytes.push(this.byte());
    return bytes;
  }

  unsigned(): number {
    return this.numberBytes().reduce((sum, byte, i) => sum + (byte & 127) * 128 ** i, 0);
  }

  signed(): number {
    const bytes = this.numberBytes();
    const sum = bytes.reduce((total, byte, i) => total + (byte & 127) * 128 ** i, 0);
    const isNegative = ((bytes.at(-1) as number) & 64) !== 0;
    return isNegative ? sum - 128 ** bytes.length : sum;
  }

  float32(): number {
    return this.#view(4).getFloat32(0, true);
  }

  float64(): number {
    return this.#view(8).getFloat64(0, true);
  }

  text(): string {
    return new TextDecoder().decode(this.take(this.unsigned()));
  }

  /** A part that has its length in front. */
  part(): Reader {
    return new Reader(this.take(this.unsigned()));
  }

  list<T>(read: (reader: Reader) => T): T[] {
    return Array.from({ length: this.unsigned() }, () => read(this));
  }

  #view(length: number): DataView {
    const { buffer, byteOffset } = this.take(length);
    return new DataView(buffer, byteOffset, length);
  }
}
