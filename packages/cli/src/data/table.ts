// Tables in text, as they are: cells under names.
import { NeuriteError, nearestNames } from '@neurite/core';
import Papa from 'papaparse';

export interface Row {
  /** From 1, as a spreadsheet shows it. */
  readonly number: number;
  readonly cells: readonly string[];
}

export interface Table {
  /** What it was read from, for messages. */
  readonly source: string;
  /** Of the columns: those of the header, or their numbers from 0. */
  readonly names: readonly string[];
  /** At least one, each with a cell for every name. */
  readonly rows: readonly Row[];
}

export interface TableOptions {
  /** Whether the first row holds the names of the columns. */
  readonly header: boolean;
  /** The character between values; by default the one that the rows agree on. */
  readonly delimiter?: string | undefined;
}

/**
 * @throws NeuriteError `data` that names the row, counted from 1 as spreadsheets do (the header is row 1).
 */
export function readTable(
  bytes: Uint8Array,
  source: string,
  { header, delimiter = '' }: TableOptions,
): Table {
  const text = new TextDecoder().decode(bytes); // without a byte order mark
  const { data, errors } = Papa.parse<string[]>(text, { delimiter });
  const broken = errors.find(({ type }) => type === 'Quotes');
  if (broken) {
    throw new NeuriteError(
      'data',
      `${source}: row ${(broken.row ?? 0) + 1} has a quotation mark that is not closed or does not end its value: write "" for one within a value`,
    );
  }
  const rows = data
    .map((cells, i) => ({ number: i + 1, cells: cells.map((cell) => cell.trim()) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
  const width = rows[0]?.cells.length ?? 0;
  const names = header ? (rows.shift()?.cells ?? []) : Array.from({ length: width }, (_, i) => String(i));
  if (rows.length === 0) throw new NeuriteError('data', `${source}: there is no row below the header`);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new NeuriteError('data', `${source}: two columns are called "${twice}": give one another name`);
  const uneven = rows.find(({ cells }) => cells.length !== width);
  if (uneven) {
    throw new NeuriteError(
      'data',
      `${source}: row ${uneven.number} has ${uneven.cells.length} values, but the first row has ${width}: add what is missing, or put values with a delimiter in them in quotation marks`,
    );
  }
  return { source, names, rows };
}

/**
 * The place of the column called `name`, from 0.
 *
 * @throws NeuriteError `data` that lists the names that there are, the nearest first.
 */
export function placeOf({ names, source }: Table, name: string): number {
  const at = names.indexOf(name);
  if (at >= 0) return at;
  const there = nearestNames(name, names).slice(0, 10);
  throw new NeuriteError(
    'data',
    `${source} has no column "${name}"; it has ${there.map((each) => `"${each}"`).join(', ')}${names.length > 10 ? ' …' : ''}: name the right one, or give --no-header where the first row is data`,
  );
}

const numeral = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Whether it is written as a number that float32 can hold. */
export const isNumeral = (cell: string): boolean =>
  numeral.test(cell) && Number.isFinite(Math.fround(Number(cell)));

/** The texts in a column. @throws NeuriteError `data` where one is empty. */
export function cellsOf(table: Table, at: number): readonly string[] {
  return table.rows.map((row) => {
    const cell = row.cells[at] as string;
    if (cell === '') throw wrong(table, row, at, 'is empty: fill it in, or leave the row out');
    return cell;
  });
}

/** What is wrong with a cell. */
export const wrong = (table: Table, row: Row, at: number, what: string): NeuriteError =>
  new NeuriteError('data', `${table.source}: row ${row.number}, column "${table.names[at]}" ${what}`);

/** The numbers in a column. @throws NeuriteError `data` where one is something else. */
export const numbersOf = (table: Table, at: number): readonly number[] =>
  cellsOf(table, at).map((cell, i) => {
    if (isNumeral(cell)) return Number(cell);
    throw wrong(
      table,
      table.rows[i] as Row,
      at,
      `must be a number, with a point before its decimals, but got ${quoted(cell)}: mend it, leave the row out, or the column by --ignore`,
    );
  });

export const quoted = (text: string): string =>
  JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
