// The judge of losses is judged: what is right passes, and each fault is noticed where it should be.
import { cpu } from '@neurite/backend-cpu';
import { classLoss, type Loss, loss, meanPerExample, option, softmax, type Tensor } from '@neurite/core';
import { describe, expect, it } from 'vitest';
import { lossSuite, type SuiteCase } from '../src/index.ts';
import { failuresOf } from './failures.ts';

const squares = loss(
  'squares',
  { scale: option.positive(1) },
  ({ scale }) =>
    (x, target) =>
      meanPerExample(x.sub(target).square().mul(scale)),
);
const scores = classLoss(
  'scores',
  { weights: option.numbers({ minimum: 0 }) },
  ({ weights }) =>
    (x, target, total) => {
      const each = softmax(x)
        .sub(target.div(total.add(1e-9)))
        .square()
        .sum(-1);
      // A weighted mean, which looks at the targets of the whole batch.
      return weights
        ? each.mul(target.sum(-1)).div(target.slice([0, 0], [target.shape[0]!, 1]).mean().add(0.5))
        : each;
    },
);
const one = { alternatives: { scale: [3] }, reach: 1e15 };

describe('what is right passes', () => {
  const suites = [
    ...lossSuite(squares, { ...one, refused: { scale: [0] }, fit: (target) => target, backend: cpu }),
    ...lossSuite(scores, {
      alternatives: { weights: [[1, 2, 3]] },
      weighsExamples: ({ weights }) => weights !== undefined,
      fit: (target) => target.map((t) => 60 * t),
      backend: cpu,
    }),
    ...(['probabilities', 'bits', 'signs', 'counts'] as const).flatMap((targets) =>
      lossSuite(
        loss('distance', {}, () => (x, target) => meanPerExample(x.sub(target).abs())),
        { targets },
      ),
    ),
  ];
  for (const { name, run } of suites) it(name, run);
});

/** Counts classes from 1. */
const shifted = Object.assign(
  (): Loss => ({
    ...scores(),
    type: 'shifted',
    options: {},
    compute: (x, target) => {
      const values = target.dtype === 'int32' ? target.sub(1).maximum(0).oneHot(3, x.dtype) : target;
      return meanPerExample(softmax(x).sub(values).square());
    },
  }),
  { kind: 'loss', type: 'shifted', schema: {} } as const,
);
const suiteOf = (
  formula: (x: Tensor, target: Tensor) => Tensor,
  options: Parameters<typeof lossSuite>[1] = {},
) =>
  lossSuite(
    loss('wrong', {}, () => formula),
    options,
  );
const distance = (x: Tensor, target: Tensor): Tensor => meanPerExample(x.sub(target).abs());

/** What is wrong, the suite of it, and where that must be noticed, and nowhere else. */
const faults: Record<string, [cases: SuiteCase[], where: RegExp]> = {
  'a loss for the whole batch': [suiteOf((x, target) => x.sub(target).abs().mean()), /^wrong\(\)/],
  'a loss for each output': [suiteOf((x, target) => x.sub(target).abs()), /^wrong\(\)/],
  'another dtype': [suiteOf((x, target) => distance(x, target).cast('float32')), /^wrong\(\)/],
  'a derivative that misses a detached part': [
    suiteOf((x, target) => meanPerExample(x.sub(target).abs().mul(x.sigmoid().stopGradient()))),
    /^wrong\(\) has the gradient of its central differences: the gradient is wrong for input 0/,
  ],
  'infinity far out': [
    suiteOf((x, target) => meanPerExample(x.sub(target).square())),
    /^wrong\(\) and its gradient are finite up to ±1e\+30: the loss is Infinity for predictions of ±1e\+30 in float32/,
  ],
  'a gradient that is NaN far out': [
    suiteOf((x, target) => distance(x, target).add(meanPerExample(x.exp().add(1).reciprocal()))),
    /^wrong\(\) and its gradient are finite up to ±1e\+30: its gradient is NaN/,
  ],
  'a loss that depends on the predictions of others': [
    suiteOf((x, target) => distance(x, target).add(x.abs().mean().mul(0.1))),
    /^wrong\(\) of an example does not depend on other examples: .*say so: weighsExamples/,
  ],
  'a loss that depends on the predictions of others, where those of targets are allowed': [
    suiteOf((x, target) => distance(x, target).add(x.abs().mean().mul(0.1)), { weighsExamples: true }),
    /^wrong\(\) of an example does not depend on other examples: [^;]*$/,
  ],
  'a loss that depends on the targets of others': [
    suiteOf((x, target) => distance(x, target).mul(target.square().mean().add(1))),
    /^wrong\(\) of an example does not depend on other examples: .*say so: weighsExamples/,
  ],
  'NaN that is hidden': [
    suiteOf((x, target) => meanPerExample(x.sub(target).greater(0).select(x.sub(target), 0))),
    /^wrong\(\) is NaN where the prediction is: a lost training shows: the loss is 0/,
  ],
  'a class number that means another class': [
    lossSuite(shifted),
    /^shifted\(\) of class numbers is the loss of ones and zeros: of class numbers, it: element 0 is/,
  ],
  'a loss that is largest where it should be least': [
    suiteOf((x, target) => distance(x, target).neg(), { fit: (target) => target }),
    /^wrong\(\) is least where the prediction fits the target: the loss is -?0, but -/,
  ],
  'a dead option': [
    lossSuite(
      loss('dead', { delta: 1 }, () => distance),
      { alternatives: { delta: [2] } },
    ),
    /^dead: the option delta makes a difference/,
  ],
  'a value that is accepted and should not be': [
    lossSuite(squares, { ...one, refused: { scale: [5] } }),
    /^squares: scale must not be 5: it is accepted/,
  ],
  'chance that is not the generator’s': [
    suiteOf((x, target) => distance(x, target).mul(1 + Math.random())),
    /^wrong\(\) (is the same|comes back|of an example does not)/,
  ],
};

describe('the suite notices', () => {
  it.each(Object.entries(faults))('%s', async (_, [cases, where]) => {
    const failures = await failuresOf(cases);
    expect(failures).not.toEqual([]);
    for (const failure of failures) expect(failure).toMatch(where);
  });
});
