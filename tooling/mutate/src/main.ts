// `pnpm mutate [--package activations]`: changes the sources of the plugins in small ways, runs their tests on each
// change, and tells which ones nobody noticed. Below 95 percent it fails.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Equivalent, equivalent } from './equivalent.ts';
import { type Mutant, mutantsOf } from './mutants.ts';
import { survivorsOf } from './runMutants.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const atLeast = 0.95;

const { values } = parseArgs({
  options: {
    /** May be given several times; all three if not at all. */
    package: { type: 'string', multiple: true, default: ['activations', 'losses', 'optimizers'] },
    /** Only files in whose path one of these is. */
    file: { type: 'string', multiple: true, default: [''] },
  },
});

const isChosen = (file: string): boolean => values.file.some((part) => file.includes(part));

let failed = false;
for (const name of values.package) {
  const sources = filesIn(`packages/${name}/src`, '.ts');
  const tests = filesIn(`packages/${name}/test`, '.test.ts');
  if (sources.length === 0 || tests.length === 0)
    throw new Error(`packages/${name} has no sources or no tests`);
  const texts = new Map(sources.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
  const mutants = [...texts]
    .filter(([file]) => isChosen(file))
    .flatMap(([file, text]) => mutantsOf(file, text));

  const lineOf = ({ file, line }: Mutant): string => texts.get(file)?.split('\n')[line - 1] ?? '';
  const sameAs =
    (mutant: Mutant) =>
    (known: Equivalent): boolean =>
      known.file === mutant.file &&
      known.was === oneLine(mutant.was) &&
      known.becomes === oneLine(mutant.becomes) &&
      lineOf(mutant).includes(known.line);
  const known = (mutant: Mutant): boolean => equivalent.some(sameAs(mutant));

  const survivors = await survivorsOf({
    root,
    tests: tests.map((test) => join(root, test)),
    mutants,
    texts,
    scratch: join(root, 'reports/mutate', name),
    report: (line) => process.stderr.write(`${name}: ${line}\n`),
  });

  const gaps = survivors.filter((mutant) => !known(mutant));
  for (const { file, line, column, was, becomes } of gaps) {
    console.log(`${file}:${line}:${column}  ${shortened(was)} → ${shortened(becomes)}`);
  }
  const total = mutants.length - (survivors.length - gaps.length);
  const score = total === 0 ? 1 : (total - gaps.length) / total;
  const percent = (100 * score).toFixed(1);
  console.log(
    `${name}: ${total - gaps.length} of ${total} mutants caught, ${percent} %; ${mutants.length - total} more are equivalent`,
  );
  if (score < atLeast) failed = true;

  // What is listed as equivalent must still be there, and still survive.
  for (const entry of equivalent.filter(
    ({ file }) => file.startsWith(`packages/${name}/`) && isChosen(file),
  )) {
    if (survivors.some((mutant) => sameAs(mutant)(entry))) continue;
    console.log(`${entry.file}: ${entry.was} → ${entry.becomes} is listed as equivalent, but is no survivor`);
    failed = true;
  }
}
process.exitCode = failed ? 1 : 0;

/** Paths from the root on. */
function filesIn(folder: string, ending: string): string[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .sort();
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

function shortened(text: string): string {
  const flat = oneLine(text);
  return flat.length > 70 ? `${flat.slice(0, 67)}…` : flat;
}
