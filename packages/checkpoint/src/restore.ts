// A checkpoint into a trainer that was built in code.
import { NeuriteError, type Trainer } from '@neurite/core';
import type { Checkpoint } from './checkpoint.ts';
import { difference } from './difference.ts';
import { dtypeOf, recipeOf } from './recipeOf.ts';
import { numbersOf, requireNumbersOf, snapshotOf } from './snapshotOf.ts';

/** How exactly a trainer must fit a checkpoint. */
export interface RestoreOptions {
  /**
   * Whether network, losses, optimizer, metrics, seed, dtype and the rest must be what they were, down to the last option:
   * only then the training goes on as if it had never stopped. Without, whatever has the same numbers will do: another
   * learning rate, say. true.
   */
  readonly exact?: boolean | undefined;
}

/**
 * Goes on from a checkpoint: parameters, what layers, optimizer and schedules remember, and the place in the epoch, from
 * where `trainer.fit(data, { …, resume: true })` finishes what was under way.
 *
 * @throws NeuriteError `state` that names the first thing that differs, before anything has changed.
 */
export function restoreTrainer(
  checkpoint: Checkpoint,
  trainer: Trainer,
  { exact = true }: RestoreOptions = {},
): void {
  const { training, network, dtype } = checkpoint;
  if (!training) {
    throw new NeuriteError(
      'state',
      'restoreTrainer: the checkpoint holds a network and no training: restoreParameters() takes what it has',
    );
  }
  if (exact) {
    const differs =
      difference(network, trainer.network.toJSON(), 'network') ??
      difference(dtype, dtypeOf(trainer), 'dtype') ??
      difference(recipePart(training), recipeOf(trainer), 'training');
    if (differs) {
      const { path, saved, here } = differs;
      throw new NeuriteError(
        'state',
        `restoreTrainer: ${path} is ${saved} in the checkpoint, but ${here} here: make it the same, or give { exact: false }`,
      );
    }
  }
  requireNumbersOf(trainer.network, checkpoint);
  trainer.restore(snapshotOf(checkpoint, training, trainer.network));
}

/**
 * Parameters and what layers keep, without the training around them: to train further from there in another way.
 *
 * @throws NeuriteError `state` where they are not those of the trainer's network; nothing has changed then.
 */
export function restoreParameters(checkpoint: Checkpoint, trainer: Trainer): void {
  requireNumbersOf(trainer.network, checkpoint);
  trainer.writeParameters(numbersOf(checkpoint.parameters));
  if (trainer.network.state.length > 0) trainer.writeLayerState(numbersOf(checkpoint.layerState));
}

/** What `recipeOf` says of a trainer. */
const recipePart = (training: NonNullable<Checkpoint['training']>): ReturnType<typeof recipeOf> => {
  const { losses, optimizer, regularizer, constraint, metrics, seed } = training;
  return { losses, optimizer, regularizer, constraint, metrics, seed };
};
