// Classes in the form that a loss compares predictions with.
import type { Loss } from '@neurite/core';
import type { Targets } from '../data/examples.ts';

/**
 * Outputs that a network needs for `classes`, or for a number where there are none: a logit where a loss that takes one has
 * two classes to tell apart, else one for each class.
 */
export function outputsFor({ targets, takesLogits }: Loss, classes: readonly string[] | undefined): number {
  if (!classes) return 1;
  return targets === 'values' && takesLogits && classes.length === 2 ? 1 : classes.length;
}

/** Targets for `outputs`: class numbers where the loss takes them, else a 1 for the right class, 0 for the others. */
export function targetsFor(
  loss: Loss,
  outputs: number,
  targets: Targets,
  classes: readonly string[] | undefined,
): Targets {
  if (!classes || (loss.targets === 'classes or values' && outputs > 1)) return targets;
  if (outputs === 1) return Float32Array.from(targets);
  const ones = new Float32Array(targets.length * outputs);
  targets.forEach((label, row) => {
    ones[row * outputs + label] = 1;
  });
  return ones;
}
