// Tensors as other programs have them.
import type { NumberArray, Shape } from '@neurite/core';

/** Numbers with a shape, row-major. */
export interface TensorData {
  readonly shape: Shape;
  readonly numbers: NumberArray;
}

/** [rows, columns] → [columns, rows]. */
export function transposed({ shape, numbers }: TensorData): TensorData {
  const [rows, columns] = shape as [number, number];
  const turned = numbers.slice();
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) turned[j * rows + i] = numbers[i * columns + j] as number;
  return { shape: [columns, rows], numbers: turned };
}
