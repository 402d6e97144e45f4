import type { Callback, NotFinite } from '../train/callback.ts';

/** A callback that knows what went bad. */
export interface StopOnNaN extends Callback {
  /** Where numbers went bad, if they did. */
  readonly finding: NotFinite | undefined;
}

/**
 * Ends a training at the first step whose loss is no finite number, in place of an error: the trainer is then as it was
 * before that step, and `fit` says in `stopped` which step it was and which layer's numbers, or which parameter's, went
 * bad first. Costs a copy of all state for each call of the program, about 25 a second.
 */
export function stopOnNaN(): StopOnNaN {
  let finding: NotFinite | undefined;
  return {
    get finding() {
      return finding;
    },
    onStart: () => {
      finding = undefined;
    },
    onNotFinite: (found) => {
      finding = found;
      return `not finite at step ${found.step}: ${found.where}; lower the learning rate, or scale the inputs to about −1 … 1`;
    },
  };
}
