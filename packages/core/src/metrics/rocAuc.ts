import { metric } from '../plugin/metric.ts';
import { countScores } from './scoreHistogram.ts';

/**
 * Area under the receiver operating characteristic of two classes: the share of pairs of an example of class 1 and one of
 * class 0 in which the first has the higher score. From one logit, or from two. Scores in the same thousandth of the
 * probability count as equal, and equal ones as half; NaN where a class is missing. As scikit-learn's roc_auc_score, to
 * half the share of such pairs.
 */
export const rocAuc = metric('rocAuc', {}, () => ({
  totals: countScores,
  result: ({ positives, negatives }) => {
    let [pairs, below, cases] = [0, 0, 0];
    negatives.forEach((others, bin) => {
      pairs += (positives[bin] as number) * (below + others / 2);
      below += others;
      cases += positives[bin] as number;
    });
    return pairs / (below * cases);
  },
}));
