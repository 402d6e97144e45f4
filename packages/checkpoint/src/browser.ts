// The door for browsers: checkpoints as downloads, as files that somebody chooses, and in the origin private file system.
import { NeuriteError, type Trainer } from '@neurite/core';
import type { Checkpoint, CheckpointInfo } from './checkpoint.ts';
import { decodeNamed } from './decodeNamed.ts';
import { encode, type NetworkNumbers } from './encode.ts';

const extension = '.safetensors';

/**
 * Saves a training, or a network with its numbers, where the browser puts its downloads.
 *
 * @param filename should end in .safetensors.
 * @throws NeuriteError as `encode` does.
 */
export async function download(
  source: Trainer | NetworkNumbers,
  filename: string,
  info: CheckpointInfo = {},
): Promise<void> {
  const blob = new Blob([await encode(source, info)], { type: 'application/octet-stream' });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = filename;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // a slow browser may only begin now
}

/**
 * Lets somebody choose a file. To be called from a click: browsers open no dialogue by themselves.
 *
 * @returns undefined where nothing was chosen.
 * @throws NeuriteError as `decode` does; the message begins with the file's name.
 */
export async function openFile(): Promise<Checkpoint | undefined> {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = extension;
  const chosen = await new Promise<File | undefined>((resolve) => {
    input.addEventListener('change', () => resolve(input.files?.[0]));
    input.addEventListener('cancel', () => resolve(undefined));
    input.click();
  });
  return chosen && readFile(chosen);
}

/**
 * The checkpoint in a file that was dropped, chosen or fetched.
 *
 * @throws NeuriteError as `decode` does; the message begins with the file's name.
 */
export const readFile = async (file: File): Promise<Checkpoint> =>
  decodeNamed(file.name, new Uint8Array(await file.arrayBuffer()));

/**
 * Saves to the origin private file system, which the page alone sees. The old file stays until the new one is whole.
 *
 * @param name of the file, without folders.
 * @throws NeuriteError as `encode` does; `unsupported` where the browser has none, as in a page without https; `data` where
 * the file cannot be written.
 */
export async function saveToOpfs(
  name: string,
  source: Trainer | NetworkNumbers,
  info: CheckpointInfo = {},
): Promise<void> {
  const folder = await privateFolder();
  const bytes = await encode(source, info);
  try {
    const file = await folder.getFileHandle(name, { create: true });
    const writable = await file.createWritable(); // a copy beside the file, which takes its place when it is closed
    try {
      await writable.write(bytes);
    } catch (error) {
      await writable.abort();
      throw error;
    }
    await writable.close();
  } catch (cause) {
    throw new NeuriteError('data', `saveToOpfs: cannot write "${name}": ${(cause as Error).message}`, {
      cause,
    });
  }
}

/**
 * The checkpoint that `saveToOpfs` saved under this name; undefined where there is none.
 *
 * @throws NeuriteError as `decode` does; `unsupported` where the browser has no such file system.
 */
export async function loadFromOpfs(name: string): Promise<Checkpoint | undefined> {
  const folder = await privateFolder();
  let file: File;
  try {
    file = await (await folder.getFileHandle(name)).getFile();
  } catch (cause) {
    if ((cause as Error).name === 'NotFoundError') return undefined;
    throw new NeuriteError('data', `loadFromOpfs: cannot read "${name}": ${(cause as Error).message}`, {
      cause,
    });
  }
  // A first save that was ended too early leaves the name, with nothing in it.
  return file.size === 0 ? undefined : readFile(file);
}

async function privateFolder(): Promise<FileSystemDirectoryHandle> {
  try {
    return await navigator.storage.getDirectory();
  } catch (cause) {
    throw new NeuriteError(
      'unsupported',
      'this page has no private file system: it needs https, or localhost, and no private window',
      { cause },
    );
  }
}
