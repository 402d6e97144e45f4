// The Nodes that the packages promise to run on, from npm.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const majors = [20, 22, 24, 26];

/**
 * The newest Node of each major version, kept in `folder` from run to run.
 *
 * @returns {{ major: number, path: string }[]} programs to start.
 */
export function nodes(folder) {
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(folder, 'package.json')))
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  // What `node` on npm would fetch by a script of its own.
  const { platform, arch } = process;
  const binary = `node-${platform === 'win32' ? 'win' : platform}-${arch}`;
  const pathOf = (major) =>
    join(folder, `node_modules/node-${major}/bin/node${platform === 'win32' ? '.exe' : ''}`);
  const missing = majors.filter((major) => !existsSync(pathOf(major)));
  if (missing.length > 0) {
    const wanted = missing.map((major) => `node-${major}@npm:${binary}@${major}`);
    execFileSync('npm', ['install', '--silent', '--no-audit', '--no-fund', '--ignore-scripts', ...wanted], {
      cwd: folder,
      stdio: 'inherit',
      shell: platform === 'win32',
    });
  }
  return majors.map((major) => ({ major, path: pathOf(major) }));
}
