import { expect, test } from 'vitest';
import { measure, quickPlan } from '../src/measure.ts';
import { referenceLosses } from '../src/reference.ts';
import { problemOf, sanityRow } from '../src/rows.ts';
import { checkTraining, summary } from '../src/suites/step.ts';
import { convnetjs } from '../src/systems/convnetjs.ts';
import { fitting, stepping } from '../src/systems/neurite.ts';
import type { System } from '../src/systems/system.ts';

const plan = { ...quickPlan, slice: 0, warmup: 0 };

test('the reference learns', () => {
  const losses = referenceLosses(problemOf(sanityRow), 8);
  expect(losses).toEqual(losses.toSorted((a, b) => b - a));
});

test.each([
  ['Neurite, stepping', stepping],
  ['Neurite, fitting', fitting],
  ['ConvNetJS', convnetjs],
])('trains what the reference trains: %s', async (_, system) => {
  await checkTraining(system);
});

test('a system that trains something else is found out', async () => {
  const other: System = {
    ...convnetjs,
    create: (problem) => convnetjs.create({ ...problem, learningRate: problem.learningRate * 1.1 }),
  };
  await expect(checkTraining(other)).rejects.toThrow('it trains wrongly');
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
  expect(summary({ rounds: [3, 1, 2] }, { ...plan, rounds: 3 })).toEqual({ value: 2, minimum: 1, rounds: 3 });
  expect(summary({ rounds: [4, 1] }, { ...plan, rounds: 9 })).toEqual({
    value: 2.5,
    minimum: 1,
    rounds: 2,
    note: 'slow: 2 of 9 rounds',
  });
  expect(summary({ rounds: [], failure: 'no memory' }, plan)).toEqual({ note: 'no memory' });
});
