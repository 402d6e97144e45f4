// The process of the suite `start`: loads one system, makes one step, prints how long that took.
import { problemOf, rows } from './rows.ts';
import type { StartReport } from './suites/start.ts';
import { systems } from './systems/index.ts';

const [name, rowName] = process.argv.slice(2);
const entry = systems[name ?? ''];
const row = rows.find((each) => each.name === rowName);
if (!entry || !row) throw new Error(`startOne takes a system and a row, but got ${name} ${rowName}`);
const problem = problemOf(row);

const begin = performance.now();
const report: StartReport = await entry
  .load()
  .then(async (system) => {
    const { backend, threads, version, note } = system;
    const session = await system.create(problem);
    const loss = await session.call();
    if (!Number.isFinite(loss)) throw new Error(`its loss became ${loss}`);
    const milliseconds = performance.now() - begin;
    const steps = session.stepsPerCall ?? 1;
    if (steps > 1) throw new Error(`not measured: its first call makes ${steps} steps`);
    return {
      ...{ backend, threads, version, milliseconds },
      ...(note !== undefined && { note }),
    };
  })
  .catch((error: Error) => ({ failure: error.message }));
console.log(JSON.stringify(report));
process.exit(); // workers of peers would keep it alive
