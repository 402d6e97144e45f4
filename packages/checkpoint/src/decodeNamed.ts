// `decode` for files that have a name.
import { NeuriteError } from '@neurite/core';
import type { Checkpoint } from './checkpoint.ts';
import { decode } from './decode.ts';

/** As `decode`; its messages begin with `name`. */
export function decodeNamed(name: string, bytes: Uint8Array): Checkpoint {
  try {
    return decode(bytes);
  } catch (error) {
    if (!(error instanceof NeuriteError)) throw error;
    throw new NeuriteError(error.code, `${name}: ${error.message}`, { cause: error });
  }
}
