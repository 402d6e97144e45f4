// Recipes from the course and from papers, and how far they get: README.md has the figures.
import { relu } from '@neurite/activations';
import type { Layer, Optimizer } from '@neurite/core';
import { dense, dropout, maxout, standardize } from '@neurite/layers';
import { cosineDecay, momentum, polynomialDecay } from '@neurite/optimizers';
import { l2, maxNorm } from '@neurite/regularizers';
import type { PictureSetName } from './data.ts';
import type { Recipe } from './recipe.ts';

/** A recipe with what it is meant for, all of which can be chosen otherwise. */
export interface Preset extends Recipe {
  readonly data: PictureSetName;
  readonly epochs: number;
  readonly batchSize: number;
}

/** `layers` with a fifth of the inputs left out in training, and half of what each layer makes. */
const withDropout = (...layers: readonly Layer[]): Layer[] => [
  dropout({ rate: 0.2 }),
  ...layers.flatMap((layer) => [layer, dropout({ rate: 0.5 })]),
];

/** Momentum with a rate that falls to 0 in a straight line. */
const falling =
  (initial: number, inertia: number) =>
  (steps: number): Optimizer =>
    momentum({ learningRate: polynomialDecay({ initial, steps }), momentum: inertia });

export const presets = {
  /** The two-layer network of Stanford's course CS231n. */
  'course-cifar-10': {
    data: 'cifar-10',
    summary: 'standardized pixels, 100 ReLU, l2 0.001, momentum 0.9, learning rate 0.01 falling as a cosine',
    layers: [standardize(), dropout({ rate: 0.1 }), dense({ units: 100, activation: relu() })],
    optimizer: (steps) => momentum({ learningRate: cosineDecay({ initial: 0.01, steps }) }),
    regularizer: l2({ strength: 1e-3 }),
    epochs: 12,
    batchSize: 128,
  },
  /** Srivastava and others, 2014: Dropout, table 2, with ReLU and two hidden layers. */
  'dropout-max-norm': {
    data: 'mnist',
    summary:
      '2 × 1024 ReLU, dropout 0.2 and 0.5, max-norm 3, momentum 0.9, learning rate 0.1 falling in a straight line',
    layers: withDropout(
      dense({ units: 1024, activation: relu() }),
      dense({ units: 1024, activation: relu() }),
    ),
    optimizer: falling(0.1, 0.9),
    constraint: maxNorm({ limit: 3 }),
    epochs: 60,
    batchSize: 128,
  },
  /** Goodfellow and others, 2013: Maxout Networks, section 5.1, with 240 units of 5 pieces. */
  maxout: {
    data: 'mnist',
    summary:
      '2 × 240 maxout of 5 pieces, dropout 0.2 and 0.5, max-norm 1.9365, momentum 0.7, learning rate 0.1 falling in a straight line',
    layers: withDropout(maxout({ units: 240, pieces: 5 }), maxout({ units: 240, pieces: 5 })),
    optimizer: falling(0.1, 0.7),
    constraint: maxNorm({ limit: 1.9365 }),
    epochs: 40,
    batchSize: 100,
  },
} satisfies Record<string, Preset>;
