import { metric } from '../plugin/metric.ts';
import { countClasses, meanOverClasses } from './classCounts.ts';

/**
 * Of what was taken for a class, the share that is of it: the mean over the classes that occur, or that of class 1 where
 * there is a single output (a logit). 0 for a class that was never predicted. As scikit-learn's, macro or binary.
 */
export const precision = metric('precision', {}, () => ({
  totals: countClasses,
  result: (counts) => meanOverClasses(counts, (hits, predicted) => (predicted === 0 ? 0 : hits / predicted)),
}));
