import type { Callback } from '../train/callback.ts';
import type { Trainer } from '../train/trainer.ts';

/** A callback that keeps the learning rates that were used. */
export interface LearningRateLog extends Callback {
  /** After each call of the program, some steps at once: the last step made, counted from 1, and its rate. */
  readonly rates: readonly { readonly step: number; readonly learningRate: number }[];
}

/** Keeps the learning rate as it changes from step to step. */
export function learningRateLog(): LearningRateLog {
  const rates: { step: number; learningRate: number }[] = [];
  let trainer: Trainer | undefined;
  return {
    rates,
    onStart: (_, started) => {
      trainer = started;
    },
    onProgress: async ({ learningRate }) => {
      rates.push({ step: (await trainer?.steps()) ?? 0, learningRate });
    },
  };
}
