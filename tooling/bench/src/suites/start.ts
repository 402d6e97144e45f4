// Milliseconds from the import of a system to the end of its first step, in a process of its own.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median } from '../measure.ts';
import type { Result } from '../result.ts';
import { rows } from '../rows.ts';
import { withoutFits } from './loaded.ts';
import { type Suite, type SuiteOptions, timesYardstick } from './suite.ts';

export const start: Suite = {
  title: 'Milliseconds from the import to the end of the first step, each in a process of its own',
  brackets: timesYardstick,
  run,
};

const networks = ['2-6-2', '784-128-10'];
const child = fileURLToPath(new URL('../startOne.ts', import.meta.url));

async function run({ systems, quick, report }: SuiteOptions): Promise<Result[]> {
  const rounds = quick ? 3 : 9;
  const results: Result[] = [];
  for (const row of rows.filter(({ name }) => networks.includes(name))) {
    report(`start: ${row.name}`);
    const runs = withoutFits(systems).map((system) => ({ system, reports: [] as StartReport[] }));
    for (let round = 0; round < rounds; round++) {
      for (const { system, reports } of runs) {
        if (reports.some(({ failure }) => failure !== undefined)) continue;
        reports.push(startOnce(system, row.name));
      }
    }
    for (const { system, reports } of runs) {
      const { backend = '', threads = 1, version = '', note, failure } = reports.at(-1) as StartReport;
      const times = reports.flatMap(({ milliseconds }) => milliseconds ?? []);
      const notes = [failure === undefined ? note : undefined, failure].filter((each) => each !== undefined);
      results.push({
        ...{ suite: 'start', row: row.name, batch: row.batch, system, backend, threads, version, unit: 'ms' },
        ...(failure === undefined && {
          value: median(times),
          best: Math.min(...times),
          rounds: times.length,
        }),
        ...(notes.length > 0 && { note: notes.join('; ') }),
      });
    }
  }
  return results;
}

/** What startOne.ts prints. */
export interface StartReport {
  readonly milliseconds?: number;
  readonly backend?: string;
  readonly threads?: number;
  readonly version?: string;
  readonly note?: string;
  readonly failure?: string;
}

/** Without the condition `@neurite/source`: what is started is what is built, as users get it. */
function startOnce(system: string, row: string): StartReport {
  const { stdout, stderr, error, signal } = spawnSync(process.execPath, [child, system, row], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  // Libraries greet on stdout too; the report is the last line.
  const last = stdout?.trim().split('\n').at(-1) ?? '';
  if (last.startsWith('{')) return JSON.parse(last) as StartReport;
  const said = stderr?.split('\n').find((text) => text.includes('Error'));
  return { failure: error?.message ?? said ?? `its process ended without a report (${signal})` };
}
