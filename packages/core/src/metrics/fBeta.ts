import { metric } from '../plugin/metric.ts';
import { option } from '../plugin/options.ts';
import { countClasses, meanOverClasses } from './classCounts.ts';

/**
 * (1 + β²) · precision · recall / (β² · precision + recall): the mean over the classes that occur, or that of class 1 where
 * there is a single output (a logit). `beta`: 1, the harmonic mean of both; above 1, recall weighs more. Van Rijsbergen,
 * 1979; as scikit-learn's fbeta_score, macro or binary.
 */
export const fBeta = metric('fBeta', { beta: option.positive(1) }, ({ beta }) => ({
  totals: countClasses,
  result: (counts) =>
    meanOverClasses(
      counts,
      (hits, predicted, actual) => ((1 + beta ** 2) * hits) / (beta ** 2 * actual + predicted),
    ),
}));
