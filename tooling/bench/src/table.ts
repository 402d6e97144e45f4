// Results as a Markdown table: a line per row, a column per system.
import type { Result } from './result.ts';
import { titles, yardstick } from './systems/index.ts';

/**
 * `pick` chooses which of a result's figures is shown; one that there is but once is shown in either case. In brackets:
 * the share of what is possible, or else the ratio to the yardstick's figure. Notes follow the table, by number.
 */
export function printTable(results: readonly Result[], pick: 'value' | 'best' = 'value'): string {
  const columns = [...new Set(results.map(({ system }) => system))];
  const notes: string[] = [];
  const numberOf = (note: string): number => {
    if (!notes.includes(note)) notes.push(note);
    return notes.indexOf(note) + 1;
  };

  const figureOf = (result: Result | undefined): number | undefined => result?.[pick] ?? result?.value;
  const units = new Set(results.map(({ unit }) => unit));
  const lines = [...new Set(results.map(({ row }) => row))].map((name) => {
    const row = results.filter((result) => result.row === name);
    const base = figureOf(row.find(({ system }) => system === yardstick));
    const cells = columns.map((column) => {
      const result = row.find(({ system }) => system === column);
      const figure = figureOf(result);
      const mark = result?.note === undefined ? '' : ` [${numberOf(result.note)}]`;
      if (result === undefined || figure === undefined) return `–${mark}`;
      return `${printFigure(figure)}${bracket(result, figure, base)}${mark}`;
    });
    const { batch, unit } = row[0] as Result;
    const label = [name, ...(batch === undefined ? [] : [batch]), ...(units.size > 1 ? [unit] : [])];
    return [label.join(', '), ...cells];
  });

  const head = results.some(({ batch }) => batch !== undefined) ? 'network, batch' : '';
  const table = align([[head, ...columns.map(titleOf)], ...lines]);
  return [table, ...(notes.length > 0 ? [''] : []), ...notes.map((note, i) => `${i + 1}. ${note}`)].join(
    '\n',
  );
}

const titleOf = (system: string): string => titles[system] ?? system;

function bracket({ system, unit, share }: Result, figure: number, base: number | undefined): string {
  if (share !== undefined) return unit === '%' ? '' : ` (${Math.round(100 * share)} %)`;
  return base === undefined || system === yardstick ? '' : ` (${printRatio(figure / base)})`;
}

/** Three digits that count, and a space between thousands. */
export function printFigure(value: number): string {
  const rounded = value < 100 ? Number(value.toPrecision(3)) : Math.round(value);
  const [whole, fraction] = String(rounded).split('.') as [string, string?];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ' ');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** How many times the yardstick's figure. */
export const printRatio = (ratio: number): string =>
  `${ratio < 0.095 ? Number(ratio.toPrecision(1)) : ratio < 9.95 ? ratio.toFixed(1) : Math.round(ratio)}×`;

/** The first column to the left, figures to the right. */
function align(table: readonly (readonly string[])[]): string {
  const widths = (table[0] as readonly string[]).map((_, column) =>
    Math.max(...table.map((line) => line[column]?.length ?? 0)),
  );
  const print = (line: readonly string[]): string =>
    `| ${line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] as number) : cell.padStart(widths[column] as number))).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  const [head, ...body] = table.map(print);
  return [head, rule, ...body].join('\n');
}
