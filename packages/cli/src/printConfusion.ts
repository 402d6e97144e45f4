// Which classes are taken for which others, as a table.
import { percent } from './format.ts';
import type { Terminal } from './terminal.ts';

/** More classes do not fit beside each other. */
const mostClasses = 16;
const longestName = 16;

/** @param matrix row: the class that it is, column: the class that it was taken for. */
export function printConfusion(
  matrix: readonly (readonly number[])[],
  classes: readonly string[],
  { paint }: Terminal,
): string {
  if (classes.length > mostClasses) return printMistakes(matrix, classes);
  const names = classes.map((name) =>
    name.length > longestName ? `${name.slice(0, longestName - 1)}…` : name,
  );
  const width = Math.max(...[...matrix.flat().map(String), ...names, 'is'].map((text) => text.length)) + 2;
  const cell = (text: string): string => text.padStart(width);
  const rows = matrix.map((row, is) => {
    const total = row.reduce((sum, times) => sum + times, 0);
    const cells = row.map((times, taken) => {
      if (times === 0) return paint('dim', cell('·'));
      return paint(taken === is ? 'green' : 'red', cell(String(times)));
    });
    const share = total === 0 ? '–' : percent((row[is] as number) / total, 1);
    return paint('bold', cell(names[is] as string)) + cells.join('') + share.padStart(10);
  });
  const head = names.map((name) => paint('bold', cell(name))).join('');
  return [
    paint('dim', `${''.padStart(width)}  taken for`),
    paint('dim', cell('is')) + head + paint('dim', 'right'.padStart(10)),
    ...rows,
  ].join('\n');
}

/** The most frequent mistakes, where there is no room for all. */
function printMistakes(matrix: readonly (readonly number[])[], classes: readonly string[]): string {
  const mistakes = matrix
    .flatMap((row, is) => row.map((times, taken) => ({ is, taken, times })))
    .filter(({ is, taken, times }) => is !== taken && times > 0)
    .sort((a, b) => b.times - a.times)
    .slice(0, 10);
  const lines = mistakes.map(
    ({ is, taken, times }) => `  ${classes[is]} taken for ${classes[taken]}: ${times}×`,
  );
  return ['most often:', ...lines].join('\n');
}
