// The libraries that Neurite is compared with. They are no part of the workspace: the benchmark installs them into
// peers/ when it first needs them, from a lockfile of their own, and runs none of their install scripts.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const folder = fileURLToPath(new URL('../peers', import.meta.url));
const require = createRequire(join(folder, 'package.json'));

/** Installs the peers unless they are there as the lockfile has them. A failure is told, and is theirs alone. */
export function installPeers(report: (line: string) => void): void {
  const lockfile = statSync(join(folder, 'pnpm-lock.yaml'));
  const marker = join(folder, 'node_modules/.modules.yaml');
  if (existsSync(marker) && statSync(marker).mtimeMs >= lockfile.mtimeMs) return;
  report('Installing the peers into tooling/bench/peers (once, some 130 MB to fetch)');
  const pnpm = fileURLToPath(new URL('../../../node_modules/.bin/pnpm', import.meta.url));
  const options = ['--ignore-workspace', '--frozen-lockfile', '--ignore-scripts', '--reporter=append-only'];
  const { status, error } = spawnSync(pnpm, ['install', '--dir', folder, ...options], {
    stdio: ['ignore', 2, 2], // stdout is for the tables
    shell: process.platform === 'win32',
  });
  // pnpm leaves the marker alone where nothing was to be done.
  if (status === 0) utimesSync(marker, new Date(), new Date());
  else report(`The peers could not be installed: ${error?.message ?? `pnpm ended with ${status}`}`);
}

/** A peer as CommonJS gives it. `Library` is what is used of it. */
export const requirePeer = <Library>(name: string): Library => require(name) as Library;

/** A peer's file as an ES module. */
export const importPeer = async <Library>(name: string, file: string): Promise<Library> =>
  (await import(pathToFileURL(peerFile(name, file)).href)) as Library;

/** The path of a file in a peer's package. */
export const peerFile = (name: string, file: string): string => join(folder, 'node_modules', name, file);

export const versionOfPeer = (name: string): string =>
  (JSON.parse(readFileSync(peerFile(name, 'package.json'), 'utf8')) as { version: string }).version;
