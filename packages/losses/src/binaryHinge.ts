import { loss, meanPerExample } from '@neurite/core';

/**
 * max(0, 1 − t x), from scores x and targets t of −1 or +1; the mean over an example's outputs. Flat at the margin itself.
 * Cortes and Vapnik, 1995; Keras's Hinge.
 */
export const binaryHinge = loss('binaryHinge', {}, () => (x, target) => {
  const excess = x.mul(target).neg().add(1);
  return meanPerExample(excess.lessEqual(0).select(0, excess));
});
