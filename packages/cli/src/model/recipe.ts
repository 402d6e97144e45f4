// How it is trained: loss, optimizer, penalty, and what is measured.
import {
  absoluteError,
  accuracy,
  type Loss,
  type Metric,
  type Optimizer,
  type Regularizer,
  rSquared,
} from '@neurite/core';
import { meanAbsoluteError, meanSquaredError, softmaxCrossEntropy } from '@neurite/losses';
import type { Targets } from '../data/examples.ts';
import { type Plugins, pluginOf } from '../plugins.ts';
import { asUsage } from '../usageError.ts';
import type { Scaling } from './network.ts';
import type { PluginText } from './pluginText.ts';

export interface RecipeOptions {
  readonly loss?: PluginText | undefined;
  readonly optimizer: PluginText;
  readonly learningRate?: number | undefined;
  readonly regularizer?: PluginText | undefined;
}

export interface Recipe {
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  readonly regularizer: Regularizer | undefined;
  readonly metrics: readonly Metric[];
}

/** @throws UsageError where there is no such plugin, or it takes no such option. */
export const recipeOf = (
  { loss, optimizer, learningRate, regularizer }: RecipeOptions,
  isClassification: boolean,
  plugins: Plugins,
): Recipe =>
  asUsage(() => ({
    loss: loss ? pluginOf(plugins, 'loss', loss, '--loss') : usualLoss(isClassification),
    optimizer: pluginOf(
      plugins,
      'optimizer',
      { ...optimizer, ...(learningRate !== undefined && { learningRate }) },
      '--optimizer',
    ),
    regularizer: regularizer && pluginOf(plugins, 'regularizer', regularizer, '--regularizer'),
    metrics: usualMetrics(isClassification),
  }));

export const usualLoss = (isClassification: boolean): Loss =>
  isClassification ? softmaxCrossEntropy() : meanSquaredError();

export const usualMetrics = (isClassification: boolean): readonly Metric[] =>
  isClassification ? [accuracy()] : [rSquared(), absoluteError()];

/**
 * Numbers far from −1 … 1 are hard to learn: the network's last step scales to them, and the loss, divided by as much, is
 * as if they had mean 0 and deviation 1. Only for losses of which it is known how they grow with the numbers.
 */
export function scalingFor(
  { type }: Loss,
  targets: Targets,
): { readonly scaling: Scaling; readonly weight: number } | undefined {
  const power = { [meanSquaredError.type]: 2, [meanAbsoluteError.type]: 1 }[type];
  if (power === undefined) return undefined;
  const mean = (numbers: readonly number[]): number =>
    numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
  const numbers = Array.from(targets);
  const offset = mean(numbers);
  const variance = mean(numbers.map((each) => (each - offset) ** 2));
  const scale = Math.sqrt(variance) || 1;
  return { scaling: { scale, offset }, weight: 1 / scale ** power };
}
