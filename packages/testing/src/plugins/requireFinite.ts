// No NaN and no infinity among what a plugin computes.
import type { NumberArray } from '@neurite/core';
import { AssertionError } from '../assertionError.ts';

/** Throws unless every number is finite. `at` says where an element comes from. */
export function requireFinite(values: NumberArray, what: string, at: (element: number) => string): void {
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    throw new AssertionError(`${what} is ${values[wrong]} ${at(wrong)}`, { actual: values[wrong] });
  }
}
