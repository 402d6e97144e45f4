// The door for Node: checkpoints as files.
import { readFile } from 'node:fs/promises';
import { NeuriteError, type Trainer } from '@neurite/core';
import { writeFileAtomically } from './atomicFile.ts';
import type { Checkpoint, CheckpointInfo } from './checkpoint.ts';
import { decodeNamed } from './decodeNamed.ts';
import { encode, type NetworkNumbers } from './encode.ts';

/**
 * Saves a training, or a network with its numbers, as `encode` does. At any moment, and should the process be killed or the
 * power fail, the file is the old one or the new one, whole.
 *
 * @param path ends in .safetensors, by custom. The folder must exist.
 * @throws NeuriteError as `encode` does; `data` where the file cannot be written: the old one is then still there.
 *
 * @example
 * await trainer.fit(data, { epochs: 20, callbacks: [{ onEpoch: () => save('digits.safetensors', trainer) }] });
 */
export async function save(
  path: string,
  source: Trainer | NetworkNumbers,
  info: CheckpointInfo = {},
): Promise<void> {
  const bytes = await encode(source, info);
  await writeFileAtomically(path, bytes).catch((cause: Error) => {
    throw new NeuriteError('data', `save: cannot write "${path}": ${cause.message}`, { cause });
  });
}

/**
 * The checkpoint in a file.
 *
 * @throws NeuriteError `data` where the file cannot be read, and as `decode` does; the message begins with the path.
 */
export async function load(path: string): Promise<Checkpoint> {
  const bytes = await readFile(path).catch((cause: Error) => {
    throw new NeuriteError('data', `load: cannot read "${path}": ${cause.message}`, { cause });
  });
  return decodeNamed(path, bytes);
}
