// Every binary that an installed package offers for some platform must be in pnpm-lock.yaml: a release whose macOS or Windows
// build is missing from the registry installs without a word on Linux, and breaks everybody else.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const store = join(root, 'node_modules/.pnpm');
const platform = /darwin|linux|win32|windows|freebsd|android|macos/;

const lockfile = readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8');
const section = lockfile.match(/^packages:\n([\s\S]*?)^snapshots:/m)?.[1] ?? '';
const locked = new Set([...section.matchAll(/^ {2}'?([^\s':]+)'?:$/gm)].map(([, key]) => key));

/** `name@version` of what a dependency of package.json asks for, with `npm:` aliases followed. */
function target(name, range) {
  const alias = range.match(/^npm:(@?[^@]+)@(.*)$/);
  return alias ? { name: alias[1], range: alias[2] } : { name, range };
}

function isLocked({ name, range }) {
  if (/^\d/.test(range)) return locked.has(`${name}@${range}`);
  return [...locked].some((key) => key.startsWith(`${name}@`)); // a range: any version of it
}

let checked = 0;
let problems = 0;
const seen = new Set();
for (const entry of readdirSync(store)) {
  const modules = join(store, entry, 'node_modules');
  let names = [];
  try {
    // A package lies here as a folder; what it depends on, as links.
    names = readdirSync(modules, { withFileTypes: true }).flatMap((item) => {
      if (!item.isDirectory()) return [];
      if (!item.name.startsWith('@')) return [item.name];
      return readdirSync(join(modules, item.name), { withFileTypes: true })
        .filter((scoped) => scoped.isDirectory())
        .map((scoped) => `${item.name}/${scoped.name}`);
    });
  } catch {
    continue; // no package: lock.yaml and the like
  }
  for (const name of names) {
    let manifest;
    try {
      manifest = JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8'));
    } catch {
      continue;
    }
    const id = `${manifest.name}@${manifest.version}`;
    const binaries = Object.entries(manifest.optionalDependencies ?? {}).filter(([key]) =>
      platform.test(key),
    );
    if (binaries.length < 3 || seen.has(id)) continue;
    seen.add(id);
    checked += 1;
    const missing = binaries.map(([key, range]) => target(key, range)).filter((binary) => !isLocked(binary));
    if (missing.length === 0) continue;
    problems += 1;
    const list = missing.map((binary) => `${binary.name}@${binary.range}`).join(', ');
    console.error(
      `${id}: ${missing.length} of ${binaries.length} binaries are not in pnpm-lock.yaml: ${list}`,
    );
  }
}
// An empty check would pass whatever the lockfile says.
if (checked === 0 || locked.size === 0) {
  problems += 1;
  console.error('no package with binaries was found');
}
console.log(`${checked} packages with binaries for several platforms, ${problems} problems`);
process.exitCode = problems > 0 ? 1 : 0;
