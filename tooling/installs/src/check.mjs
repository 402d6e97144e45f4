// Any subset of the packages in a stranger's project: each program of programs/ in an empty project of its own, with the
// tarballs that tooling/check-packs.mjs left in reports/packs. Nothing may run at installation; then it is type-checked by
// the oldest and the newest TypeScript, run on every Node, and in Chromium as bundled by esbuild and Vite; one as a plain
// page with an import map.
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { transform } from 'esbuild';
import { bundleByEsbuild, bundleByVite, Pages, writeImportMap } from './browser.mjs';
import { nodes } from './nodes.mjs';
import { projects } from './projects.mjs';
import { installScripts } from './scripts.mjs';

const here = fileURLToPath(new URL('..', import.meta.url));
const root = join(here, '../..');
const packs = join(root, 'reports/packs');
const shell = process.platform === 'win32';
const require = createRequire(import.meta.url);
const compilers = ['typescript-oldest', 'typescript'].map((name) => {
  const manifest = require.resolve(`${name}/package.json`);
  const { version, bin } = JSON.parse(readFileSync(manifest, 'utf8'));
  return { version, path: join(dirname(manifest), bin.tsc) };
});

let checks = 0;
let problems = 0;
/** Counts a check; a failure is said and does not end the others. */
async function check(name, act) {
  checks += 1;
  try {
    return await act();
  } catch (error) {
    problems += 1;
    console.error(`${name}: ${error.stdout || error.message}`); // execFile's message has stderr
    return undefined;
  }
}

const tarballs = readdirSync(packs).filter((file) => file.endsWith('.tgz'));
const tarballOf = (name) => {
  const file = tarballs.find((tarball) => new RegExp(`^neurite-${name}-\\d`).test(tarball));
  if (!file) throw new Error(`there is no tarball of @neurite/${name} in reports/packs`);
  return `file:${join(packs, file)}`;
};

const run = promisify(execFile);

const versions = nodes(join(root, 'node_modules/.cache/nodes'));
const folder = mkdtempSync(join(tmpdir(), 'neurite-installs-'));
const pages = new Pages();
try {
  await pages.open(folder);
  const waiting = [...projects];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await checkProject(next);
  };
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, work));
} finally {
  await pages.close();
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${projects.length} projects, ${checks} checks, ${problems} problems`);
process.exitCode = problems > 0 ? 1 : 0;

async function checkProject({ name, packages }) {
  const project = join(folder, name);
  cpSync(join(here, 'programs', `${name}.ts`), join(project, 'program.ts'));
  const dependencies = Object.fromEntries(packages.map((each) => [`@neurite/${each}`, tarballOf(each)]));
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({ private: true, type: 'module', dependencies }),
  );
  await run('npm', ['install', '--silent', '--no-audit', '--no-fund'], { cwd: project, shell });
  await check(`${name}: installation`, () => {
    const { packages: count, bad } = installScripts(project);
    if (count < packages.length) throw new Error(`only ${count} packages are there`);
    if (bad.length > 0) throw new Error(bad.join('; '));
  });

  for (const { version, path } of compilers) {
    const settings = '--noEmit --strict --skipLibCheck false --target es2022 --module nodenext'.split(' ');
    const ignore = Number.parseInt(version, 10) >= 6 ? ['--ignoreConfig'] : [];
    await check(`${name}: TypeScript ${version}`, () =>
      run(process.execPath, [path, ...settings, ...ignore, 'program.ts'], { cwd: project }),
    );
  }

  const { code } = await transform(readFileSync(join(project, 'program.ts'), 'utf8'), { loader: 'ts' });
  writeFileSync(join(project, 'program.mjs'), code);
  writeFileSync(
    join(project, 'node.mjs'),
    `import { run } from './program.mjs';\nconsole.log(await run());\n`,
  );
  const said = [];
  for (const { major, path } of versions) {
    await check(`${name}: Node ${major}`, async () => {
      const { stdout } = await run(path, ['node.mjs'], { cwd: project });
      said.push(stdout.trim());
    });
  }

  writeFileSync(
    join(project, 'page.mjs'),
    `import { run } from './program.mjs';
run().then(
(said) => { document.title = said; },
(error) => { document.title = 'failed: ' + error.message; },
);
`,
  );
  await check(`${name}: esbuild`, async () => {
    await bundleByEsbuild(project);
    said.push(await pages.run(`${name}/page-esbuild`));
  });
  await check(`${name}: Vite`, async () => {
    await bundleByVite(project);
    said.push(await pages.run(`${name}/page-vite`));
  });
  if (!packages.includes('backend-wasm') && !packages.includes('backend-gpu')) {
    await check(`${name}: import map`, async () => {
      writeImportMap(project, packages);
      said.push(await pages.run(`${name}/page-import-map`));
    });
  }
  console.log(`${name}: ${[...new Set(said)].join(' | ')}`);
}
