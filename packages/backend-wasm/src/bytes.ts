// Numbers as WebAssembly writes them.

/** Bytes in memory of their own: `Uint8Array<ArrayBuffer>`, said so that compilers before TypeScript 5.7 read it too. */
export type Bytes = ReturnType<Uint8Array['slice']>;

/** A whole number from 0, seven bits a byte. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low | 128 : low);
  } while (rest > 0);
  return bytes;
}

/** A 32-bit whole number with sign. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 127;
    rest >>= 7;
    const done = (rest === 0 && (low & 64) === 0) || (rest === -1 && (low & 64) !== 0);
    bytes.push(done ? low : low | 128);
    if (done) return bytes;
  }
}

export const float32 = (value: number): number[] => [...new Uint8Array(new Float32Array([value]).buffer)];
export const float64 = (value: number): number[] => [...new Uint8Array(new Float64Array([value]).buffer)];

export const text = (value: string): number[] => {
  const bytes = [...new TextEncoder().encode(value)];
  return [...unsigned(bytes.length), ...bytes];
};

/** A list with its length in front. */
export const list = (items: readonly (readonly number[])[]): number[] => [
  ...unsigned(items.length),
  ...items.flat(),
];

export const section = (id: number, content: readonly number[]): number[] => [
  id,
  ...unsigned(content.length),
  ...content,
];
