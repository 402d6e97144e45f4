// Holds the tree to .dependency-cruiser.mjs: first the rules to planted faults, then the sources to the rules.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise } from 'dependency-cruiser';
import imports, { runtime } from '../../.dependency-cruiser.mjs';
import { allowed, forbidden } from './planted.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const rules = [...imports.forbidden, ...runtime.forbidden].map((rule) => rule.name);

/** The violations in a tree, as `{ rule, from, to }`, and how many modules and imports of ours were seen at least. */
async function violations(baseDir, folders) {
  const found = [];
  let modules = Infinity;
  let dependencies = Infinity;
  for (const { forbidden, options } of [imports, runtime]) {
    const { output } = await cruise(folders, { ...options, baseDir, validate: true, ruleSet: { forbidden } });
    const ours = output.modules.filter((module) => /^(packages|apps)\/[^/]+\/src\//.test(module.source));
    modules = Math.min(modules, ours.length);
    dependencies = Math.min(dependencies, ours.flatMap((module) => module.dependencies).length);
    for (const { rule, from, to } of output.summary.violations) found.push({ rule: rule.name, from, to });
  }
  return { found, modules, dependencies };
}

/** Every folder `<kind>/<name>` with a package.json. */
const packages = (kind) =>
  readdirSync(join(root, kind))
    .map((name) => `${kind}/${name}`)
    .filter((folder) => existsSync(join(root, folder, 'package.json')));

/** A tree with our package.json files, linked to each other, and sources given as `{ path: text }`. */
function plant(files) {
  const tree = realpathSync(mkdtempSync(join(tmpdir(), 'neurite-arch-')));
  mkdirSync(join(tree, 'node_modules/@neurite'), { recursive: true });
  mkdirSync(join(tree, 'node_modules/outsider'), { recursive: true });
  writeFileSync(
    join(tree, 'node_modules/outsider/package.json'),
    '{ "name": "outsider", "main": "index.js" }',
  );
  writeFileSync(join(tree, 'node_modules/outsider/index.js'), '');
  for (const folder of [...packages('packages'), ...packages('apps')]) {
    mkdirSync(join(tree, folder, 'src'), { recursive: true });
    copyFileSync(join(root, folder, 'package.json'), join(tree, folder, 'package.json'));
    symlinkSync(join(tree, folder), join(tree, 'node_modules/@neurite', folder.split('/')[1]));
    if (folder.startsWith('packages/'))
      writeFileSync(join(tree, folder, 'src/index.ts'), 'export const door = 1;\n');
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  }
  return tree;
}

const problems = [];

// All faults lie in one tree, each in files of its own; so every fault must be found, and nothing else.
const tree = plant({ ...allowed, ...Object.assign({}, ...forbidden.map((fault) => fault.files)) });
try {
  const { found } = await violations(tree, ['packages', 'apps']);
  const expected = new Set(forbidden.flatMap(({ rule, at }) => `${rule} ${at}`));
  const seen = new Set(found.map(({ rule, from }) => `${rule} ${from}`));
  for (const fault of expected) if (!seen.has(fault)) problems.push(`planted, but not found: ${fault}`);
  for (const fault of seen) if (!expected.has(fault)) problems.push(`found, but not planted: ${fault}`);
  for (const name of rules)
    if (!forbidden.some(({ rule }) => rule === name))
      problems.push(`no fault is planted for the rule ${name}`);
} finally {
  rmSync(tree, { recursive: true, force: true });
}
if (problems.length === 0) console.log(`${forbidden.length} planted faults found by ${rules.length} rules`);

const { found, modules, dependencies } = await violations(root, ['packages', 'apps']);
for (const { rule, from, to } of found) {
  const { comment } = [...imports.forbidden, ...runtime.forbidden].find(({ name }) => name === rule);
  problems.push(`${rule}: ${from} → ${to}\n    ${comment}`);
}
if (modules === 0 || dependencies === 0)
  problems.push('no sources were read: the check would pass whatever they say');
for (const problem of problems) console.error(problem);
console.log(`${modules} modules, ${dependencies} imports, ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;
