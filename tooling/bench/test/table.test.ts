import { expect, test } from 'vitest';
import { printJson, type Result } from '../src/result.ts';
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
    result('2-6-2', 'neurite-wasm', { value: 2, best: 1.5 }),
    result('2-6-2', 'convnetjs', { value: 65, best: 60 }),
    result('9-9-9', 'neurite-wasm', { value: 1234.5, best: 1000 }),
    result('9-9-9', 'convnetjs', { note: 'its loss became NaN' }),
  ];
  expect(printTable(results)).toBe(
    [
      '| network, batch | Neurite wasm | ConvNetJS |',
      '|----------------|-------------:|----------:|',
      '| 2-6-2, 10      |            2 |  65 (33×) |',
      '| 9-9-9, 10      |        1 235 |     – [1] |',
      '',
      '1. its loss became NaN',
    ].join('\n'),
  );
  expect(printTable(results, 'best')).toContain('|          1.5 |  60 (40×) |');
});

test('prints figures without ratios where there is nothing to compare with', () => {
  const table = printTable([result('2-6-2', 'tfjs', { value: 500, note: 'slow: 1 of 9 rounds' })]);
  expect(table).toContain('|           500 [1] |\n\n1. slow: 1 of 9 rounds');
});

test('names units where there are several, and shares instead of ratios', () => {
  const figures = (row: string, unit: string, system: string, rest: Partial<Result>): Result => {
    const { batch: _, ...others } = result(row, system, rest);
    return { ...others, unit };
  };
  const results = [
    figures('an epoch', 's', 'neurite-wasm', { value: 0.5, best: 0.4 }),
    figures('an epoch', 's', 'jax', { value: 5, best: 4.5 }),
    figures('test accuracy', '%', 'neurite-wasm', { value: 97.53, share: 0.9753 }),
    figures('product', 'GFLOP/s', 'neurite-wasm', { value: 50, best: 54, share: 0.9 }),
  ];
  expect(printTable(results, 'best')).toBe(
    [
      '|                  | Neurite wasm | jax-js wasm |',
      '|------------------|-------------:|------------:|',
      '| an epoch, s      |          0.4 |   4.5 (11×) |',
      '| test accuracy, % |         97.5 |           – |',
      '| product, GFLOP/s |    54 (90 %) |           – |',
    ].join('\n'),
  );
});

test('keeps in --json what was there, and the names of old for steps', () => {
  const [step, other] = JSON.parse(
    printJson(
      [
        result('2-6-2', 'jax', { value: 5, best: 4 }),
        { ...result('2-6-2', 'jax', { value: 7, best: 6 }), suite: 'start' },
      ],
      'a machine',
    ),
  );
  expect(step).toEqual({
    suite: 'step',
    row: '2-6-2',
    batch: 10,
    system: 'jax',
    backend: 'cpu',
    threads: 1,
    version: '1.0.0',
    unit: 'µs',
    value: 5,
    best: 4,
    microsecondsPerStep: 5,
    minimum: 4,
    machine: 'a machine',
  });
  expect(other).not.toHaveProperty('minimum');
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
  expect([0.0042, 0.07, 1, 9.94, 9.96, 166.4].map(printRatio)).toEqual([
    '0.004×',
    '0.07×',
    '1.0×',
    '9.9×',
    '10×',
    '166×',
  ]);
});
