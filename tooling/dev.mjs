// Runs on any Node >= 20 with nothing installed: `node tooling/dev.mjs start|test|gates [arguments]`.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path) => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined);
const pin = JSON.parse(read('package.json')).packageManager; // pnpm@x.y.z
const [task = 'test', ...rest] = process.argv.slice(2);
const shell = process.platform === 'win32';
process.env.TURBO_TELEMETRY_DISABLED = '1';

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell, ...options });
  if (error) console.error(`${command}: ${error.message}`);
  return status ?? 1;
}

/** Stops at the first step that fails. */
function must(command, ...args) {
  const code = run(command, args);
  if (code !== 0) process.exit(code);
}

/**
 * What node_modules was made from, and the marks that pnpm left in it; `undefined` where it is not whole.
 * Whoever installs in another way, or pulls another lockfile, changes it.
 */
function installed() {
  const marks = ['node_modules/.modules.yaml', 'node_modules/.pnpm/lock.yaml'];
  const sources = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc'];
  for (const kind of ['packages', 'apps', 'tooling']) {
    for (const name of readdirSync(join(root, kind)).sort()) {
      const text = read(`${kind}/${name}/package.json`);
      if (text === undefined) continue;
      sources.push(`${kind}/${name}/package.json`);
      const { dependencies, devDependencies } = JSON.parse(text);
      if (dependencies || devDependencies) {
        if (!existsSync(join(root, kind, name, 'node_modules'))) return undefined;
      }
    }
  }
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
  for (const path of marks) {
    const text = read(path);
    if (text === undefined) return undefined;
    hash.update(`\n${path}\n${text}`);
  }
  for (const path of sources) hash.update(`\n${path}\n${read(path) ?? ''}`);
  return hash.digest('hex');
}

const stamp = 'node_modules/.dev-installed';
const fresh = installed();
const upToDate = fresh !== undefined && read(stamp) === fresh;

if (upToDate) {
  // The pinned pnpm is a devDependency, so here it is already.
  process.env.PATH = join(root, 'node_modules/.bin') + delimiter + process.env.PATH;
} else {
  const { stdout } = spawnSync('pnpm', ['--version'], { cwd: root, encoding: 'utf8', shell });
  if (`pnpm@${stdout?.trim()}` !== pin) {
    if (process.env.DEV_BOOTSTRAPPED) throw new Error(`${pin} could not be started`);
    const env = { ...process.env, DEV_BOOTSTRAPPED: '1' };
    const again = ['--yes', `--package=${pin}`, '--', 'node', 'tooling/dev.mjs', task, ...rest];
    process.exit(run('npx', again, { env }));
  }
  must('pnpm', 'install', '--frozen-lockfile', '--reporter=append-only');
  const now = installed();
  if (now !== undefined) writeFileSync(join(root, stamp), now);
}

if (task === 'start') {
  const app = '@neurite/app-classify-images...'; // with all that it needs, and nothing else
  must('pnpm', 'exec', 'turbo', 'run', 'build', `--filter=${app}`, '--output-logs=errors-only');
  // Ctrl-C is for the app, which finishes what it has to say; this process waits for it.
  process.on('SIGINT', () => {});
  const node = join(root, 'node_modules/.bin/node');
  process.exit(run(node, [join(root, 'apps/classify-images/dist/main.js'), ...rest]));
}

const failed = [];
const secondsSince = (begin) => ((performance.now() - begin) / 1000).toFixed(1);
function gate(name, ...command) {
  console.log(`\n== ${name}`);
  const begin = performance.now();
  if (run('pnpm', command) !== 0) failed.push(name);
  console.log(`-- ${name}: ${secondsSince(begin)} s`);
}

/** A gate beside others: what it says is printed when it has ended. */
async function gateBeside(name, ...command) {
  const begin = performance.now();
  const child = spawn('pnpm', command, { cwd: root, shell });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text));
  const code = await new Promise((resolve) => child.on('close', resolve).on('error', () => resolve(1)));
  if (code !== 0) failed.push(name);
  console.log(`\n== ${name}\n${said}-- ${name}: ${secondsSince(begin)} s`);
}

const turbo = ['exec', 'turbo', 'run', '--output-logs=errors-only', '--continue'];
if (task === 'gates') {
  gate('build and types', ...turbo, 'build', 'typecheck');
  // `changeset status` compares with main, which a detached checkout lacks.
  const main = run('git', ['rev-parse', '--verify', '--quiet', 'main'], { stdio: 'ignore' });
  if (main !== 0) run('git', ['branch', 'main']);
  const packed = async () => {
    await gateBeside('packages', 'exec', 'node', 'tooling/check-packs.mjs');
    await gateBeside('installs', '--filter', '@neurite/installs', 'run', 'check');
    await gateBeside('bundle sizes', '--filter', '@neurite/installs', 'run', 'sizes');
  };
  const read = async () => {
    await gateBeside('changesets', 'exec', 'changeset', 'status');
    await gateBeside('lint', 'exec', 'biome', 'ci', '.', '--error-on-warnings', '--colors=off');
    await gateBeside('unused code', 'exec', 'knip', '--no-config-hints');
    await gateBeside('boundaries', '--filter', '@neurite/arch', 'run', 'check');
    await gateBeside('platforms', 'exec', 'node', 'tooling/check-platforms.mjs');
    await gateBeside('documentation', '--filter', 'docs', 'run', 'site');
  };
  await Promise.all([packed(), read()]);
  console.log(failed.length > 0 ? `\nfailed gates: ${failed.join(', ')}` : '\nall gates passed');
  process.exit(failed.length);
}

gate('types', ...turbo, 'typecheck');
rmSync(join(root, 'reports'), { recursive: true, force: true });
mkdirSync(join(root, 'reports'));
const report = 'reports/vitest.json';
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
gate('tests', 'exec', 'vitest', 'run', ...reporters, ...rest);
if (failed.length > 0) console.log(`\nfailed steps: ${failed.join(', ')}`);

// What failed beside the tests counts too: other steps here, and the gates that .ci/run ran before.
const others = failed.filter((name) => name !== 'tests').length + Number(process.env.FAILED_GATES ?? 0);
const tests = failed.includes('tests') ? 'failed' : 'passed';
process.exit(run('node', ['tooling/summary.mjs', report, tests, String(others)]));
