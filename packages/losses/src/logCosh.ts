import { logOnePlusExp, loss, meanPerExample } from '@neurite/core';

/**
 * ln cosh d with d = x − target: ½ d² near 0, |d| − ln 2 far away; the mean over an example's outputs. Computed as
 * ln(1 + e^2d) − d − ln 2, without overflow. Keras's LogCosh.
 */
export const logCosh = loss('logCosh', {}, () => (x, target) => {
  const difference = x.sub(target);
  return meanPerExample(logOnePlusExp(difference.mul(2)).sub(difference).sub(Math.LN2));
});
