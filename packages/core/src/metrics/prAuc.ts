import { metric } from '../plugin/metric.ts';
import { countScores } from './scoreHistogram.ts';

/**
 * Area under the curve of precision over recall of two classes, as average precision: Σ (recallₙ − recallₙ₋₁) precisionₙ
 * over falling thresholds. From one logit, or from two. There is a threshold at each thousandth of the probability; NaN
 * where nothing is of class 1. As scikit-learn's average_precision_score on scores that are rounded down to those.
 */
export const prAuc = metric('prAuc', {}, () => ({
  totals: countScores,
  result: ({ positives, negatives }) => {
    let [area, hits, taken] = [0, 0, 0];
    for (let bin = positives.length - 1; bin >= 0; bin--) {
      const found = positives[bin] as number;
      hits += found;
      taken += found + (negatives[bin] as number);
      if (found > 0) area += (found * hits) / taken;
    }
    return area / hits;
  },
}));
