// The inverse of readIdx, for tests: slow and obvious.

/** Code, bytes and writer of each number type. */
export const writers = {
  uint8: { code: 0x08, size: 1, write: (view: DataView, at: number, x: number) => view.setUint8(at, x) },
  int8: { code: 0x09, size: 1, write: (view: DataView, at: number, x: number) => view.setInt8(at, x) },
  int16: { code: 0x0b, size: 2, write: (view: DataView, at: number, x: number) => view.setInt16(at, x) },
  int32: { code: 0x0c, size: 4, write: (view: DataView, at: number, x: number) => view.setInt32(at, x) },
  float32: { code: 0x0d, size: 4, write: (view: DataView, at: number, x: number) => view.setFloat32(at, x) },
  float64: { code: 0x0e, size: 8, write: (view: DataView, at: number, x: number) => view.setFloat64(at, x) },
};
export type TypeName = keyof typeof writers;

export function writeIdx(type: TypeName, shape: readonly number[], values: readonly number[]): Uint8Array {
  const { code, size, write } = writers[type];
  const header = 4 + 4 * shape.length;
  const bytes = new Uint8Array(header + size * values.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0, 0, code, shape.length]);
  shape.forEach((length, axis) => {
    view.setUint32(4 + 4 * axis, length);
  });
  values.forEach((value, i) => {
    write(view, header + size * i, value);
  });
  return bytes;
}
