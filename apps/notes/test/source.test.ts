// The code that a page shows: cut out of the file that runs.
import { expect, test } from 'vitest';
import { experimentSource } from '../src/site/source.ts';

const file = `import { cpu } from '@neurite/backend-cpu';
import { evaluate, type Layer, train } from '@neurite/core';
import { chart } from '../../figure/chart.ts';

const grid = 5;
const unused = 6;

/** Twice as much. */
function twice(x: number): number {
  return 2 * x;
}

async function experiment() {
  return twice(grid) + (await train(cpu()));
}

export const claim = 1;
`;

test('has what the experiment uses, and nothing of how it is shown', () => {
  expect(experimentSource(file)).toBe(`import { cpu } from '@neurite/backend-cpu';
import { train } from '@neurite/core';

const grid = 5;

/** Twice as much. */
function twice(x: number): number {
  return 2 * x;
}

async function experiment() {
  return twice(grid) + (await train(cpu()));
}`);
});

test('wants an experiment', () => {
  expect(() => experimentSource('export const claim = 1;')).toThrow('async function experiment');
});
