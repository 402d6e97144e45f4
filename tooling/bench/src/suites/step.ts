// Microseconds a training step, of every system on every row.
import { measure, summary } from '../measure.ts';
import type { Result } from '../result.ts';
import { problemOf, rows } from '../rows.ts';
import { about, loadAll, notesOn } from './loaded.ts';
import { type Suite, type SuiteOptions, timesYardstick } from './suite.ts';

export const step: Suite = { title: 'Microseconds a training step', brackets: timesYardstick, run };

async function run({ rows: chosen, systems, plan, report }: SuiteOptions): Promise<Result[]> {
  const loaded = await loadAll(systems);
  const results: Result[] = [];
  for (const row of rows.filter(({ name }) => chosen.includes(name))) {
    report(`step: ${row.name}, batch ${row.batch}`);
    const problem = problemOf(row);
    const creators = loaded.map(({ system }) => async () => {
      if (system instanceof Error) throw system;
      return system.create(problem);
    });
    for (const [index, measured] of (await measure(creators, plan)).entries()) {
      const each = loaded[index] as (typeof loaded)[number];
      const { note, ...figures } = summary(measured, plan);
      const which = { suite: 'step', row: row.name, batch: row.batch, unit: 'µs', ...about(each) };
      results.push({ ...which, ...figures, ...notesOn(each, figures.value, note) });
    }
  }
  return results;
}
