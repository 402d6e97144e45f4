// The sets of pictures that can be named on the command line.

import { cifar10 } from '@neurite/datasets/cifar10';
import { fashionMnist } from '@neurite/datasets/fashionMnist';
import type { ImageSet } from '@neurite/datasets/mnist';
import { mnist } from '@neurite/datasets/mnist';

export interface PictureSet {
  readonly title: string;
  /** What the pictures show: "60,000 handwritten digits". */
  readonly pictures: string;
  /** The same in a word: "9,767 of 10,000 digits read right". */
  readonly things: string;
  /** Width and height of what a terminal shows of a picture. */
  readonly frame: number;
  readonly load: (options: {
    readonly folder: string | undefined;
    readonly onFetch: (what: string) => void;
  }) => Promise<ImageSet>;
}

export const pictureSets = {
  mnist: {
    title: 'MNIST',
    pictures: 'handwritten digits',
    things: 'digits',
    // a digit takes at most 20 × 20 of its 28 × 28 pixels, somewhere around the middle
    frame: 22,
    load: mnist,
  },
  'fashion-mnist': {
    title: 'Fashion-MNIST',
    pictures: 'pictures of clothes',
    things: 'clothes',
    frame: 28,
    load: fashionMnist,
  },
  'cifar-10': {
    title: 'CIFAR-10',
    pictures: 'small photographs',
    things: 'photographs',
    frame: 32,
    load: cifar10,
  },
} as const satisfies Record<string, PictureSet>;

export type PictureSetName = keyof typeof pictureSets;
