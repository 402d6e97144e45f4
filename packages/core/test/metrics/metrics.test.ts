// Every metric against the same count or sum done by hand over all examples, batch by batch.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  absoluteError,
  accuracy,
  evaluate,
  fBeta,
  type Metric,
  placeholder,
  prAuc,
  precision,
  recall,
  rocAuc,
  rSquared,
  squaredError,
  topK,
} from '../../src/index.ts';

type Rows = readonly (readonly number[])[];

/** The metric over all rows, in batches of up to `size`. Targets: class numbers, or rows of values. */
function measure(metric: Metric, predictions: Rows, targets: readonly number[] | Rows, size = 3): number {
  const sums: Record<string, Float64Array> = {};
  for (let start = 0; start < predictions.length; start += size) {
    const [rows, wanted] = [predictions.slice(start, start + size), targets.slice(start, start + size)];
    const shape = [rows.length, rows[0]!.length];
    const classes = typeof wanted[0] === 'number';
    const totals = metric.totals(
      placeholder('x', shape, { dtype: 'float64' }),
      classes
        ? placeholder('y', [rows.length], { dtype: 'int32' })
        : placeholder('y', shape, { dtype: 'float64' }),
    );
    const numbers = evaluate(Object.values(totals), { x: rows.flat(), y: wanted.flat() });
    Object.keys(totals).forEach((name, i) => {
      sums[name] ??= new Float64Array(numbers[i]!.length);
      numbers[i]!.forEach((value, at) => {
        sums[name]![at]! += value;
      });
    });
  }
  return metric.result(sums, predictions.length);
}

const oneHot = (labels: readonly number[], classes: number): Rows =>
  labels.map((label) => Array.from({ length: classes }, (_, j) => Number(j === label)));
const largest = (row: readonly number[]): number => row.indexOf(Math.max(...row));
const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;

/** Rows of scores, many of them equal, and a class for each. */
const scored = fc
  .integer({ min: 2, max: 5 })
  .chain((classes) =>
    fc.array(
      fc.tuple(
        fc.array(fc.integer({ min: -3, max: 3 }), { minLength: classes, maxLength: classes }),
        fc.nat(classes - 1),
      ),
      { minLength: 1, maxLength: 12 },
    ),
  )
  .map((pairs) => ({ rows: pairs.map(([row]) => row), labels: pairs.map(([, label]) => label) }));

describe('topK', () => {
  test('counts the examples whose class is among the first k of a sort', () => {
    fc.assert(
      fc.property(scored, fc.integer({ min: 1, max: 6 }), ({ rows, labels }, k) => {
        const found = rows.map((row, i) => {
          const order = row.map((_, j) => j).sort((a, b) => row[b]! - row[a]! || a - b);
          return Number(order.slice(0, k).includes(labels[i]!));
        });
        expect(measure(topK({ k }), rows, labels)).toBeCloseTo(mean(found), 14);
        expect(measure(topK({ k }), rows, oneHot(labels, rows[0]!.length))).toBeCloseTo(mean(found), 14);
        expect(measure(topK({ k: 1 }), rows, labels)).toBe(measure(accuracy(), rows, labels));
      }),
      { numRuns: 60 },
    );
  });

  test('looks at 5 outputs if not told otherwise', () => {
    const row = [6, 5, 4, 3, 2, 1];
    expect(measure(topK(), [row, row], [4, 5])).toBe(0.5);
    expect(measure(topK({ k: 6 }), [row, row], [4, 5])).toBe(1);
  });

  test('does not take NaN for right', () => {
    expect(measure(topK({ k: 2 }), [[Number.NaN, 1, 2]], [0])).toBe(0);
    expect(measure(topK({ k: 1 }), [[1, Number.NaN, 0]], [0])).toBe(0);
  });

  test('refuses a k that is no count', () => {
    for (const k of [0, 1.5, -1]) expect(() => topK({ k })).toThrow('topK: k must be a whole number from 1');
  });
});

describe('precision, recall and fBeta', () => {
  /** As scikit-learn counts: the mean over the classes that occur. */
  function byHand(read: readonly number[], labels: readonly number[], only?: number) {
    const occurring = only === undefined ? [...new Set([...read, ...labels])] : [only];
    const scores = occurring.map((c) => {
      const hits = read.filter((each, i) => each === c && labels[i] === c).length;
      const predicted = read.filter((each) => each === c).length;
      const actual = labels.filter((each) => each === c).length;
      const [p, r] = [predicted && hits / predicted, actual && hits / actual];
      const f = (beta: number) => (p + r === 0 ? 0 : ((1 + beta ** 2) * p * r) / (beta ** 2 * p + r));
      return { p, r, f1: f(1), f2: f(2) };
    });
    const over = (key: 'p' | 'r' | 'f1' | 'f2') => mean(scores.map((score) => score[key]));
    return { p: over('p'), r: over('r'), f1: over('f1'), f2: over('f2') };
  }

  test('are the means over the classes that occur', () => {
    fc.assert(
      fc.property(scored, ({ rows, labels }) => {
        const expected = byHand(rows.map(largest), labels);
        for (const targets of [labels, oneHot(labels, rows[0]!.length)]) {
          expect(measure(precision(), rows, targets)).toBeCloseTo(expected.p, 14);
          expect(measure(recall(), rows, targets)).toBeCloseTo(expected.r, 14);
          expect(measure(fBeta(), rows, targets)).toBeCloseTo(expected.f1, 14);
          expect(measure(fBeta({ beta: 2 }), rows, targets)).toBeCloseTo(expected.f2, 14);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('are those of class 1 where there is one output, a logit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -2, max: 2 }), fc.nat(1)), { minLength: 1, maxLength: 12 }),
        (pairs) => {
          const rows = pairs.map(([x]) => [x]);
          const labels = pairs.map(([, label]) => label);
          const expected = byHand(
            rows.map(([x]) => Number(x! > 0)),
            labels,
            1,
          );
          for (const targets of [labels, labels.map((label) => [label])]) {
            expect(measure(precision(), rows, targets)).toBeCloseTo(expected.p, 14);
            expect(measure(recall(), rows, targets)).toBeCloseTo(expected.r, 14);
            expect(measure(fBeta(), rows, targets)).toBeCloseTo(expected.f1, 14);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('scikit-learn’s own example', () => {
    // y_true = [0, 1, 2, 0, 1, 2], y_pred = [0, 2, 1, 0, 0, 1]: macro 0.222, 0.333, and F 0.238 for β = 0.5
    const rows = oneHot([0, 2, 1, 0, 0, 1], 3);
    const labels = [0, 1, 2, 0, 1, 2];
    expect(measure(precision(), rows, labels)).toBeCloseTo(2 / 9, 14);
    expect(measure(recall(), rows, labels)).toBeCloseTo(1 / 3, 14);
    expect(measure(fBeta({ beta: 0.5 }), rows, labels)).toBeCloseTo(0.238095238, 9);
  });

  test('a beta that is not above 0 is refused', () => {
    expect(() => fBeta({ beta: 0 })).toThrow('fBeta: beta must be a number above 0');
  });
});

describe('squaredError, absoluteError and rSquared', () => {
  const numbers = fc.double({ min: -5, max: 5, noNaN: true });
  const pairs = fc
    .integer({ min: 1, max: 3 })
    .chain((outputs) => {
      const row = fc.array(numbers, { minLength: outputs, maxLength: outputs });
      return fc.array(fc.tuple(row, row), { minLength: 2, maxLength: 9 });
    })
    .map((list) => ({ rows: list.map(([row]) => row), targets: list.map(([, target]) => target) }));

  test('are the means over all outputs and examples', () => {
    fc.assert(
      fc.property(pairs, ({ rows, targets }) => {
        const differences = rows.flatMap((row, i) => row.map((x, j) => x - targets[i]![j]!));
        expect(measure(squaredError(), rows, targets)).toBeCloseTo(mean(differences.map((d) => d * d)), 12);
        expect(measure(absoluteError(), rows, targets)).toBeCloseTo(mean(differences.map(Math.abs)), 12);
      }),
      { numRuns: 40 },
    );
  });

  test('rSquared is 1 − residual / spread, the mean over the outputs', () => {
    fc.assert(
      fc.property(pairs, ({ rows, targets }) => {
        const scores = targets[0]!.map((_, j) => {
          const column = targets.map((row) => row[j]!);
          const centre = mean(column);
          const spread = column.reduce((sum, t) => sum + (t - centre) ** 2, 0);
          fc.pre(spread > 1e-3);
          return 1 - rows.reduce((sum, row, i) => sum + (row[j]! - column[i]!) ** 2, 0) / spread;
        });
        const [got, wanted] = [measure(rSquared(), rows, targets), mean(scores)];
        expect(Math.abs(got - wanted) / Math.max(1, Math.abs(wanted))).toBeLessThan(1e-9);
      }),
      { numRuns: 40 },
    );
  });

  test('rSquared is 1 for the targets, 0 for their mean; of equal targets 1 or 0', () => {
    const targets = [[1], [2], [6]];
    expect(measure(rSquared(), targets, targets)).toBe(1);
    expect(measure(rSquared(), [[3], [3], [3]], targets)).toBeCloseTo(0, 14);
    expect(measure(rSquared(), [[2], [2]], [[2], [2]])).toBe(1);
    expect(measure(rSquared(), [[2], [3]], [[2], [2]])).toBe(0);
  });
});

describe('rocAuc and prAuc', () => {
  const logit = (probability: number): number => Math.log(probability / (1 - probability));
  /** Probabilities in the middle of a thousandth, many of them equal, and a class for each; both classes occur. */
  const scored = fc
    .array(fc.tuple(fc.integer({ min: 480, max: 520 }), fc.nat(1)), { minLength: 2, maxLength: 25 })
    .filter((pairs) => new Set(pairs.map(([, label]) => label)).size === 2)
    .map((pairs) => ({
      scores: pairs.map(([bin]) => (bin + 0.5) / 1000),
      labels: pairs.map(([, label]) => label),
    }));

  function byHand(scores: readonly number[], labels: readonly number[]) {
    const [ones, zeros] = [1, 0].map((c) => scores.filter((_, i) => labels[i] === c)) as [number[], number[]];
    const pairs = ones.flatMap((a) => zeros.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)));
    const thresholds = [...new Set(scores)].sort((a, b) => b - a);
    let [area, before] = [0, 0];
    for (const threshold of thresholds) {
      const hits = ones.filter((score) => score >= threshold).length;
      const taken = scores.filter((score) => score >= threshold).length;
      area += ((hits - before) / ones.length) * (hits / taken);
      before = hits;
    }
    return { roc: mean(pairs), pr: area };
  }

  test('are those of all pairs and of all thresholds, from one logit and from two', () => {
    fc.assert(
      fc.property(scored, ({ scores, labels }) => {
        const expected = byHand(scores, labels);
        const single = scores.map((p) => [logit(p)]);
        const double = scores.map((p) => [1 - logit(p), 1]);
        for (const [rows, targets] of [
          [single, labels],
          [single, labels.map((label) => [label])],
          [double, labels],
          [double, oneHot(labels, 2)],
        ] as const) {
          expect(measure(rocAuc(), rows, targets, 15)).toBeCloseTo(expected.roc, 13);
          expect(measure(prAuc(), rows, targets, 15)).toBeCloseTo(expected.pr, 13);
        }
      }),
      { numRuns: 12 }, // the oracle goes through 1,000 bins for each example,
    );
  });

  test('scikit-learn’s own example', () => {
    const rows = [0.1, 0.4, 0.35, 0.8].map((p) => [logit(p)]);
    expect(measure(rocAuc(), rows, [0, 0, 1, 1])).toBeCloseTo(0.75, 14);
    expect(measure(prAuc(), rows, [0, 0, 1, 1])).toBeCloseTo(0.8333333333333333, 14);
  });

  test('take logits of any size, and are NaN where a class is missing', () => {
    expect(measure(rocAuc(), [[1e30], [-1e30]], [1, 0])).toBe(1);
    expect(measure(prAuc(), [[1e30], [-1e30]], [1, 0])).toBe(1);
    expect(measure(rocAuc(), [[1], [2]], [1, 1])).toBeNaN();
    expect(measure(prAuc(), [[1], [2]], [0, 0])).toBeNaN();
  });

  test('are refused for more than two classes', () => {
    expect(() => measure(rocAuc(), [[1, 2, 3]], [1])).toThrow('they are for two classes');
  });
});
