// A training from a checkpoint alone: everything it is made of is looked up by name.
import {
  type Backend,
  type BackendChoice,
  type Network,
  NeuriteError,
  type Optimizer,
  placeholder,
  type Registry,
  sizeOf,
  type Trainer,
  train,
} from '@neurite/core';
import type { Checkpoint, TrainingState } from './checkpoint.ts';
import { cut } from './json/json.ts';
import { networkOf, pluginAt } from './networkOf.ts';
import { shareSchedules } from './shareSchedules.ts';
import { snapshotOf } from './snapshotOf.ts';

/** What `resume` takes beside the checkpoint and the plugins. */
export interface ResumeOptions {
  /** Where it computes. Bit for bit the same numbers come from the same kind of backend. */
  readonly backend: Backend | BackendChoice;
  /** As in `train()`: gets what looks like a mistake. console.warn. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/**
 * A trainer that goes on where the saved one was: `trainer.fit(data, { …, resume: true })`, with the same data, finishes
 * the epochs that were under way.
 *
 * @param registry has every plugin that network and training are made of.
 * @throws NeuriteError that begins with the place, such as training.optimizer: `name` where a plugin is not registered,
 * `option` where an option is wrong; `state` where the numbers in the checkpoint are not those of such a training, or where
 * it holds a network alone.
 *
 * @example
 * const plugins = registry().use(layers, activations, losses, optimizers);
 * const trainer = await resume(await load('digits.safetensors'), plugins, { backend: wasm() });
 * await trainer.fit(data, { epochs: 20, resume: true });
 */
export async function resume<D>(
  checkpoint: Checkpoint,
  registry: Registry<D>,
  { backend, onWarning }: ResumeOptions,
): Promise<Trainer> {
  const { training, dtype } = checkpoint;
  if (!training) {
    throw new NeuriteError(
      'state',
      'resume: the checkpoint holds a network and no training: predictor() and networkOf() take what it has',
    );
  }
  const network = networkOf(checkpoint, registry);
  const optimizer = pluginAt(registry, 'optimizer', training.optimizer, 'training.optimizer');
  // Before any memory is taken: what the file says must be as large as what the file holds.
  requireRoom(training, optimizer, network);
  const snapshot = snapshotOf(checkpoint, training, network);
  const { seed, regularizer, constraint } = training;
  const options = {
    loss: mapEntries(training.losses, ({ loss, weight }, output) => ({
      loss: pluginAt(registry, 'loss', loss, `training.losses.${output}.loss`),
      weight,
    })),
    ...(regularizer && {
      regularizer: pluginAt(registry, 'regularizer', regularizer, 'training.regularizer'),
    }),
    ...(constraint && { constraint: pluginAt(registry, 'constraint', constraint, 'training.constraint') }),
    metrics: mapEntries(training.metrics, (list, output) =>
      list.map((metric, i) => pluginAt(registry, 'metric', metric, `training.metrics.${output}[${i}]`)),
    ),
    seed,
    dtype,
    backend,
  };
  const begin = async (made: Optimizer, warn: ResumeOptions['onWarning']): Promise<Trainer> => {
    const trainer = await train(network, { ...options, optimizer: made, onWarning: warn });
    try {
      trainer.restore(snapshot);
    } catch (error) {
      trainer.release();
      throw error;
    }
    return trainer;
  };
  try {
    return await begin(optimizer, onWarning);
  } catch (error) {
    // Fewer memories than schedules: some were one.
    const data = shareSchedules(registry, training.optimizer, 'training.optimizer');
    const sharing = pluginAt(registry, 'optimizer', data, 'training.optimizer');
    return begin(sharing, () => {}).catch(() => {
      throw error;
    });
  }
}

const mapEntries = <T, R>(
  record: Readonly<Record<string, T>>,
  make: (value: T, name: string) => R,
): Record<string, R> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, make(value, name)]));

/** Throws unless the optimizer remembers as much as the checkpoint holds. */
function requireRoom(
  { optimizerState, memory, evaluates }: TrainingState,
  optimizer: Optimizer,
  network: Network,
): void {
  const tensors = network.parameters.flatMap(({ name, shape, trainable }) =>
    trainable ? [placeholder(name, shape)] : [],
  );
  const refuse = (wanted: string, saved: string): NeuriteError =>
    new NeuriteError(
      'state',
      `training.optimizer: "${optimizer.type}" with these options remembers ${wanted}, but the checkpoint holds ${saved}`,
    );
  const requireSame = (wanted: readonly string[], saved: readonly string[]): void => {
    if (String(wanted.toSorted()) !== String(saved.toSorted()))
      throw refuse(cut(wanted.join(', ')) || 'nothing', cut(saved.join(', ')) || 'nothing');
  };
  requireSame(Object.keys(optimizer.state(placeholder('parameter', []))), Object.keys(optimizerState));
  const remembered = optimizer.memory?.(tensors) ?? {};
  requireSame(
    Object.entries(remembered).map(([key, { shape }]) => `${key} of ${sizeOf(shape)}`),
    Object.entries(memory).map(([key, { shape }]) => `${key} of ${sizeOf(shape)}`),
  );
  if (optimizer.evaluates !== evaluates) throw refuse(optimizer.evaluates ?? 'no mean', evaluates ?? 'none');
}
