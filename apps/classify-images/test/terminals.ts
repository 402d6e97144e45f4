// Terminals for tests.
import { styleText } from 'node:util';
import type { Terminal } from '../src/terminal.ts';

export const plain: Terminal = {
  interactive: false,
  columns: 100,
  colours: 'none',
  paint: (_, text) => text,
};

export const colourful = (columns: number, colours: Terminal['colours'] = 'palette'): Terminal => ({
  interactive: true,
  columns,
  colours,
  paint: (format, text) => styleText(format, text, { validateStream: false }),
});

/** `text` without colours and movements of the cursor. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes are made of them
export const withoutCodes = (text: string): string => text.replaceAll(/\x1b(?:\[[0-9;?]*[A-Za-z]|[78])/g, '');
