// Sets of pictures from a folder that somebody else filled.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { NeuriteError } from '@neurite/core';
import { fileNames, type ImageFile, type ImageSet, type ImageSetForm, imageSet } from './imageSet.ts';

/**
 * Reads the four files of a folder, gzipped or not.
 * @throws NeuriteError `data` that names the file and ends with `mend`, what to do.
 */
export async function imagesIn(folder: string, form: ImageSetForm, mend: string): Promise<ImageSet> {
  const names = fileNames(form);
  const where = (file: ImageFile): string => join(folder, names[file]);
  const read = async (file: ImageFile): Promise<Uint8Array> => {
    const path = where(file);
    return readFile(path)
      .catch((cause) => readPacked(path, cause))
      .catch((cause) => {
        throw new NeuriteError('data', `${path} cannot be read (${cause.message}): ${mend}`, { cause });
      });
  };
  const bytes = {
    trainingImages: await read('trainingImages'),
    trainingLabels: await read('trainingLabels'),
    testImages: await read('testImages'),
    testLabels: await read('testLabels'),
  };
  return imageSet(form, bytes, folder, where, mend);
}

async function readPacked(file: string, cause: NodeJS.ErrnoException): Promise<Uint8Array> {
  if (cause.code !== 'ENOENT') throw cause;
  const packed = await readFile(`${file}.gz`).catch(() => {
    throw cause;
  });
  return promisify(gunzip)(packed);
}
