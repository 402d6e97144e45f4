// Tables in text: comma-separated values, or values between any other character.
import { NeuriteError, nearestNames, type Option, option, resolveOptions } from '@neurite/core';
import Papa from 'papaparse';

/** A column by its name in the header, or by its number from 0. */
type Column = string | number;

/** How `readCsv` is to read. */
export interface CsvOptions {
  /** Whether the first row holds the names of the columns. true. */
  readonly header?: boolean | undefined;
  /** The character between values; by default the one of comma, tab, semicolon and | that the rows agree on. */
  readonly delimiter?: string | undefined;
}

/** A table that `readCsv` read. */
export interface CsvTable {
  /** All columns that are neither label nor target: [rows, columns], row-major. */
  readonly inputs: Float32Array;
  /** Names of the columns of `inputs`: those of the header, or their numbers in the file. */
  readonly columns: readonly string[];
  /** Shape of one input: [columns]. */
  readonly shape: readonly number[];
}

/** A table with a class for each row. */
export interface LabelledCsv extends CsvTable {
  /** Class of each row, a number into `classes`: [rows]. */
  readonly targets: Int32Array;
  readonly classes: readonly string[];
}

/** A table with a number to predict for each row. */
export interface TargetCsv extends CsvTable {
  /** [rows, 1]. */
  readonly targets: Float32Array;
}

const column = (): Option<Column | undefined> => ({
  kind: 'text',
  default: undefined,
  required: false,
  takes: 'the name of a column or its number from 0',
  accepts: (value): value is Column => typeof value === 'string' || typeof value === 'number',
});
const names: Option<readonly string[] | undefined> = {
  kind: 'text',
  default: undefined,
  required: false,
  takes: 'a list of names',
  accepts: (value): value is readonly string[] =>
    Array.isArray(value) && value.every((name) => typeof name === 'string'),
};
const schema = {
  header: true,
  delimiter: option.text(/^[^"\r\n]$/, 'one character, and neither a quotation mark nor an end of line'),
  label: column(),
  target: column(),
  classes: names,
};

/**
 * Reads a table of numbers. `label` is the column of classes: any text, which becomes a number by its place in `classes`,
 * or, where they are not given, among all labels in order (numbers by size, other texts by their characters). `target` is
 * a column of numbers to predict instead. Quoted fields are RFC 4180's; rows with nothing in them are left out; bytes
 * must be UTF-8.
 *
 * @throws NeuriteError `data` that names row and column, counted from 1 as spreadsheets do (the header is row 1).
 * @example
 * const flowers = readCsv(await response.text(), { label: 'species' });
 * const { training, test } = split(flowers);
 */
export function readCsv(
  text: string | Uint8Array,
  options: CsvOptions & { readonly label: Column; readonly classes?: readonly string[] | undefined },
): LabelledCsv;
export function readCsv(
  text: string | Uint8Array,
  options: CsvOptions & { readonly target: Column },
): TargetCsv;
export function readCsv(text: string | Uint8Array, options?: CsvOptions): CsvTable;
export function readCsv(text: string | Uint8Array, given?: CsvOptions): CsvTable | LabelledCsv | TargetCsv {
  const { header, delimiter, label, target, classes } = resolveOptions('readCsv', schema, given);
  if (label !== undefined && target !== undefined) {
    throw new NeuriteError('option', 'readCsv: a row has a label or a target, but got both: leave one out');
  }
  const rows = rowsOf(typeof text === 'string' ? text : new TextDecoder().decode(text), delimiter);
  const width = rows[0]?.cells.length ?? 0;
  const names = header
    ? (rows.shift()?.cells.map((name) => name.trim()) ?? [])
    : Array.from({ length: width }, (_, i) => String(i));
  if (rows.length === 0) {
    throw new NeuriteError('data', `readCsv: there must be rows below the header, but got none`);
  }
  const table: Table = { rows, names };
  for (const { number, cells } of rows) {
    if (cells.length !== width) {
      throw new NeuriteError(
        'data',
        `readCsv: row ${number} has ${printCount(cells.length, 'value')}, but the first row has ${width}: add what is missing, or put values with a delimiter in them in quotation marks`,
      );
    }
  }
  const last = label ?? target;
  const chosen = last === undefined ? undefined : columnOf(table, last);
  const kept = names.map((_, i) => i).filter((i) => i !== chosen);
  const inputs = Float32Array.from(rows.flatMap((row) => kept.map((at) => numberAt(table, row, at))));
  const read = { inputs, columns: kept.map((at) => names[at] as string), shape: [kept.length] };
  if (chosen === undefined) return read;
  if (target !== undefined) {
    return { ...read, targets: Float32Array.from(rows, (row) => numberAt(table, row, chosen)) };
  }
  return { ...read, ...labelsAt(table, chosen, classes) };
}

interface Row {
  /** From 1, as a spreadsheet shows it. */
  readonly number: number;
  readonly cells: readonly string[];
}

interface Table {
  readonly rows: readonly Row[];
  readonly names: readonly string[];
}

function rowsOf(text: string, given: string | undefined): Row[] {
  // empty rows would spoil the guess, and left out they would spoil the numbers of the others
  const guess = () => Papa.parse(text, { preview: 100, skipEmptyLines: 'greedy' }).meta.delimiter;
  const { data, errors } = Papa.parse<string[]>(text, { delimiter: given ?? guess() });
  const broken = errors.find(({ type }) => type === 'Quotes');
  if (broken) {
    throw new NeuriteError(
      'data',
      `readCsv: row ${(broken.row ?? 0) + 1} has a quotation mark that is not closed or does not end its value: write "" for one within a value`,
    );
  }
  return data
    .map((cells, i) => ({ number: i + 1, cells }))
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
}

/** The number of a column, from 0. */
function columnOf({ names }: Table, column: Column): number {
  const found = typeof column === 'number' ? column : names.indexOf(column);
  if (names[found] !== undefined) return found;
  const there =
    typeof column === 'number'
      ? `there are ${names.length}, the first of them 0`
      : `there are ${nearestNames(column, names)
          .map((name) => `"${name}"`)
          .join(', ')}`;
  throw new NeuriteError('option', `readCsv has no column ${JSON.stringify(column)}: ${there}`);
}

const numeral = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function numberAt(table: Table, row: Row, at: number): number {
  const cell = (row.cells[at] as string).trim();
  const value = Math.fround(Number(cell));
  if (numeral.test(cell) && Number.isFinite(value)) return value;
  if (cell === '') throw missing(table, row, at);
  throw new NeuriteError(
    'data',
    `readCsv: ${place(table, row, at)} must be a number within float32, but got ${JSON.stringify(shorten(cell))}: write decimals with a point, name the column as label, or leave the row out`,
  );
}

function labelsAt(
  table: Table,
  at: number,
  given: readonly string[] | undefined,
): Pick<LabelledCsv, 'targets' | 'classes'> {
  const labels = table.rows.map((row) => {
    const label = (row.cells[at] as string).trim();
    if (label === '') throw missing(table, row, at);
    return label;
  });
  const classes = given ?? [...new Set(labels)].sort(inOrder);
  const numbers = new Map(classes.map((name, i) => [name, i]));
  const targets = Int32Array.from(labels, (label, i) => {
    const number = numbers.get(label);
    if (number !== undefined) return number;
    throw new NeuriteError(
      'data',
      `readCsv: ${place(table, table.rows[i] as Row, at)} must be one of the classes ${classes.map((name) => `"${name}"`).join(', ')}, but got ${JSON.stringify(shorten(label))}`,
    );
  });
  return { targets, classes };
}

/** Numbers by size, before all other texts, which are by their characters. */
function inOrder(a: string, b: string): number {
  const [x, y] = [a, b].map((label) => (numeral.test(label) ? Number(label) : Number.POSITIVE_INFINITY));
  if (x !== y) return (x as number) < (y as number) ? -1 : 1;
  return a < b ? -1 : 1;
}

function missing(table: Table, row: Row, at: number): NeuriteError {
  return new NeuriteError(
    'data',
    `readCsv: ${place(table, row, at)} is empty: fill it in, or leave the row out`,
  );
}

const place = ({ names }: Table, { number }: Row, at: number): string =>
  `row ${number}, column ${at + 1} ("${shorten(names[at] as string)}")`;

const shorten = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

const printCount = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
