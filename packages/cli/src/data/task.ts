// What is to be learned: classes or a number.
import { cellsOf, isNumeral, type Table } from './table.ts';

export type Task = 'classification' | 'regression';

/** Whole numbers of so many kinds are classes, where each is there some times. */
const mostClasses = 20;
const fewestExamples = 4;

/** What a column seems to be, and why. */
export function taskOf(table: Table, at: number): { readonly task: Task; readonly reason: string } {
  const cells = cellsOf(table, at);
  const kinds = new Set(cells);
  if (2 * cells.filter(isNumeral).length < cells.length)
    return { task: 'classification', reason: 'it holds texts' };
  const areWhole = [...kinds].every((cell) => /^[+-]?\d+$/.test(cell));
  if (areWhole && kinds.size <= mostClasses && kinds.size * fewestExamples <= cells.length)
    return { task: 'classification', reason: `it holds ${kinds.size} whole numbers` };
  return { task: 'regression', reason: 'it holds numbers' };
}

/** All classes in a column: numbers by size, before texts by their characters. */
export function classesOf(table: Table, at: number): readonly string[] {
  const size = (cell: string): number => (isNumeral(cell) ? Number(cell) : Number.POSITIVE_INFINITY);
  return [...new Set(cellsOf(table, at))].sort((a, b) => {
    if (size(a) !== size(b)) return size(a) < size(b) ? -1 : 1;
    return a < b ? -1 : 1;
  });
}
