import { metric } from '../plugin/metric.ts';
import { predictedClass, targetClass } from './classesOf.ts';

/**
 * Share of examples whose largest output is the target class; a single output counts as 1 above 0 (a logit), else as 0.
 * Targets are class numbers [batch] or values of the prediction's shape, of which the largest is the class.
 */
export const accuracy = metric('accuracy', {}, () => ({
  totals: (prediction, target) => ({
    correct: predictedClass(prediction).equal(targetClass(prediction, target)).cast(prediction.dtype).sum(),
  }),
  result: ({ correct }, examples) => (correct[0] as number) / examples,
}));
