// A saved model as commands use it.
import { resolve } from 'node:path';
import { type Checkpoint, networkOf, predictor, restoreParameters, resume } from '@neurite/checkpoint';
import { load } from '@neurite/checkpoint/node';
import {
  type Loss,
  type Network,
  NeuriteError,
  type NumberArray,
  sizeOf,
  type Trainer,
  train,
} from '@neurite/core';
import { sgd } from '@neurite/optimizers';
import { onBackend } from '../backends.ts';
import type { DataForm } from '../data/dataForm.ts';
import type { Inputs } from '../data/examples.ts';
import type { Source } from '../data/source.ts';
import { type Plugins, pluginOf, pluginsWith } from '../plugins.ts';
import type { Report } from '../report.ts';
import type { Surroundings } from '../surroundings.ts';
import { keptIn } from './modelFile.ts';
import { usualLoss, usualMetrics } from './recipe.ts';

export interface Model {
  readonly path: string;
  readonly checkpoint: Checkpoint;
  readonly network: Network;
  readonly plugins: Plugins;
  /** As it was saved; undefined where another program did it. */
  readonly form: DataForm | undefined;
  readonly classes: readonly string[] | undefined;
  /** What it learned by; undefined where it is not in the file. */
  readonly loss: Loss | undefined;
}

export interface ModelOptions {
  readonly backend?: string;
  readonly plugin: readonly string[];
}

export async function loadModel(
  path: string,
  { plugin }: ModelOptions,
  { folder }: Surroundings,
): Promise<Model> {
  const plugins = await pluginsWith(plugin, folder);
  const checkpoint = await load(resolve(folder, path));
  const network = networkOf(checkpoint, plugins.registry);
  const { form, classes } = keptIn(checkpoint);
  return { path, checkpoint, network, plugins, form, classes, loss: lossOf(checkpoint, plugins) };
}

/** The loss that a model learned by. */
export function lossOf({ training }: Checkpoint, plugins: Plugins): Loss | undefined {
  const [first] = Object.values(training?.losses ?? {});
  return first && pluginOf(plugins, 'loss', first.loss, 'training.losses');
}

/**
 * In what form `source` is to be read for `model`. Where another program saved it: the columns in their order, as numbers.
 *
 * @param label the column with the right answers; undefined where they are not asked for.
 */
export function formFor(
  { form, classes, path, network }: Model,
  source: Source,
  label: string | undefined,
): DataForm {
  if (form) return form.kind === 'table' && label !== undefined ? { ...form, label } : form;
  const task = classes ? 'classification' : 'regression';
  if (source.kind === 'idx') return { kind: 'idx', task, bytes: source.inputs.values instanceof Uint8Array };
  const columns = source.table.names.filter((name) => name !== label).map((name) => ({ name }));
  const wanted = sizeOf(network.input);
  if (columns.length !== wanted) {
    throw new NeuriteError(
      'data',
      `${path} does not say which columns it learned from, and takes ${wanted} numbers, but ${source.table.source} has ${columns.length} columns${label === undefined ? '' : ` beside "${label}"`}`,
    );
  }
  return { kind: 'table', task, header: true, columns, label: label ?? '' };
}

/** The network's outputs, row by row. */
export function predictWith(
  { checkpoint, plugins }: Model,
  { backend }: ModelOptions,
  { warn }: Report,
  inputs: Inputs['inputs'],
): Promise<NumberArray> {
  return onBackend(plugins, backend, warn, async (backend) => {
    const model = await predictor(checkpoint, plugins.registry, { backend });
    try {
      return await model.predict(inputs);
    } finally {
      model.release();
    }
  });
}

/** A trainer that evaluates the model: with its own loss and metrics, or the usual ones where the file has none. */
export const evaluatorOf = (
  { checkpoint, network, plugins, classes }: Model,
  { backend }: ModelOptions,
  { warn }: Report,
): Promise<Trainer> =>
  onBackend(plugins, backend, warn, async (backend) => {
    if (checkpoint.training) return resume(checkpoint, plugins.registry, { backend, onWarning: warn });
    const trainer = await train(network, {
      loss: usualLoss(classes !== undefined),
      metrics: usualMetrics(classes !== undefined),
      optimizer: sgd(),
      dtype: checkpoint.dtype,
      backend,
      onWarning: warn,
    });
    restoreParameters(checkpoint, trainer);
    return trainer;
  });
