import { metric } from '../plugin/metric.ts';
import { countClasses, meanOverClasses } from './classCounts.ts';

/**
 * Of what is of a class, the share that was taken for it: the mean over the classes that occur, or that of class 1 where
 * there is a single output (a logit). 0 for a class that was predicted and never meant. As scikit-learn's, macro or binary.
 */
export const recall = metric('recall', {}, () => ({
  totals: countClasses,
  result: (counts) => meanOverClasses(counts, (hits, _, actual) => (actual === 0 ? 0 : hits / actual)),
}));
