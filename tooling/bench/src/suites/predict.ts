// What a trained network takes to answer: one question at once, and many.
import { measure, summary } from '../measure.ts';
import type { Result } from '../result.ts';
import { problemOf, type Row } from '../rows.ts';
import { about, classifierOf, loadAll, notesOn, withoutFits } from './loaded.ts';
import { type Suite, type SuiteOptions, timesYardstick } from './suite.ts';

export const predict: Suite = { title: 'Predictions of 784-128-10', brackets: timesYardstick, run };

const network: Row = { name: '784-128-10', sizes: [784, 128, 10], batch: 64 };
const tasks = [
  { row: 'one example', rows: 1, unit: 'µs', figure: (microseconds: number) => microseconds },
  {
    row: '10,000 examples',
    rows: 10_000,
    unit: 'examples/s',
    figure: (microseconds: number) => 1e10 / microseconds,
  },
];

async function run({ systems, plan, report }: SuiteOptions): Promise<Result[]> {
  const problem = problemOf(network);
  const loaded = await loadAll(withoutFits(systems));
  const results: Result[] = [];
  for (const { row, rows, unit, figure } of tasks) {
    report(`predict: ${row}`);
    const inputs = problemOf({ ...network, batch: rows }).inputs;
    const creators = loaded.map((each) => async () => {
      const classifier = await classifierOf(each, problem);
      return {
        call: async () => (await classifier.predict(inputs, rows))[0] as number,
        dispose: () => classifier.dispose(),
      };
    });
    for (const [index, measured] of (await measure(creators, plan)).entries()) {
      const each = loaded[index] as (typeof loaded)[number];
      const { value, best, note, ...rest } = summary(measured, plan);
      const figures = value !== undefined &&
        best !== undefined && { value: figure(value), best: figure(best) };
      const which = { suite: 'predict', row, unit, ...about(each) };
      results.push({ ...which, ...figures, ...rest, ...notesOn(each, value, note) });
    }
  }
  return results;
}
