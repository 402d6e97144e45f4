// The rows of the design's table, and the problem that every system gets on a row.

/** A network by its layers' sizes, trained on batches of `batch` examples. */
export interface Row {
  readonly name: string;
  readonly sizes: readonly number[];
  readonly batch: number;
}

const row = (name: string, batch: number): Row => ({ name, sizes: name.split('-').map(Number), batch });

export const rows: readonly Row[] = [
  row('2-6-2', 10),
  row('2-20-20-2', 10),
  row('784-128-10', 64),
  row('784-512-256-10', 128),
  row('3072-100-10', 128),
  row('3072-1024-512-10', 256),
];

/** Small enough for a reference in plain loops: on it each system shows that it trains what the others train. */
export const sanityRow: Row = row('6-16-8-3', 12);

/**
 * ReLU between the layers, softmax cross-entropy (mean over the batch) after the last, SGD with momentum. The same
 * batch at each step; the first biases are zeros.
 */
export interface Problem extends Row {
  readonly learningRate: number;
  readonly momentum: number;
  /** [batch, sizes[0]], row by row. */
  readonly inputs: Float32Array;
  /** One class number per example. */
  readonly labels: Int32Array;
  /** Per layer [fanIn, fanOut], row by row. */
  readonly weights: readonly Float32Array[];
}

/** The same row gives the same numbers. */
export function problemOf(row: Row): Problem {
  const { sizes, batch } = row;
  const random = generator(1);
  const between = (bound: number, length: number) =>
    Float32Array.from({ length }, () => (2 * random() - 1) * bound);
  const classes = sizes.at(-1) as number;
  return {
    ...row,
    learningRate: 0.01,
    momentum: 0.9,
    inputs: between(1, batch * (sizes[0] as number)),
    labels: Int32Array.from({ length: batch }, () => Math.floor(random() * classes)),
    weights: layersOf(sizes).map(([fanIn, fanOut]) => between(Math.sqrt(6 / fanIn), fanIn * fanOut)),
  };
}

/** [fanIn, fanOut] of each layer. */
export const layersOf = (sizes: readonly number[]): [fanIn: number, fanOut: number][] =>
  sizes.slice(1).map((fanOut, layer) => [sizes[layer] as number, fanOut]);

/** Floating-point operations of a step's matrix products. */
export const workOf = ({ sizes, batch }: Row): number =>
  6 * batch * layersOf(sizes).reduce((sum, [fanIn, fanOut]) => sum + fanIn * fanOut, 0);

/** mulberry32: numbers in [0, 1). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
