// `.keras` files: zip archives with the architecture and the weights.
import { NeuriteError } from '@neurite/core';
import { strFromU8, unzipSync } from 'fflate';

/** Bytes of an architecture that are read. */
const longestConfig = 4 * 2 ** 20;
/** Weights hardly get smaller when they are packed: what grows by more than this is no model, but a bomb. */
const mostGrowth = 100;

export interface Archive {
  readonly config: unknown;
  /** An HDF5 file. */
  readonly weights: Uint8Array;
}

export const isArchive = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b;

/** @throws NeuriteError `data` where it is no such file, or is damaged. */
export function readArchive(bytes: Uint8Array): Archive {
  if (!isArchive(bytes))
    throw new NeuriteError(
      'data',
      'this is no .keras file: it must be a zip archive, as model.save("x.keras") writes it',
    );
  const files = unpack(bytes);
  const [config, weights] = ['config.json', 'model.weights.h5'].map((name) => {
    const file = files[name];
    if (!file) throw new NeuriteError('data', `this is no .keras file: there is no ${name} in it`);
    return file;
  }) as [Uint8Array, Uint8Array];
  try {
    return { config: JSON.parse(strFromU8(config)), weights };
  } catch (cause) {
    throw new NeuriteError('data', 'the config.json of the .keras file is no JSON', { cause });
  }
}

function unpack(bytes: Uint8Array): Record<string, Uint8Array> {
  const filter = ({ name, originalSize }: { name: string; originalSize: number }): boolean => {
    const most = name === 'config.json' ? longestConfig : Math.max(2 ** 20, mostGrowth * bytes.length);
    if (name !== 'config.json' && name !== 'model.weights.h5') return false;
    if (originalSize <= most) return true;
    throw new NeuriteError('data', `${name} of the .keras file would have ${originalSize} bytes`);
  };
  try {
    return unzipSync(bytes, { filter });
  } catch (cause) {
    if (cause instanceof NeuriteError) throw cause;
    throw new NeuriteError('data', 'the .keras file is damaged: its archive cannot be unpacked', { cause });
  }
}
