import { metric } from '../plugin/metric.ts';
import { meanPerExample } from '../tensor/functions.ts';

/** Mean of (x − target)² over outputs and examples. As scikit-learn's mean_squared_error. */
export const squaredError = metric('squaredError', {}, () => ({
  totals: (x, target) => ({ sum: meanPerExample(x.sub(target).square()).sum() }),
  result: ({ sum }, examples) => (sum[0] as number) / examples,
}));
