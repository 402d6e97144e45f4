import { constraint, option } from '@neurite/core';
import { unitNorms } from './norms.ts';

/**
 * The norm of each unit's incoming weights stays within `limit`: w / max(1, ‖w‖ / limit), for each column of a weight
 * [inputs, units]; with more axes, over all but the last. Srivastava and others, 2014: Dropout, section 5.1, which takes
 * 3 to 4; Keras' MaxNorm. `limit`: 2.
 */
export const maxNorm = constraint(
  'maxNorm',
  { limit: option.positive(2) },
  ({ limit }) =>
    (w) =>
      w.div(unitNorms(w).div(limit).maximum(1)),
);
