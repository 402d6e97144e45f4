// The IDX format, written: only bytes, which is what pictures and their labels are made of.

/** The beginning of a file of uint8 numbers, which follow it. */
export function idxHeader(shape: readonly number[]): Uint8Array {
  const header = new Uint8Array(4 + 4 * shape.length);
  const view = new DataView(header.buffer);
  header.set([0, 0, 0x08, shape.length]);
  shape.forEach((size, axis) => {
    view.setUint32(4 + 4 * axis, size);
  });
  return header;
}

/** A whole file. */
export const writeIdx = (shape: readonly number[], numbers: Uint8Array): Uint8Array =>
  Buffer.concat([idxHeader(shape), numbers]);
