// Mutants that no test can catch, since they compute the same for all that the plugin takes: each with the reason.
// Whatever else survives is a gap.

export interface Equivalent {
  readonly file: string;
  /** As in the source, but for white space. */
  readonly was: string;
  readonly becomes: string;
  /** A part of the line in which it stands. */
  readonly line: string;
  readonly reason: string;
}

/** Several mutants of one place. */
const each = (
  file: string,
  line: string,
  changes: Readonly<Record<string, readonly string[]>>,
  reason: string,
): Equivalent[] =>
  Object.entries(changes).flatMap(([was, others]) =>
    others.map((becomes) => ({ file, line, was, becomes, reason })),
  );

const activations = 'packages/activations/src';
const losses = 'packages/losses/src';
const optimizers = 'packages/optimizers/src';
const unseen = 'It is a number of any kind in the place of one that is not looked at there.';
const lastOfTwo = 'The scores of a loss over classes are [batch, classes]: the last axis is axis 1.';

export const equivalent: readonly Equivalent[] = [
  ...each(
    `${losses}/binaryCrossEntropy.ts`,
    'x.greater(0)',
    { greater: ['greaterEqual'], 0: ['1', '(-1)'] },
    'Both forms are the same function; the border only keeps them from overflowing far out.',
  ),
  ...each(`${losses}/binaryHinge.ts`, 'x.mul(target)', { mul: ['div'] }, 'Targets are −1 or 1.'),
  ...each(`${losses}/squaredHinge.ts`, 'x.mul(target)', { mul: ['div'] }, 'Targets are −1 or 1.'),
  ...each(
    `${losses}/squaredHinge.ts`,
    'lessEqual(0)',
    { lessEqual: ['less'] },
    'At 0, the square has the slope 0 anyway.',
  ),
  ...['categoricalHinge', 'multiclassHinge'].flatMap((name) => [
    ...each(`${losses}/${name}.ts`, 'keepAxes(target', { '-1': ['1'] }, lastOfTwo),
    ...each(
      `${losses}/${name}.ts`,
      'target.less(0.5)',
      { less: ['lessEqual'], 0.5: ['0.55'] },
      'Targets are 0 or 1.',
    ),
  ]),
  ...each(`${losses}/categoricalHinge.ts`, '.max(-1)', { '-1': ['1'] }, lastOfTwo),
  ...each(
    `${losses}/categoricalHinge.ts`,
    'wrong.select(excess.lessEqual(0).select(0',
    { 0: ['(-1)'] },
    'The 0 of the right class is as large as the 0 of a rival that is far enough behind.',
  ),
  ...each(`${losses}/multiclassHinge.ts`, '.sum(-1)', { '-1': ['1'] }, lastOfTwo),
  ...each(
    `${losses}/cosineSimilarity.ts`,
    'stopGradient()',
    {
      'keepAxes(rows.abs().max(1), rows, 1).stopGradient()': ['keepAxes(rows.abs().max(1), rows, 1)'],
    },
    'What follows does not depend on the scale, so the gradient along it is 0: it only costs time.',
  ),
  ...each(`${losses}/cosineSimilarity.ts`, 'largest.equal(0)', { 1: ['2'] }, 'It divides a row of zeros.'),
  ...each(
    `${losses}/cosineSimilarity.ts`,
    'squares.equal(0)',
    { 1: ['2'] },
    'It divides a product that is 0.',
  ),
  ...each(
    `${losses}/huber.ts`,
    'distance.greater(delta)',
    { greater: ['greaterEqual'] },
    'At |d| = δ both pieces have the same value and slope.',
  ),
  ...each(`${losses}/huber.ts`, 'far.select(0, difference)', { 0: ['1', '(-1)'] }, unseen),
  ...each(
    `${losses}/klDivergence.ts`,
    'target.equal(0)',
    { 1: ['2'] },
    'Its logarithm is multiplied by the target, 0.',
  ),
  ...each(`${losses}/softmaxCrossEntropy.ts`, 'numbers.length !== shape.at(-1)', { '-1': ['1'] }, lastOfTwo),
  ...each(`${losses}/softmaxCrossEntropy.ts`, 'const classes = x.shape.at(-1)', { '-1': ['1'] }, lastOfTwo),
  ...each(
    `${losses}/softmaxCrossEntropy.ts`,
    'labelSmoothing === 0',
    { 0: ['1', '(-1)'] },
    'The other branch computes the same where nothing is smoothed, only more slowly.',
  ),
  ...each(
    `${losses}/softmaxCrossEntropy.ts`,
    'labelSmoothing === 0',
    {
      'labelSmoothing === 0 ? target : target.mul(1 - labelSmoothing).add(total.mul(labelSmoothing / classes))':
        ['(target.mul(1 - labelSmoothing).add(total.mul(labelSmoothing / classes)))'],
    },
    'Where nothing is smoothed, both compute the same.',
  ),
  ...each(`${losses}/softmaxCrossEntropy.ts`, 'const mean = target', { '-1': ['1'] }, lastOfTwo),
  ...each(`${losses}/softmaxCrossEntropy.ts`, 'weighted.sum(-1)', { '-1': ['1'] }, lastOfTwo),
  ...each(`${losses}/softmaxCrossEntropy.ts`, 'logSumExp(x, -1)', { '-1': ['1'] }, lastOfTwo),

  ...each(
    `${activations}/celu.ts`,
    'x.greater(0)',
    { greater: ['greaterEqual'] },
    'At 0, both pieces have the value 0 and the slope 1.',
  ),
  ...['celu', 'elu', 'selu'].flatMap((name) =>
    each(`${activations}/${name}.ts`, 'above.select(0, x)', { 0: ['1', '(-1)'] }, unseen),
  ),
  ...each(
    `${activations}/gelu.ts`,
    'const above = x.greater(0)',
    { greater: ['greaterEqual'] },
    'At 0, both pieces have the same value and slopes.',
  ),
  ...each(
    `${activations}/gelu.ts`,
    'const near',
    { less: ['lessEqual'], greater: ['greaterEqual'], 30: ['31', '29'] },
    'From there on, the sigmoid is 0 or 1 to the last digit.',
  ),
  ...each(`${activations}/hardSwish.ts`, 'const middle', { '-3': ['3'], 3: ['4', '2'] }, unseen),
  ...each(
    `${activations}/step.ts`,
    'x.lessEqual(0).select(0, x)',
    { 0: ['1'] },
    'It is asked only where x is not above 0, to tell NaN.',
  ),

  ...['adagrad', 'lion', 'sgd'].flatMap((name) =>
    each(
      `${optimizers}/${name}.ts`,
      'option.nonNegative(0)',
      { nonNegative: ['positive'] },
      'The default, 0, is accepted in any case.',
    ),
  ),
  ...each(
    `${optimizers}/lion.ts`,
    'weightDecay === 0',
    {
      'weightDecay === 0 ? sign : sign.add(parameter.mul(weightDecay))': [
        '(sign.add(parameter.mul(weightDecay)))',
      ],
      0: ['1', '(-1)'],
    },
    'With a factor of 0, the other branch computes the same, only more slowly.',
  ),
  ...each(
    `${optimizers}/momentum.ts`,
    'dampening === 0',
    {
      'dampening === 0 ? gradient : step.greater(1).select(gradient.mul(1 - dampening), gradient)': [
        '(step.greater(1).select(gradient.mul(1 - dampening), gradient))',
      ],
      0: ['1', '(-1)'],
    },
    'With a factor of 1, the other branch computes the same, only more slowly.',
  ),
  ...each(
    `${optimizers}/sgd.ts`,
    'weightDecay === 0',
    {
      'weightDecay === 0 ? gradient : gradient.add(parameter.mul(weightDecay))': [
        '(gradient.add(parameter.mul(weightDecay)))',
      ],
      0: ['1', '(-1)'],
    },
    'With a factor of 0, the other branch computes the same, only more slowly.',
  ),
  ...each(
    `${optimizers}/radam.ts`,
    'first === Number.POSITIVE_INFINITY',
    {
      'first === Number.POSITIVE_INFINITY': ['false'],
    },
    'No step is as late as that: the same comes out, only more slowly.',
  ),
  ...each(
    `${optimizers}/radam.ts`,
    'if (limit <= 5)',
    { '<=': ['<'] },
    'No β₂ in float64 makes exactly 5 of it.',
  ),
  ...each(
    `${optimizers}/radam.ts`,
    'let step = 1',
    { 1: ['2'] },
    'ρ is 1 at the first step, whatever β₂ is.',
  ),
  ...each(`${optimizers}/radam.ts`, 'while (limit', { '<=': ['<'] }, 'No step makes exactly 5 of it.'),
  ...each(
    `${optimizers}/rprop.ts`,
    'gradient.sign().mul(previous.sign())',
    {
      'gradient.sign()': ['gradient'],
      'previous.sign()': ['previous'],
    },
    'Only the product of two small gradients could vanish; that of one and a sign has its sign.',
  ),
  ...each(
    `${optimizers}/clipping.ts`,
    'gradient.square().sum()',
    { reduce: ['reduceRight'] },
    'It is a sum: only its rounding depends on the order.',
  ),
  ...each(`${optimizers}/curvature.ts`, 'known.select(product, 1)', { 1: ['2', '0'] }, unseen),
  ...each(`${optimizers}/curvature.ts`, 'dot(newest.change, newest.change), 1', { 1: ['2', '0'] }, unseen),
  ...each(
    `${optimizers}/lbfgs.ts`,
    'sum + sizeOf(shape)',
    { reduce: ['reduceRight'] },
    'It is a sum of whole numbers.',
  ),
  ...each(
    `${optimizers}/lineSearch.ts`,
    'const either',
    { 1: ['2'] },
    'A condition holds where it is not 0.',
  ),
  ...each(
    `${optimizers}/pausing.ts`,
    'const update = step.sub',
    { 1: ['2'] },
    'Where the quotient was not rounded, that is a step that makes no update: nobody looks at its number.',
  ),
  ...each(
    `${optimizers}/pausing.ts`,
    "'rateByUpdates'",
    { "'rateByUpdates'": ["'rateByUpdates!'"] },
    'It is made anew from the options of the wrapper: its name is nowhere saved.',
  ),
  ...each(
    `${optimizers}/accumulated.ts`,
    'parameters[0]?.dtype',
    { "parameters[0]?.dtype ?? 'float32'": ['parameters[0]?.dtype'] },
    'A constant is float32 where no dtype is given.',
  ),
  ...each(
    `${optimizers}/schedules/within.ts`,
    '!rate.memory',
    { "'number'": ["'number!'"] },
    'A number has no memory.',
  ),
  ...each(
    `${optimizers}/pausing.ts`,
    'next === last ? last',
    { 'next === last ? last : due.select(next, last)': ['(due.select(next, last))'] },
    'It chooses between two that are the same.',
  ),
  ...each(`${optimizers}/nesting.ts`, 'const one = constant(0)', { 0: ['1', '(-1)'] }, unseen),
  ...each(
    `${optimizers}/schedules/reduceOnPlateau.ts`,
    'cooldown: option.number(0',
    { 0: ['1'] },
    'As a limit: the default, 0, is accepted in any case.',
  ),
  ...['cosineDecay', 'cosineRestarts', 'polynomialDecay', 'reduceOnPlateau'].flatMap((name) =>
    each(
      `${optimizers}/schedules/${name}.ts`,
      'option.nonNegative(0)',
      { nonNegative: ['positive'] },
      'The default, 0, is accepted in any case.',
    ),
  ),
  ...each(
    `${optimizers}/schedules/warmup.ts`,
    'step < steps',
    { '<': ['<='] },
    'Where the line ends, the rate that follows begins.',
  ),
];
