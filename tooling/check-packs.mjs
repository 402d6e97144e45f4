// Packs every public package as it is published, and checks the tarballs: publint (manifest), attw (type resolution), and a
// project outside the workspace that installs them, imports every entry under the host's own Node, and type-checks.
// Files in tooling/consumer/ take part in that project: each *.mjs is run, each *.ts type-checked.
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = join(root, 'reports/packs');
const shell = process.platform === 'win32';
let problems = 0;
function report(subject, text) {
  problems += 1;
  console.error(`${subject}: ${text}`);
}

// The compiler leaves the output of a source that is gone: build into empty folders, or it would be published.
const folders = readdirSync(join(root, 'packages')).filter((name) =>
  existsSync(join(root, 'packages', name, 'package.json')),
);
for (const name of folders) rmSync(join(root, 'packages', name, 'dist'), { recursive: true, force: true });
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const quiet = { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], shell };
execFileSync(
  'pnpm',
  ['exec', 'turbo', 'run', 'build', '--filter=./packages/*', '--output-logs=errors-only'],
  quiet,
);
execFileSync('pnpm', ['-r', '--filter', './packages/*', 'pack', '--pack-destination', out], quiet);

const tarballs = readdirSync(out).filter((file) => file.endsWith('.tgz'));
if (tarballs.length !== folders.length)
  report('pack', `${tarballs.length} tarballs from ${folders.length} packages`);
const entries = [];
const optional = {};
for (const file of tarballs) {
  const data = readFileSync(join(out, file));
  const pack = createPackageFromTarballData(new Uint8Array(data));
  if (!pack.listFiles().some((path) => path.endsWith('/LICENSE'))) report(file, 'no LICENSE');

  const types = await checkPackage(pack);
  if (!types.types) report(file, 'no types');
  for (const problem of types.problems ?? []) {
    // The packages are ESM only, and say so.
    if (problem.resolutionKind === 'node10' || problem.resolutionKind === 'node16-cjs') continue;
    if (problem.resolutionOption === 'node10') continue;
    report(file, `${problem.kind} ${JSON.stringify(problem)}`);
  }

  const tarball = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
  for (const message of messages) report(file, formatMessage(message, pkg) ?? message.code);
  if (/workspace:|catalog:/.test(JSON.stringify([pkg.dependencies, pkg.peerDependencies])))
    report(file, 'unresolved protocol');
  for (const entry of Object.keys(pkg.exports))
    if (entry !== './package.json') entries.push(pkg.name + entry.slice(1));
  for (const name of Object.keys(pkg.peerDependenciesMeta ?? {})) optional[name] = pkg.peerDependencies[name];
}

const consumer = mkdtempSync(join(tmpdir(), 'neurite-consumer-'));
try {
  // The Node that the user has, not the one that the workspace pins.
  const PATH = process.env.PATH.split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .join(delimiter);
  const env = { PATH };
  for (const name of ['HOME', 'USERPROFILE', 'APPDATA', 'SystemRoot', 'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'])
    if (process.env[name]) env[name] = process.env[name];
  const host = { cwd: consumer, env, stdio: 'inherit', shell };

  const dependencies = { ...optional };
  for (const file of tarballs)
    dependencies[`@neurite/${file.match(/^neurite-(.*)-\d+\.\d+\.\d+/)[1]}`] = `file:${join(out, file)}`;
  const manifest = { private: true, type: 'module', dependencies };
  writeFileSync(join(consumer, 'package.json'), JSON.stringify(manifest));
  execFileSync('npm', ['install', '--silent', '--no-audit', '--no-fund'], host);

  const imports = entries.map((entry, i) => `import * as m${i} from ${JSON.stringify(entry)};`).join('\n');
  const all = entries.map((_, i) => `m${i}`).join(', ');
  writeFileSync(
    join(consumer, 'entries.mjs'),
    `${imports}
const counts = [${all}].map((entry) => Object.keys(entry).length);
if (counts.some((count) => count === 0)) throw new Error('an entry exports nothing: ' + counts);
console.log(process.version + ' imports ' + counts.length + ' entries');
`,
  );
  writeFileSync(
    join(consumer, 'entries.ts'),
    `${imports}
export const all: object[] = [${all}];
// @ts-expect-error an entry without types would let this pass
export const wrong: number = all;
`,
  );
  const hooks = join(root, 'tooling/consumer');
  for (const file of existsSync(hooks) ? readdirSync(hooks) : [])
    if (/\.(mjs|ts)$/.test(file)) copyFileSync(join(hooks, file), join(consumer, file));
  const files = readdirSync(consumer);

  for (const file of files.filter((name) => name.endsWith('.mjs'))) {
    try {
      execFileSync('node', [file], host);
    } catch (error) {
      report(`consumer/${file}`, error.message);
    }
  }
  try {
    execFileSync('npx', ['--no', '--', 'neurite', '--version'], host);
  } catch (error) {
    report('consumer: npx neurite', error.message);
  }
  // With the types of everything that they import, and with none of Node's.
  const sources = files.filter((name) => name.endsWith('.ts')).map((name) => join(consumer, name));
  const settings = [
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    'false',
    '--target',
    'es2022',
    '--module',
    'nodenext',
  ];
  execFileSync('tsc', [...settings, '--ignoreConfig', ...sources], { stdio: 'inherit', shell });
} catch (error) {
  report('consumer', error.message);
} finally {
  rmSync(consumer, { recursive: true, force: true });
}
console.log(`${tarballs.length} packages with ${entries.length} entries checked, ${problems} problems`);
process.exitCode = problems > 0 ? 1 : 0;
