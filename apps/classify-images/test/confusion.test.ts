// Counting confusions, and the table of them.
import { describe, expect, test } from 'vitest';
import { confusionMatrix, confusions, printConfusion } from '../src/confusion.ts';
import { colourful, plain, withoutCodes } from './terminals.ts';

const matrix = [
  [980, 0, 2],
  [0, 1000, 0],
  [31, 1, 0],
];

describe('confusionMatrix', () => {
  test('counts, class by class', () => {
    expect(confusionMatrix([0, 0, 1, 2, 2, 2], [0, 1, 1, 2, 0, 0], 3)).toEqual([
      [1, 1, 0],
      [0, 1, 0],
      [2, 0, 1],
    ]);
  });

  test('lists what was taken for what, the most frequent first', () => {
    expect(confusions(matrix)).toEqual([
      { actual: 2, read: 0, times: 31 },
      { actual: 0, read: 2, times: 2 },
      { actual: 2, read: 1, times: 1 },
    ]);
  });
});

describe('printConfusion', () => {
  test('is a table', () => {
    expect(`\n${printConfusion(matrix, ['0', '1', '2'], plain)}`).toMatchInlineSnapshot(`
      "
               read as
        is     0     1     2     right
         0   980     ·     2    99.8 %
         1     ·  1000     ·   100.0 %
         2    31     1     ·     0.0 %"
    `);
  });

  test('is as wide as the names of the classes want', () => {
    expect(
      `\n${printConfusion(
        [
          [3, 1],
          [0, 0],
        ],
        ['trouser', 'bag'],
        plain,
      )}`,
    ).toMatchInlineSnapshot(`
      "
                       read as
             is  trouser      bag     right
        trouser        3        1    75.0 %
            bag        ·        ·         –"
    `);
  });

  test('has the same text in colour, with the errors in red', () => {
    const text = printConfusion(matrix, ['0', '1', '2'], colourful(100));
    expect(withoutCodes(text)).toBe(printConfusion(matrix, ['0', '1', '2'], plain));
    expect(text).toContain('\x1b[31m     1\x1b[39m');
    expect(text).toContain('\x1b[1m\x1b[31m    31\x1b[39m\x1b[22m');
  });
});
