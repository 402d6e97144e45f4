import { constraint } from '@neurite/core';

/** No weight is below 0: max(w, 0). Keras' NonNeg. */
export const nonNegative = constraint('nonNegative', {}, () => (w) => w.maximum(0));
