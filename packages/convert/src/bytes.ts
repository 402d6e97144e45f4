// Numbers as bytes.
import type { DType } from '@neurite/core';

/** Bytes of an element, and how a DataView writes it. */
const writers = {
  float32: [4, (view, at, value) => view.setFloat32(at, value, true)],
  float64: [8, (view, at, value) => view.setFloat64(at, value, true)],
  int32: [4, (view, at, value) => view.setInt32(at, value, true)],
  int64: [8, (view, at, value) => view.setBigInt64(at, BigInt(value), true)],
  uint8: [1, (view, at, value) => view.setUint8(at, value)],
} satisfies Record<DType | 'int64', [number, (view: DataView, at: number, value: number) => void]>;

/** `numbers` in `type`, the lowest byte first. */
export function littleEndian(type: DType | 'int64', numbers: ArrayLike<number>): Uint8Array {
  const [size, write] = writers[type];
  const bytes = new Uint8Array(size * numbers.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < numbers.length; i++) write(view, size * i, numbers[i] as number);
  return bytes;
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Every platform that can read base64 by `atob` is the same, but not every one that writes this has `btoa`. */
export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b, c] = [bytes[i] as number, bytes[i + 1] ?? 0, bytes[i + 2] ?? 0];
    const group = (a << 16) | (b << 8) | c;
    const text = [18, 12, 6, 0].map((shift) => digits[(group >> shift) & 63]).join('');
    parts.push(i + 3 <= bytes.length ? text : text.slice(0, bytes.length - i + 1).padEnd(4, '='));
  }
  return parts.join('');
}
