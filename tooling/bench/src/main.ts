// `pnpm bench`: measures Neurite beside its peers, in one run.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Arguments, parseArguments, UsageError, usage } from './arguments.ts';
import { load, machine } from './machine.ts';
import { fullPlan, quickPlan } from './measure.ts';
import { installPeers } from './peers.ts';
import { printJson, type Result } from './result.ts';
import { suites } from './suites/index.ts';
import type { Suite } from './suites/suite.ts';
import { printTable } from './table.ts';

try {
  const given = parseArguments(process.argv.slice(2));
  if (given.help) console.log(usage);
  else {
    await main(given);
    process.exit(); // workers of peers would keep it alive
  }
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

async function main(given: Arguments): Promise<void> {
  const { suites: names, rows, systems, quick, slow, markdown, json } = given;
  const busy = load();
  if (busy > 0.5) console.error(`Other work is running here (load ${busy.toFixed(1)}): expect noise.`);
  const report = (line: string): void => console.error(line);
  installPeers(report);
  const plan = quick ? quickPlan : fullPlan;

  console.log(markdown ? `Measured on ${machine()}.` : `\n${machine()}`);
  const all: Result[] = [];
  for (const name of names) {
    const { title, brackets, run } = suites[name] as Suite;
    const begin = performance.now();
    const results = await run({ rows, systems, plan, quick, slow, report });
    report(`${name}: ${Math.round((performance.now() - begin) / 1000)} s`);
    all.push(...results);
    // pnpm runs this in the package's folder; INIT_CWD is where it was called. Written early: runs are long.
    if (json !== undefined)
      writeFileSync(resolve(process.env.INIT_CWD ?? '.', json), printJson(all, machine()));
    const rounds = results.some(({ best }) => best !== undefined);
    const head = `${title}${rounds ? ', median round' : ''} (${brackets})`;
    console.log(markdown ? `\n**${head}**\n` : `\n${head}:\n`);
    console.log(printTable(results));
    if (markdown || !rounds) continue;
    console.log(`\n${title}, best round (${brackets}):\n`);
    console.log(printTable(results, 'best'));
  }
}
