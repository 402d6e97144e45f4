import { describe, expect, it } from 'vitest';
import { accuracy, evaluate, placeholder, type Shape } from '../../src/index.ts';

function scoreOf(shape: Shape, prediction: number[], targets: number[], classes: boolean): number {
  const target = classes
    ? placeholder('target', [shape[0] as number], { dtype: 'int32' })
    : placeholder('target', shape);
  const { totals, result } = accuracy();
  const { correct } = totals(placeholder('prediction', shape), target);
  const [values] = evaluate([correct as NonNullable<typeof correct>], { prediction, target: targets });
  return result({ correct: values as Float32Array }, shape[0] as number);
}

describe('accuracy', () => {
  const scores = [0.1, 0.9, 0.3, 2, 1, -1, 0, 0, 1, 5, 5, 4];
  it('is the share of examples whose largest output is the class', () => {
    expect(scoreOf([4, 3], scores, [1, 0, 2, 0], true)).toBe(1);
    expect(scoreOf([4, 3], scores, [0, 0, 2, 1], true)).toBe(0.5); // the first of equals is the answer
  });

  it('takes one-hot and soft targets', () => {
    expect(scoreOf([4, 3], scores, [0, 1, 0, 0.6, 0.4, 0, 1, 0, 0, 1, 0, 0], false)).toBe(0.75);
  });

  it('takes a single output for a logit, and targets of 0 and 1', () => {
    expect(scoreOf([4, 1], [-2, 0, 0.1, 3], [0, 0, 1, 0], false)).toBe(0.75);
    expect(scoreOf([4, 1], [-2, 0, 0.1, 3], [0, 1, 1, 1], true)).toBe(0.75);
  });
});
