// Numbers of lists and of rows.

export const mean = (list: ArrayLike<number>): number =>
  Array.from(list).reduce((a, b) => a + b, 0) / list.length;

/** Divided by n. */
export const variance = (list: ArrayLike<number>): number => {
  const center = mean(list);
  return mean(Array.from(list, (v) => (v - center) ** 2));
};

/** Column `j` of rows of `width`. */
export const column = (numbers: ArrayLike<number>, width: number, j: number): number[] =>
  Array.from(numbers).filter((_, i) => i % width === j);
