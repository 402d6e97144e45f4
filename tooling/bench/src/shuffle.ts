// The order in which peers that have no `fit` of their own go through an epoch.

/** 0 … length − 1 in a random order. */
export function shuffled(length: number, random: () => number = Math.random): Int32Array {
  const order = Int32Array.from({ length }, (_, i) => i);
  for (let last = length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other] as number, order[last] as number];
  }
  return order;
}

/** Rows of `width` bytes as numbers 0 … 1. */
export function gather(source: Uint8Array, width: number, rows: Int32Array): Float32Array {
  const values = new Float32Array(rows.length * width);
  for (const [i, row] of rows.entries()) {
    for (let column = 0; column < width; column++) {
      values[i * width + column] = (source[row * width + column] as number) / 255;
    }
  }
  return values;
}

/** [rows, classes], with a one at each row's class. */
export function oneHot(labels: Int32Array, classes: number): Float32Array {
  const values = new Float32Array(labels.length * classes);
  for (const [row, label] of labels.entries()) values[row * classes + label] = 1;
  return values;
}
