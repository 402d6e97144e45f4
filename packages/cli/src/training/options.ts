// What can be said of a training on the command line, and what is taken where nothing is said.
import type { Task } from '../data/task.ts';
import type { PluginText } from '../model/pluginText.ts';

/** As commander gives them: undefined where nothing was said. */
export interface TrainOptions {
  readonly label?: string;
  readonly labels?: string;
  readonly task?: Task;
  readonly ignore?: readonly string[];
  readonly header: boolean;
  readonly delimiter?: string;
  readonly network?: string;
  readonly hidden?: readonly number[];
  readonly activation?: string;
  readonly standardize?: boolean;
  readonly loss?: PluginText;
  readonly optimizer?: PluginText;
  readonly learningRate?: number;
  readonly regularizer?: PluginText;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly validation?: number;
  readonly seed?: number;
  readonly backend?: string;
  readonly out?: string;
  readonly saveEvery?: number;
  readonly resume?: string;
  readonly plugin: readonly string[];
  readonly json?: boolean;
}

export const usual = {
  hidden: [64, 64],
  activation: 'relu',
  optimizer: 'adam',
  /** Tables are small, sets of pictures are not. */
  epochs: { table: 50, idx: 5 },
  batchSize: 32,
  validation: 0.2,
  seed: 1,
  out: 'model.safetensors',
} as const;

/** What a file that is gone on with says itself. */
export const settledByFile = [
  'label',
  'task',
  'ignore',
  'network',
  'hidden',
  'activation',
  'standardize',
  'loss',
  'optimizer',
  'learningRate',
  'regularizer',
  'batchSize',
  'validation',
  'seed',
] as const satisfies readonly (keyof TrainOptions)[];

/** learningRate → --learning-rate. */
export const flagOf = (name: string): string =>
  `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
