import { NeuriteError } from '../errors.ts';
import { option, resolveOptions } from '../plugin/options.ts';
import type { Callback, EpochReport } from '../train/callback.ts';
import type { StateNumbers } from '../train/programs.ts';
import type { Trainer } from '../train/trainer.ts';

/** What early stopping watches, and how long it waits. */
export interface EarlyStoppingOptions {
  /**
   * What is watched: "loss", or a metric, over the epoch; "validation.loss" and so on for those on the validation data.
   * By default the validation's loss where there is validation data, else the training's.
   */
  readonly monitor?: string | undefined;
  /** Which way is better. By default lower for what is called a loss or an error, else higher. */
  readonly better?: 'lower' | 'higher' | undefined;
  /** Epochs without improvement after which the training ends. 5. */
  readonly patience?: number | undefined;
  /** By how much it must be better to count as an improvement. 0. */
  readonly minimumChange?: number | undefined;
  /** Whether the training goes back, at its end, to what it was after the best epoch. true. */
  readonly restoreBest?: boolean | undefined;
}

/** A callback that knows which epoch was the best. */
export interface EarlyStopping extends Callback {
  readonly best: { readonly epoch: number; readonly value: number } | undefined;
}

const schema = {
  monitor: option.text(/./, 'the name of a score, such as "validation.loss"'),
  better: option.optional(option.choice('lower', ['lower', 'higher'])),
  patience: option.number(5, { minimum: 1, whole: true }),
  minimumChange: option.nonNegative(0),
  restoreBest: true,
} as const;

/**
 * Ends a training that gets no better any more, and restores the best epoch's parameters, with what layers and the
 * optimizer had kept then. Prechelt, 1998: Early Stopping – But When?
 *
 * @throws NeuriteError `option` in the first epoch where there is no score of the name that is watched.
 *
 * @example
 * await trainer.fit(data, { epochs: 100, validation, callbacks: [earlyStopping({ patience: 3 })] });
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): EarlyStopping {
  const { monitor, better, patience, minimumChange, restoreBest } = resolveOptions(
    'earlyStopping',
    schema,
    options,
  );
  let trainer: Trainer | undefined;
  let best: { epoch: number; value: number } | undefined;
  let kept: StateNumbers | undefined;
  let last = 0;
  return {
    get best() {
      return best;
    },
    onStart: (_, started) => {
      trainer = started;
      best = undefined;
      kept = undefined;
    },
    onEpoch: async (report) => {
      const name = monitor ?? (report.validation ? 'validation.loss' : 'loss');
      const value = scoreOf(report, name);
      const sign = (better ?? (/loss|error/i.test(name) ? 'lower' : 'higher')) === 'lower' ? 1 : -1;
      last = report.epoch;
      if (!best || sign * (best.value - value) > minimumChange) {
        best = { epoch: report.epoch, value };
        if (restoreBest) kept = await trainer?.programs.readState();
      } else if (report.epoch - best.epoch >= patience) {
        return `${name} was best, ${best.value.toPrecision(4)}, in epoch ${best.epoch}`;
      }
      return undefined;
    },
    onEnd: () => {
      if (kept && best && best.epoch < last) trainer?.programs.writeState(kept);
    },
  };
}

/** @throws NeuriteError `option` that lists the scores that there are. */
function scoreOf(report: EpochReport, name: string): number {
  const scores: Record<string, number> = { loss: report.loss, ...report.scores };
  for (const [key, value] of Object.entries(report.validation ?? {})) scores[`validation.${key}`] = value;
  const value = Object.hasOwn(scores, name) ? scores[name] : undefined;
  if (value !== undefined) return value;
  const names = Object.keys(scores).map((key) => `"${key}"`);
  throw new NeuriteError(
    'option',
    `earlyStopping: there is no score "${name}", only ${names.join(', ')}: give fit() validation data or train() the metric`,
  );
}
