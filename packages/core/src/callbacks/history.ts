import type { Callback, EpochReport } from '../train/callback.ts';

/** A callback that keeps what every epoch came to. */
export interface History extends Callback {
  /** Over all calls of `fit` that it was given to. */
  readonly epochs: readonly EpochReport[];
  /** A score epoch by epoch: "loss", a metric, "validation.loss" and so on; NaN where an epoch has none. */
  series(name: string): number[];
}

/** Keeps the reports of all epochs, for curves and logs. */
export function history(): History {
  const epochs: EpochReport[] = [];
  return {
    epochs,
    series: (name) =>
      epochs.map(({ loss, learningRate, scores, validation }) => {
        const all: Readonly<Record<string, number>> = { loss, learningRate, ...scores };
        return (
          (name.startsWith('validation.') ? validation?.[name.slice('validation.'.length)] : all[name]) ??
          Number.NaN
        );
      }),
    onEpoch: (report) => {
      epochs.push(report);
    },
  };
}
