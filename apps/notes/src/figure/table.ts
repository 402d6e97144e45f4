// A small table of numbers under a caption.
import { escapeText } from './svg.ts';

export function table(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const cells = (row: readonly string[], of: 'td' | 'th'): string =>
    `<tr>${row.map((cell, i) => (i === 0 ? `<th scope="${of === 'th' ? 'col' : 'row'}">` : `<${of}${of === 'th' ? ' scope="col"' : ''}>`) + escapeText(cell) + (i === 0 ? '</th>' : `</${of}>`)).join('')}</tr>`;
  return `<table><caption>${escapeText(caption)}</caption><thead>${cells(head, 'th')}</thead><tbody>${rows.map((row) => cells(row, 'td')).join('')}</tbody></table>`;
}
