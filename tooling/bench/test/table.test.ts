import { expect, test } from 'vitest';
import type { Result } from '../src/result.ts';
import { printFigure, printRatio, printTable } from '../src/table.ts';

const result = (row: string, system: string, rest: Partial<Result>): Result => ({
  suite: 'step',
  row,
  batch: 10,
  system,
  backend: 'cpu',
  threads: 1,
  version: '1.0.0',
  unit: 'µs',
  ...rest,
});

test('prints a line per row, ratios, and numbered notes', () => {
  const results = [
    result('2-6-2', 'neurite', { value: 2, minimum: 1.5 }),
    result('2-6-2', 'convnetjs', { value: 65, minimum: 60 }),
    result('9-9-9', 'neurite', { value: 1234.5, minimum: 1000 }),
    result('9-9-9', 'convnetjs', { note: 'its loss became NaN' }),
  ];
  expect(printTable(results)).toBe(
    [
      '| network, batch | Neurite cpu | ConvNetJS |',
      '|----------------|------------:|----------:|',
      '| 2-6-2, 10      |           2 |  65 (33×) |',
      '| 9-9-9, 10      |       1 235 |     – [1] |',
      '',
      '1. its loss became NaN',
    ].join('\n'),
  );
  expect(printTable(results, 'minimum')).toContain('|         1.5 |  60 (40×) |');
});

test('prints figures without ratios where there is nothing to compare with', () => {
  const table = printTable([result('2-6-2', 'tfjs', { value: 500, note: 'slow: 1 of 9 rounds' })]);
  expect(table).toContain('|           500 [1] |\n\n1. slow: 1 of 9 rounds');
});

test('prints figures and ratios', () => {
  expect([0.1234, 1, 9.876, 64.25, 99.95, 100.4, 39326, 4453972].map(printFigure)).toEqual([
    '0.123',
    '1',
    '9.88',
    '64.3',
    '100',
    '100',
    '39 326',
    '4 453 972',
  ]);
  expect([0.07, 1, 9.94, 9.96, 166.4].map(printRatio)).toEqual(['0.1×', '1.0×', '9.9×', '10×', '166×']);
});
