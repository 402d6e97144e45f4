// Files that are replaced whole or not at all: written beside, brought to the disk, renamed.
import { randomBytes } from 'node:crypto';
import { open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Milliseconds after which whatever lies beside a file is nobody's work any more, whoever began it. */
const forgotten = 60 * 60 * 1000;

/**
 * Writes `bytes` to `path`. The folder is synchronized, too, where the system can do that, so that the new name is on the
 * disk when this resolves. What killed writers of the same file have left is removed.
 */
export async function writeFileAtomically(path: string, bytes: Uint8Array): Promise<void> {
  const folder = dirname(path);
  const beside = join(folder, `.${basename(path)}.${process.pid}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await open(beside, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await unlink(beside).catch(() => {}); // it may never have been there
    throw error;
  }
  await syncFolder(folder);
  await removeLeftovers(folder, basename(path));
}

/** Windows opens no folders, and needs not: some network drives cannot do it either. The file is whole in any case. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

async function removeLeftovers(folder: string, name: string): Promise<void> {
  for (const entry of await readdir(folder).catch(() => [])) {
    if (!entry.startsWith(`.${name}.`)) continue;
    const [, writer] = /^\.(\d+)\.[0-9a-f]{12}\.tmp$/.exec(entry.slice(name.length + 1)) ?? [];
    if (writer === undefined) continue;
    const leftover = join(folder, entry);
    if (!isRunning(Number(writer)) || (await ageOf(leftover)) > forgotten)
      await unlink(leftover).catch(() => {}); // somebody else was quicker
  }
}

function isRunning(process_: number): boolean {
  try {
    process.kill(process_, 0); // sends nothing
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}

const ageOf = async (path: string): Promise<number> =>
  stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );
