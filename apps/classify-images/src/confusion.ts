// Which classes are taken for which others: counted, and as a table.
import { percent } from './format.ts';
import type { Terminal } from './terminal.ts';

/** How often class `actual` was read as class `read`: matrix[actual][read]. */
export type ConfusionMatrix = readonly (readonly number[])[];

export function confusionMatrix(
  actual: ArrayLike<number>,
  read: ArrayLike<number>,
  classes: number,
): ConfusionMatrix {
  const matrix = Array.from({ length: classes }, () => Array<number>(classes).fill(0));
  for (let i = 0; i < actual.length; i++) {
    const row = matrix[actual[i] as number] as number[];
    row[read[i] as number] = (row[read[i] as number] as number) + 1;
  }
  return matrix;
}

/** Pairs of classes of which one was taken for the other, the most frequent first. */
export function confusions(matrix: ConfusionMatrix): { actual: number; read: number; times: number }[] {
  return matrix
    .flatMap((row, actual) => row.map((times, read) => ({ actual, read, times })))
    .filter(({ actual, read, times }) => actual !== read && times > 0)
    .sort((a, b) => b.times - a.times);
}

/** The matrix with heads, and the share of each class that was read right. Errors stand out, zeros stand back. */
export function printConfusion(
  matrix: ConfusionMatrix,
  classes: readonly string[],
  { paint }: Terminal,
): string {
  const widest = Math.max(...[...matrix.flat().map(String), ...classes].map((text) => text.length));
  const cell = (text: string): string => text.padStart(widest + 2);
  const side = Math.max('is'.length, ...classes.map((name) => name.length)) + 2;
  const frequent = (confusions(matrix)[0]?.times ?? 0) / 2;

  const paintCell = (times: number, right: boolean): string => {
    if (times === 0) return paint('dim', cell('·'));
    if (right) return paint('green', cell(String(times)));
    return paint(times > frequent ? ['bold', 'red'] : 'red', cell(String(times)));
  };
  const rows = matrix.map((row, actual) => {
    const total = row.reduce((sum, times) => sum + times, 0);
    const share = total === 0 ? '–' : percent((row[actual] as number) / total, 1);
    const cells = row.map((times, read) => paintCell(times, read === actual));
    return paint('bold', (classes[actual] as string).padStart(side)) + cells.join('') + share.padStart(10);
  });
  const head = classes.map((name) => paint('bold', cell(name))).join('');
  return [
    paint('dim', `${''.padStart(side)}${''.padStart(widest + 1)}read as`),
    paint('dim', 'is'.padStart(side)) + head + paint('dim', 'right'.padStart(10)),
    ...rows,
  ].join('\n');
}
