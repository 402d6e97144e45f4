// `pnpm new KIND NAME`: a plugin to start from, with its line in the index, its test and its changeset.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { kinds } from './kinds.ts';
import { planPlugin, withLine } from './plan.ts';

const root = join(import.meta.dirname, '../../..');
const usage = `pnpm new KIND NAME\n\n  KIND  ${Object.keys(kinds).join(', ')}\n  NAME  as it is exported: leakyRelu`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { help: { type: 'boolean', short: 'h' } },
});
const [kind, name, ...others] = positionals;
if (values.help || kind === undefined || name === undefined || others.length > 0) {
  console.log(usage);
  process.exit(values.help ? 0 : 1);
}
try {
  create(kind, name);
} catch (error) {
  console.error(`pnpm new: ${(error as Error).message}`);
  process.exit(1);
}

function create(wantedKind: string, wantedName: string): void {
  const { source, index, test, changeset } = planPlugin(wantedKind, wantedName);
  const files = [source, test, changeset];
  const taken = files.find(({ path }) => existsSync(join(root, path)));
  if (taken) throw new Error(`${taken.path} exists already: choose another name`);
  for (const { path, text } of files) writeFileSync(join(root, path), text);
  const indexPath = join(root, index.path);
  writeFileSync(indexPath, withLine(readFileSync(indexPath, 'utf8'), index.line));
  const written = files.map(({ path }) => path);
  spawnSync('biome', ['check', '--write', ...written, index.path], { cwd: root, stdio: 'ignore' });
  console.log(
    [
      ...written.map((path) => `wrote    ${path}`),
      `changed  ${index.path}`,
      '',
      `Put your formula into ${source.path}, then run: npx vitest run ${test.path}`,
    ].join('\n'),
  );
}
