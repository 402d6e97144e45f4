// Data as they are in files: a table, or arrays in the IDX format, told apart by their first bytes.
import { NeuriteError } from '@neurite/core';
import { type IdxArray, readIdx } from '@neurite/datasets';
import type { Surroundings } from '../surroundings.ts';
import { nameOf, readBytes } from './readBytes.ts';
import { readTable, type Table, type TableOptions } from './table.ts';

export type Source =
  | { readonly kind: 'table'; readonly table: Table }
  | {
      readonly kind: 'idx';
      readonly source: string;
      /** [rows, …shape]. */
      readonly inputs: IdxArray;
      /** [rows], or [rows, numbers]; undefined where no file was named. */
      readonly labels: IdxArray | undefined;
    };

export interface SourceOptions extends TableOptions {
  /** An IDX file with what is to be learned of each row: tables have it in a column. */
  readonly labels?: string | undefined;
}

/**
 * @param path a file, gzipped or not, or - for stdin.
 * @throws NeuriteError `data` that begins with the name of the file.
 */
export async function readSource(
  path: string,
  { labels, ...options }: SourceOptions,
  surroundings: Surroundings,
): Promise<Source> {
  const bytes = await readBytes(path, surroundings);
  if (!isIdx(bytes)) {
    if (labels !== undefined)
      throw new NeuriteError(
        'data',
        `${nameOf(path)} is a table, which has its labels itself: --label names the column`,
      );
    return { kind: 'table', table: readTable(bytes, nameOf(path), options) };
  }
  const inputs = idxIn(bytes, path);
  const labelled = labels === undefined ? undefined : idxIn(await readBytes(labels, surroundings), labels);
  const [rows, others] = [inputs.shape[0] ?? 0, labelled?.shape[0] ?? 0];
  if (rows === 0) throw new NeuriteError('data', `${nameOf(path)} holds no rows`);
  if (labelled && rows !== others)
    throw new NeuriteError('data', `${nameOf(path)} has ${rows} rows, but ${labels} has ${others} labels`);
  return { kind: 'idx', source: nameOf(path), inputs, labels: labelled };
}

/** No text begins with two zero bytes. */
const isIdx = (bytes: Uint8Array): boolean => bytes[0] === 0 && bytes[1] === 0;

function idxIn(bytes: Uint8Array, path: string): IdxArray {
  try {
    return readIdx(bytes);
  } catch (cause) {
    throw new NeuriteError('data', `${nameOf(path)}: ${(cause as Error).message}`, { cause });
  }
}
