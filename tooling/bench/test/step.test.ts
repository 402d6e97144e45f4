import { expect, test } from 'vitest';
import { measure, quickPlan, summary } from '../src/measure.ts';
import { referenceLosses } from '../src/reference.ts';
import { problemOf, sanityRow } from '../src/rows.ts';
import { checkTraining } from '../src/suites/loaded.ts';
import { fitting, stepping } from '../src/systems/neurite.ts';
import type { System } from '../src/systems/system.ts';

const plan = { ...quickPlan, slice: 0, warmup: 0 };

test('the reference learns', () => {
  const losses = referenceLosses(problemOf(sanityRow), 8);
  expect(losses).toEqual(losses.toSorted((a, b) => b - a));
});

test.each([
  ['Neurite cpu', stepping('cpu')],
  ['Neurite wasm', stepping('wasm')],
  ['Neurite wasm, fitting', fitting('wasm')],
  ['Neurite wasm, 1 thread, fitting', fitting('wasm-1')],
])('trains what the reference trains: %s', async (_, system) => {
  await checkTraining(system);
});

test('a system that trains something else is found out', async () => {
  const right = stepping('cpu');
  const other: System = {
    ...right,
    create: (problem) => right.create({ ...problem, learningRate: problem.learningRate * 1.1 }),
  };
  await expect(checkTraining(other)).rejects.toThrow('it trains wrongly');
});

test('a system that says it trains something else has to learn', async () => {
  const withLosses = (losses: number[]): System => ({
    ...{ version: '1', backend: 'js', threads: 1, different: true },
    create: () => ({ call: () => losses.shift() ?? 0.5, dispose: () => {} }),
  });
  await checkTraining(withLosses([3, 4, 2]));
  await expect(checkTraining(withLosses([0.1]))).rejects.toThrow('the loss went from 0.1 to 0.5');
});

test('systems take turns, and one that fails drops out', async () => {
  const calls: string[] = [];
  const contestant = (name: string, loss: number) => async () => ({
    call: async () => {
      calls.push(name);
      await new Promise((resolve) => setTimeout(resolve, 3)); // Long enough to be a sample of its own.
      return loss;
    },
    dispose: () => void calls.push(`${name} disposed`),
  });
  const missing = () => Promise.reject(new Error('not here'));
  const results = await measure(
    [contestant('a', 1), contestant('bad', Number.NaN), missing, contestant('b', 1)],
    { ...plan, rounds: 2 },
  );
  expect(calls).toEqual(['a', 'bad', 'bad disposed', 'b', 'a', 'b', 'a', 'b', 'a disposed', 'b disposed']);
  expect(results.map(({ rounds }) => rounds.length)).toEqual([2, 0, 0, 2]);
  expect(results.map(({ failure }) => failure)).toEqual([
    undefined,
    'its loss became NaN',
    'not here',
    undefined,
  ]);
});

test('sums rounds up', () => {
  expect(summary({ rounds: [3, 1, 2] }, { ...plan, rounds: 3 })).toEqual({ value: 2, best: 1, rounds: 3 });
  expect(summary({ rounds: [4, 1] }, { ...plan, rounds: 9 })).toEqual({
    value: 2.5,
    best: 1,
    rounds: 2,
    note: 'slow: 2 of 9 rounds',
  });
  expect(summary({ rounds: [], failure: 'no memory' }, plan)).toEqual({ note: 'no memory' });
});
