// What a file of this package holds, once it has been read and checked. Plain data but for the tensors' numbers, which are
// copied out of the file when they are asked for.
import type { NetworkData, PluginData, ScheduleMemory } from '@neurite/core';
import type { JsonObject } from './json/json.ts';
import type { FileTensor } from './safetensors/tensor.ts';

/** Names of the classes, in the order of the network's outputs; by output where there are several. */
export type ClassNames = readonly string[] | Readonly<Record<string, readonly string[]>>;

/** What is saved beside a network because who uses it needs it. All of it is optional. */
export interface CheckpointInfo {
  readonly classNames?: ClassNames | undefined;
  /** How the data were prepared: means, deviations, ranges, categories, in whatever form the program wants them back. */
  readonly statistics?: JsonObject | undefined;
  /** Whatever else a program wants to find again. */
  readonly notes?: JsonObject | undefined;
}

/** By name; each is there that `Object.keys` lists. */
export type TensorsByName = Readonly<Record<string, FileTensor>>;

/** A network with its numbers and, where it was saved with it, its training. */
export interface Checkpoint extends CheckpointInfo {
  /** Of the form of the file. */
  readonly version: 1;
  /** `registry().network(checkpoint.network)` makes it again, `networkOf` checks it besides. */
  readonly network: NetworkData;
  /** What the parameters are: F32 or F64. */
  readonly dtype: 'float32' | 'float64';
  /** hidden1.weight [784, 128] and so on, in the network's order. */
  readonly parameters: TensorsByName;
  /** What layers keep from step to step, such as batchNorm1.mean. */
  readonly layerState: TensorsByName;
  readonly training?: TrainingState | undefined;
}

/** By what a training computes, as data: what `train()` was given. */
export interface TrainingRecipe {
  /** By output. */
  readonly losses: Readonly<Record<string, { readonly loss: PluginData; readonly weight: number }>>;
  readonly optimizer: PluginData;
  readonly regularizer?: PluginData | undefined;
  readonly constraint?: PluginData | undefined;
  /** By output. */
  readonly metrics: Readonly<Record<string, readonly PluginData[]>>;
  /** Of the generator; with the number of steps it is the generator's whole state. */
  readonly seed: number;
}

/** A training, between two of its steps. */
export interface TrainingState extends TrainingRecipe {
  /** Steps that were made. */
  readonly steps: number;
  /** Epochs that were begun, over all calls of `fit`. */
  readonly epochs: number;
  /** What the schedules remember. */
  readonly schedules: readonly ScheduleMemory[];
  /** Whether what depends on the data before the first step was done. */
  readonly adapted: boolean;
  /** Parameters that were given their numbers, so that the data will not scale them. */
  readonly written?: readonly string[] | undefined;
  /** What the optimizer remembers of each parameter: velocity by parameter, each of the parameter's shape. */
  readonly optimizerState: Readonly<Record<string, TensorsByName>>;
  /** What the optimizer remembers of the training as a whole, [numbers]. */
  readonly memory: TensorsByName;
  /** Which of the things remembered stands in for the parameters in evaluation and prediction. */
  readonly evaluates?: string | undefined;
  /** How far the last `fit` has come. */
  readonly position?: SavedPosition | undefined;
}

/** Where in an epoch a training is. */
export interface SavedPosition {
  /** Epochs that were finished since that `fit` began, and steps that were made in the one under way. */
  readonly epoch: number;
  readonly step: number;
  readonly batchSize: number;
  readonly rows: number;
  /** Loss and metrics as they were added up so far, [numbers]. */
  readonly totals: TensorsByName;
}
