// What gpu.js reads back, in one array.

/** Rows of rows as one array: gpu.js gives them one by one, now and then in one piece of memory. */
export function flatten(result: unknown): Float32Array {
  if (result instanceof Float32Array) return result;
  const rows = (result as unknown[]).map(flatten);
  const [first] = rows as [Float32Array];
  if (rows.length === 1) return first;
  const length = rows.reduce((sum, row) => sum + row.length, 0);
  if (first.byteOffset === 0 && first.buffer.byteLength === length * 4) return new Float32Array(first.buffer);
  const all = new Float32Array(length);
  let offset = 0;
  for (const row of rows) {
    all.set(row, offset);
    offset += row.length;
  }
  return all;
}
