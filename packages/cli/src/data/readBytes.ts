// Bytes of data files, gzipped or not.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { NeuriteError } from '@neurite/core';
import type { Surroundings } from '../surroundings.ts';

const unpack = promisify(gunzip);

/**
 * @param path a file, or - for stdin.
 * @throws NeuriteError `data` where it cannot be read, is empty, or is gzipped and damaged.
 */
export async function readBytes(path: string, { stdin, folder }: Surroundings): Promise<Uint8Array> {
  const bytes = path === '-' ? await readAll(stdin) : await readFile(resolve(folder, path)).catch(refuse);
  if (bytes.length === 0) throw new NeuriteError('data', `${nameOf(path)} is empty`);
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return isPacked ? await unpack(bytes).catch(refuse) : bytes;

  function refuse(cause: Error): never {
    throw new NeuriteError('data', `${nameOf(path)} cannot be read: ${cause.message}`, { cause });
  }
}

/** What to call it in messages. */
export const nameOf = (path: string): string => (path === '-' ? 'stdin' : path);

async function readAll(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
