// What each unit of the first layer looks for, as a picture.
import { writeFile } from 'node:fs/promises';
import { NeuriteError, sizeOf, type Trainer } from '@neurite/core';
import { tileImages } from '@neurite/datasets';
import { encode } from 'fast-png';

/**
 * Writes the first layer's weights as a PNG: for each unit (each piece, of maxout) a picture of `shape`, whose grey is 0.
 * @throws NeuriteError `data` where the file cannot be written.
 */
export async function saveWeights(trainer: Trainer, shape: readonly number[], file: string): Promise<void> {
  const weight = trainer.network.parameters.find(({ role }) => role === 'weight');
  const numbers = (await trainer.readParameters())[weight?.name ?? ''] as Float32Array;
  const sheet = tileImages(columnsOf(numbers, sizeOf(shape)), shape, { gap: 2, zoom: 2 });
  await writeFile(file, encode(sheet)).catch((cause) => {
    throw new NeuriteError('data', `--save-weights: ${file} cannot be written (${cause.message})`, { cause });
  });
}

/** The columns of a matrix of so many rows, one after the other: a unit's weights lie in a column. */
function columnsOf(matrix: Float32Array, rows: number): Float32Array {
  const columns = matrix.length / rows;
  return matrix.map((_, i) => matrix[(i % rows) * columns + Math.floor(i / rows)] as number);
}
