// `pnpm bench`: measures Neurite beside its peers, in one run.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Arguments, parseArguments, UsageError, usage } from './arguments.ts';
import { load, machine } from './machine.ts';
import { fullPlan, quickPlan } from './measure.ts';
import { suites } from './suites/index.ts';
import type { Suite } from './suites/suite.ts';
import { printTable } from './table.ts';

try {
  const given = parseArguments(process.argv.slice(2));
  if (given.help) console.log(usage);
  else await main(given);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

async function main({ suite: name, rows, systems, quick, json }: Arguments): Promise<void> {
  const busy = load();
  if (busy > 0.5) console.error(`Other work is running here (load ${busy.toFixed(1)}): expect noise.`);
  const plan = quick ? quickPlan : fullPlan;
  const { title, run } = suites[name] as Suite;
  const results = await run({ rows, systems, plan, report: (line) => console.error(line) });

  console.log(`\n${machine()}`);
  console.log(`\n${title}, median of ${plan.rounds} interleaved rounds (× Neurite's):\n`);
  console.log(printTable(results));
  console.log(`\n${title}, best round (× Neurite's):\n`);
  console.log(printTable(results, 'minimum'));
  if (json === undefined) return;
  const lines = results.map((result) => ({
    ...result,
    microsecondsPerStep: result.value,
    machine: machine(),
  }));
  // pnpm runs this in the package's folder; INIT_CWD is where it was called.
  writeFileSync(resolve(process.env.INIT_CWD ?? '.', json), `${JSON.stringify(lines, undefined, 2)}\n`);
}
