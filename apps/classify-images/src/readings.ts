// What a network reads on pictures, from its outputs.

export interface Reading {
  /** Number of the picture. */
  readonly index: number;
  /** The class with the largest output. */
  readonly label: number;
  /** Its probability, by softmax. */
  readonly confidence: number;
}

/** The reading of each row of `outputs` [pictures, classes]. */
export function readPictures(outputs: ArrayLike<number>, classes: number): Reading[] {
  return Array.from({ length: outputs.length / classes }, (_, index) => {
    const row = Array.from({ length: classes }, (_, label) => outputs[index * classes + label] as number);
    const largest = Math.max(...row);
    const sum = row.reduce((sum, output) => sum + Math.exp(output - largest), 0);
    return { index, label: row.indexOf(largest), confidence: 1 / sum };
  });
}
