// How the columns of a table become numbers: as they are, or a 0 or 1 for each text that a column may hold.
import { cellsOf, isNumeral, numbersOf, placeOf, quoted, type Row, type Table, wrong } from './table.ts';

/** A column of numbers, or of a few texts. */
export interface Column {
  readonly name: string;
  /** The texts that it may hold, in order; none where it holds numbers. */
  readonly categories?: readonly string[] | undefined;
}

/** More texts than that are no categories: names, or dates. */
const mostCategories = 64;

/**
 * What the columns called `names` hold. One that is numbers for the most part is one of numbers: what else is there is a
 * mistake, and found when it is read.
 *
 * @throws NeuriteError `data` where a column holds too many texts.
 */
export const columnsOf = (table: Table, names: readonly string[]): readonly Column[] =>
  names.map((name) => {
    const at = placeOf(table, name);
    const cells = cellsOf(table, at);
    if (2 * cells.filter(isNumeral).length >= cells.length) return { name };
    const categories = [...new Set(cells)].sort();
    if (categories.length <= mostCategories) return { name, categories };
    throw wrong(
      table,
      table.rows[0] as Row,
      at,
      `is ${quoted(cells[0] as string)}, one of ${categories.length} texts: too many to be categories; leave the column out by --ignore ${JSON.stringify(name)}`,
    );
  });

/** Numbers of a row. */
export const widthOf = (columns: readonly Column[]): number =>
  columns.reduce((width, { categories }) => width + (categories?.length ?? 1), 0);

/** What each number of a row stands for: "age", "sex = female". */
export const numberNames = (columns: readonly Column[]): readonly string[] =>
  columns.flatMap(({ name, categories }) => categories?.map((text) => `${name} = ${text}`) ?? [name]);

/**
 * [rows, width], row-major. Columns are found by their names: others may be there, and the order may be another.
 *
 * @throws NeuriteError `data` where a column is missing, or a cell is not what its column holds.
 */
export function encodeColumns(table: Table, columns: readonly Column[]): Float32Array {
  const width = widthOf(columns);
  const inputs = new Float32Array(table.rows.length * width);
  let offset = 0;
  for (const { name, categories } of columns) {
    const at = placeOf(table, name);
    if (categories) {
      placesIn(table, at, categories).forEach((category, row) => {
        inputs[row * width + offset + category] = 1;
      });
    } else {
      numbersOf(table, at).forEach((number, row) => {
        inputs[row * width + offset] = number;
      });
    }
    offset += categories?.length ?? 1;
  }
  return inputs;
}

/** For each cell of a column its place among `texts`. @throws NeuriteError `data` where one is not among them. */
export function placesIn(table: Table, at: number, texts: readonly string[]): Int32Array {
  const places = new Map(texts.map((text, place) => [text, place]));
  return Int32Array.from(cellsOf(table, at), (cell, row) => {
    const place = places.get(cell);
    if (place !== undefined) return place;
    const known = texts
      .slice(0, 10)
      .map((text) => `"${text}"`)
      .join(', ');
    throw wrong(
      table,
      table.rows[row] as Row,
      at,
      `must be one of ${known}${texts.length > 10 ? ' …' : ''}, but got ${quoted(cell)}`,
    );
  });
}
