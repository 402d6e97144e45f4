import { constraint } from '@neurite/core';
import { unitNorms } from './norms.ts';

/**
 * The norm of each unit's incoming weights is 1: w / ‖w‖, for each column of a weight [inputs, units]; with more axes,
 * over all but the last. A unit whose weights are all 0 stays as it is. Keras' UnitNorm.
 */
export const unitNorm = constraint('unitNorm', {}, () => (w) => {
  const norms = unitNorms(w);
  return w.div(norms.equal(0).select(1, norms));
});
