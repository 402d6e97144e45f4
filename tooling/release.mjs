// Publishes the packages whose version the registry lacks, with provenance: `pnpm run release`, from the release workflow.
// `pnpm run release --dry-run` does all of it but publishing, anywhere, and prints what would be published.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const shell = process.platform === 'win32';
const isDry = process.argv.includes('--dry-run');
const run = (command, args, options = {}) =>
  execFileSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    shell,
    stdio: ['ignore', 'pipe', 'inherit'],
    ...options,
  });

/** Why this tree cannot be released as it is. */
function obstacles() {
  const found = [];
  const pending = readdirSync(join(root, '.changeset')).filter(
    (file) => file.endsWith('.md') && file !== 'README.md',
  );
  if (pending.length > 0)
    found.push(`${pending.length} changesets wait: \`pnpm changeset version\` turns them into versions`);
  if (run('git', ['status', '--porcelain']).trim() !== '')
    found.push('the tree has changes that are not committed');
  for (const name of readdirSync(join(root, 'packages'))) {
    const manifest = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));
    for (const field of ['description', 'keywords', 'license', 'repository', 'engines'])
      if (!manifest[field]) found.push(`${manifest.name} has no ${field}`);
    if (!existsSync(join(root, 'packages', name, 'README.md')))
      found.push(`${manifest.name} has no README.md`);
    if (manifest.version === '0.0.0') found.push(`${manifest.name} has no version yet`);
    else if (!existsSync(join(root, 'packages', name, 'CHANGELOG.md')))
      found.push(`${manifest.name} has no CHANGELOG.md`);
  }
  if (!isDry && process.env.GITHUB_ACTIONS !== 'true')
    found.push('provenance is attested by the release workflow: publish there, or add --dry-run');
  return found;
}

const problems = obstacles();
if (problems.length > 0) {
  console.error(problems.map((problem) => `✗ ${problem}`).join('\n'));
  if (!isDry) process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'neurite-release-'));
try {
  run('pnpm', ['exec', 'node', 'tooling/check-packs.mjs'], { stdio: 'inherit' });
  const planFile = join(folder, 'plan.json');
  run('pnpm', ['exec', 'changeset', 'publish-plan', '--output', planFile], { stdio: 'ignore' });
  // In waves: each after what it depends on.
  const { plan } = JSON.parse(readFileSync(planFile, 'utf8'));
  const names = plan.flat().flatMap(({ kind, name }) => (kind === 'publish' ? [name] : []));
  for (const name of names) {
    const tarball = readdirSync(join(root, 'reports/packs')).find((file) =>
      new RegExp(`^${name.replace('@', '').replace('/', '-')}-\\d`).test(file),
    );
    const path = join(root, 'reports/packs', tarball);
    const { version, files, size, unpackedSize } = describe(path);
    console.log(
      `${name}@${version}: ${files} files, ${kB(size)} packed, ${kB(unpackedSize)} unpacked, with provenance`,
    );
    if (isDry) continue;
    const { status } = spawnSync('npm', ['publish', path, '--provenance', '--access', 'public'], {
      stdio: 'inherit',
      shell,
    });
    if (status !== 0) throw new Error(`${name} was not published: what was before it is; run this again`);
    run('git', ['tag', `${name}@${version}`]);
  }
  console.log(
    names.length === 0
      ? 'nothing to publish: the registry has every version'
      : `${names.length} packages ${isDry ? 'would be' : 'were'} published`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (problems.length > 0) process.exitCode = 1;

function describe(tarball) {
  const said = run('npm', ['publish', tarball, '--dry-run', '--json', '--access', 'public'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const report = JSON.parse(said);
  const { version, files, size, unpackedSize } = report.version ? report : Object.values(report)[0];
  return { version, files: files.length, size, unpackedSize };
}

function kB(bytes) {
  return `${(bytes / 1000).toFixed(0)} kB`;
}
