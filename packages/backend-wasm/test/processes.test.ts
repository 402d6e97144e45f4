// Processes of their own, under every Node that is installed: they end by themselves, and agree to the last bit.
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Trained, trainedHash } from './children/trainedHash.ts';

/** This Node, the pinned one, and the first on the path outside node_modules, by version. */
function installedNodes(): [version: string, path: string][] {
  const pinned = fileURLToPath(new URL('../../../node_modules/.bin/node', import.meta.url));
  const others = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'node'));
  const paths = [process.execPath, pinned, ...others.filter((path) => !path.includes('node_modules'))];
  const found = paths
    .filter((path) => existsSync(path))
    .map((path): [string, string] => {
      const version = execFileSync(path, ['--version'], { encoding: 'utf8' }).trim();
      return [version, path];
    });
  return [...new Map(found.toReversed())];
}

const nodes = installedNodes();
let folder: string;
const script = (): string => join(folder, 'train.mjs');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'neurite-wasm-'));
  await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      ssr: fileURLToPath(new URL('children/train.ts', import.meta.url)),
      outDir: folder,
      emptyOutDir: false,
      target: 'node20',
      rolldownOptions: { output: { entryFileNames: 'train.mjs', format: 'esm' } },
    },
    ssr: { noExternal: true, resolve: { conditions: ['@neurite/source', 'node', 'module'] } },
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(nodes)('Node %s', (_, node) => {
  it('trains on one thread and on two, to the same bits, and ends though nothing was released', async () => {
    const { stdout } = await promisify(execFile)(node, [script()], { timeout: 20_000 });
    const { alone, together, deterministic } = JSON.parse(stdout) as Record<string, Trained>;
    expect(alone?.mode).toMatch(/^1 thread, /);
    expect(together?.mode).toMatch(/^2 threads, /);
    expect(together?.hash).toBe(alone?.hash);
    expect(together?.loss).toBeLessThan(2.2);
    // The bits of this Node, and so of every other.
    expect(deterministic?.hash).toBe((await trainedHash(1, true)).hash);
  }, 30_000);
});
