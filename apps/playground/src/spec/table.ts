// Tables as text, and the points that their columns are.
import { readCsv } from '@neurite/datasets';
import type { OwnPoint, Task } from './spec.ts';

export interface Table {
  /** Of all columns. */
  readonly names: readonly string[];
  /** The column of the class or value. */
  readonly target: number;
  readonly task: Task;
  readonly rows: number;
  /** The points, given the two columns at most that their inputs are. */
  points(inputs: readonly number[]): OwnPoint[];
}

/** Classes that can still be told apart in the picture. */
const mostClasses = 8;

/**
 * Reads a table. Its first line is a header where it holds something that is no number, the last cell left aside, which
 * may be a class.
 *
 * @param chosen the column of the class or value; the last one if not given.
 * @throws NeuriteError that says in which row and column something is wrong.
 */
export function readTable(text: string, chosen?: number): Table {
  const first = (text.trim().split(/\r?\n/, 1)[0] ?? '').split(/[,;\t|]/).map((cell) => cell.trim());
  if (first.length < 2) throw new Error('A table has two columns at least, with commas between.');
  const header = first.slice(0, -1).some((cell) => Number.isNaN(Number(cell)));
  const target = chosen !== undefined && chosen < first.length ? chosen : first.length - 1;
  const { inputs, targets, classes, shape } = readCsv(text, { header, label: target });
  const width = shape[0] as number;
  const task = taskOf(classes, width);
  if (task === 'classes' && classes.length > mostClasses) {
    throw new Error(`The last column has ${classes.length} classes: give one with ${mostClasses} at most.`);
  }
  const values = task === 'classes' ? targets : readCsv(text, { header, target }).targets;
  const isInput = first.map((_, i) => i).filter((i) => i !== target);
  return {
    names: first.map((name, i) => (header ? name : `column ${i + 1}`)),
    target,
    task,
    rows: targets.length,
    points: (columns) =>
      Array.from(targets, (_, row) => [
        ...columns.map((column) => inputs[row * width + isInput.indexOf(column)] as number),
        values[row] as number,
      ]),
  };
}

/** Values where all are numbers and there is one input, or some have a fraction, or they are many; else classes. */
function taskOf(labels: readonly string[], inputs: number): Task {
  const values = labels.map(Number);
  if (values.some((value) => !Number.isFinite(value))) return 'classes';
  const isWhole = values.every(Number.isInteger);
  return inputs === 1 || !isWhole || labels.length > mostClasses ? 'values' : 'classes';
}
