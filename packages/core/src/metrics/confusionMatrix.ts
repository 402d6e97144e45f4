import { metric } from '../plugin/metric.ts';
import { isSingle, predictedClass, targetClass } from './classesOf.ts';

/**
 * How often each class was taken for each: row t, column p is the number of examples of class t that were taken for p;
 * two classes where there is a single output (a logit). As scikit-learn's confusion_matrix. A table is no score to watch:
 * `await trainer.measure(confusionMatrix(), data)`.
 */
export const confusionMatrix = metric('confusionMatrix', {}, () => ({
  totals: (prediction, target) => {
    const { shape, dtype } = prediction;
    const classes = isSingle(prediction) ? 2 : (shape.at(-1) as number);
    const truth = targetClass(prediction, target).oneHot(classes, dtype);
    return { counts: truth.transpose().matmul(predictedClass(prediction).oneHot(classes, dtype)) };
  },
  result: ({ counts }): readonly (readonly number[])[] => {
    const classes = Math.sqrt(counts.length);
    return Array.from({ length: classes }, (_, row) =>
      Array.from(counts.subarray(row * classes, (row + 1) * classes)),
    );
  },
}));
