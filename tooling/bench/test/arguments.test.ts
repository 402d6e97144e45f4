import { expect, test } from 'vitest';
import { parseArguments, UsageError } from '../src/arguments.ts';

test('asks for everything by default', () => {
  expect(parseArguments([])).toEqual({
    suite: 'step',
    rows: ['2-6-2', '2-20-20-2', '784-128-10', '784-512-256-10', '3072-100-10', '3072-1024-512-10'],
    systems: ['neurite', 'neurite-fit', 'tfjs', 'convnetjs'],
    quick: false,
    json: undefined,
    help: false,
  });
});

test('takes lists, in the order of the table', () => {
  const args = [
    '--suite',
    'step',
    '--rows',
    '784-128-10,2-6-2',
    '--systems=tfjs,neurite',
    '--quick',
    '--json',
    'a.json',
  ];
  expect(parseArguments(args)).toEqual({
    suite: 'step',
    rows: ['2-6-2', '784-128-10'],
    systems: ['neurite', 'tfjs'],
    quick: true,
    json: 'a.json',
    help: false,
  });
});

test('takes the -- that `pnpm bench -- …` hands on', () => {
  expect(parseArguments(['--', '--quick']).quick).toBe(true);
});

test.each([
  [['--suite', 'epochs'], '--suite takes step, but got "epochs"'],
  [['--rows', '2-6-2,2-7-2'], /^--rows takes 2-6-2, .*, but got "2-7-2"$/],
  [['--systems', ''], '--systems takes neurite, neurite-fit, tfjs, convnetjs, but got ""'],
  [['--fast'], /--fast[\s\S]*--quick/],
  [['more'], /more[\s\S]*--quick/],
  [['--json'], /--json[\s\S]*--quick/],
])('says what is allowed: %j', (args, message) => {
  expect(() => parseArguments(args)).toThrow(UsageError);
  expect(() => parseArguments(args)).toThrow(message);
});
