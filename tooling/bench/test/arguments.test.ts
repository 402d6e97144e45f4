import { expect, test } from 'vitest';
import { parseArguments, UsageError } from '../src/arguments.ts';
import { systems } from '../src/systems/index.ts';

test('asks for everything by default', () => {
  expect(parseArguments([])).toEqual({
    suites: ['step', 'epoch', 'predict', 'matmul', 'start', 'size'],
    rows: ['2-6-2', '2-20-20-2', '784-128-10', '784-512-256-10', '3072-100-10', '3072-1024-512-10'],
    systems: Object.keys(systems),
    quick: false,
    slow: false,
    markdown: false,
    json: undefined,
    help: false,
  });
});

test('takes lists, in the order of the table', () => {
  const args = [
    '--suite',
    'matmul,step',
    '--rows',
    '784-128-10,2-6-2',
    '--systems=tfjs,neurite-wasm',
    '--quick',
    '--slow',
    '--markdown',
    '--json',
    'a.json',
  ];
  expect(parseArguments(args)).toEqual({
    suites: ['step', 'matmul'],
    rows: ['2-6-2', '784-128-10'],
    systems: ['neurite-wasm', 'tfjs'],
    quick: true,
    slow: true,
    markdown: true,
    json: 'a.json',
    help: false,
  });
});

test('takes the -- that `pnpm bench -- …` hands on', () => {
  expect(parseArguments(['--', '--quick']).quick).toBe(true);
});

test.each([
  [['--suite', 'epochs'], '--suite takes step, epoch, predict, matmul, start, size, but got "epochs"'],
  [['--rows', '2-6-2,2-7-2'], /^--rows takes 2-6-2, .*, but got "2-7-2"$/],
  [['--systems', ''], /^--systems takes neurite-wasm, .*, but got ""$/],
  [['--fast'], /--fast[\s\S]*--quick/],
  [['more'], /more[\s\S]*--quick/],
  [['--json'], /--json[\s\S]*--quick/],
])('says what is allowed: %j', (args, message) => {
  expect(() => parseArguments(args)).toThrow(UsageError);
  expect(() => parseArguments(args)).toThrow(message);
});
