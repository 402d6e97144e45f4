// Each step of L-BFGS against the same in plain numbers: on walks, from any moment, and on both sides of every border.
import { constant, optimizerWrapper, prepareGradients, type Snapshot, type Trainer } from '@neurite/core';
import { sampleNumbers } from '@neurite/testing';
import { describe, expect, test } from 'vitest';
import { lbfgs } from '../src/index.ts';
import { type Moment, momentOf, nextByHand, type Outcome, type Settings, snapshotAt } from './lbfgsByHand.ts';
import { type Found, tell, toldTrainer } from './told.ts';

/** Up to rounding, next to the largest of the numbers. */
function expectNear(actual: readonly number[], wanted: readonly number[], what: string, floor = 0): void {
  expect(actual.length, what).toBe(wanted.length);
  const largest = wanted.reduce((most, x) => Math.max(most, Math.abs(x)), floor);
  actual.forEach((x, i) => void expect(Math.abs(x - wanted[i]!), what).toBeLessThanOrEqual(1e-8 * largest));
}

function expectMoment({ at, pairs, ...actual }: Moment, wanted: Moment): void {
  for (const [name, value] of Object.entries(actual))
    expectNear([value].flat(), [wanted[name as keyof typeof actual]].flat(), name);
  expectNear(at, wanted.at, 'the trial', 1);
  expect(pairs.length).toBe(wanted.pairs.length);
  pairs.forEach(({ step, change }, i) => {
    expectNear(step, wanted.pairs[i]!.step, `step ${i}`);
    expectNear(change, wanted.pairs[i]!.change, `change ${i}`);
  });
}

/** Makes a step from where the trainer is, and holds it against the same by hand. */
async function stepBeside(trainer: Trainer, before: Moment, found: Found, settings: Settings) {
  await tell(trainer, found);
  const { outcome, after } = nextByHand(before, found, settings);
  const actual = momentOf((await trainer.snapshot()).state);
  expectMoment(actual, after);
  return { outcome, actual };
}

type Height = (w: readonly number[]) => Found;

const rosenbrock: Height = ([a, b]) => ({
  loss: 100 * (b! - a! * a!) ** 2 + (1 - a!) ** 2,
  gradient: [-400 * a! * (b! - a! * a!) - 2 * (1 - a!), 200 * (b! - a! * a!)],
});

/** Steeper by 100 from axis to axis, and turned a little. */
const bowl: Height = (w) => {
  const terms = [0, 1, 2, 3].map((i) => {
    const slope = w.map((_, j) => (i === j ? 10 ** i : 0.1));
    return { slope, off: w.reduce((sum, x, j) => sum + x * slope[j]!, -1) };
  });
  return {
    loss: terms.reduce((sum, { off }) => sum + off * off, 0) / 2,
    gradient: w.map((_, j) => terms.reduce((sum, { slope, off }) => sum + off * slope[j]!, 0)),
  };
};

const rows = Array.from({ length: 12 }, (_, i) => {
  const x = sampleNumbers(3, { seed: i, low: -2, high: 2 });
  return { x, sign: Math.sin(3 * i) + x[0]! > 0 ? 1 : -1 };
});
const logistic: Height = (w) => {
  const margins = rows.map(({ x, sign }) => sign * x.reduce((sum, value, i) => sum + value * w[i]!, 0));
  return {
    loss: margins.reduce(
      (sum, margin) => sum + Math.log(1 + Math.exp(-margin)) / 12,
      0.01 * w.reduce((sum, x) => sum + x * x, 0),
    ),
    gradient: w.map(
      (value, j) =>
        0.02 * value -
        margins.reduce(
          (sum, margin, i) => sum + (rows[i]!.sign * rows[i]!.x[j]!) / (1 + Math.exp(margin)) / 12,
          0,
        ),
    ),
  };
};

/** A slope that is no slope of the loss. */
const lie: Height = (w) => ({ loss: 1 + w.reduce((sum, x) => sum + x * x, 0), gradient: w.map(() => 1) });

/** Endless where w₀ is above 1. */
const cliff: Height = ([a, b]) => ({
  loss: (a! - 0.9) ** 2 + b! * b!,
  gradient: [2 * a! - 1.8, 2 * b!],
  isLost: a! > 1,
});

describe('lbfgs, on a walk', () => {
  const all = { rosenbrock, bowl, logistic, lie, cliff };

  test.each<{ name: keyof typeof all; start: number[]; steps: number } & Settings>([
    { name: 'rosenbrock', start: [-1.2, 1], steps: 50 },
    { name: 'rosenbrock', start: [-1.2, 1], steps: 40, history: 1 },
    { name: 'rosenbrock', start: [2, -3], steps: 40, history: 3, learningRate: 0.5 },
    { name: 'bowl', start: [1, -1, 0.5, 2], steps: 40 },
    { name: 'bowl', start: [1, -1, 0.5, 2], steps: 40, history: 3, learningRate: 3 },
    { name: 'logistic', start: [0, 0, 0], steps: 12 },
    { name: 'logistic', start: [3, -2, 1], steps: 12, history: 2, learningRate: 0.01 },
    { name: 'lie', start: [0.5, 2], steps: 60 },
    { name: 'cliff', start: [-3, 2], steps: 20, learningRate: 8 },
  ])('%o', async (given) => {
    const { name, start, steps, learningRate = 1, history = 10 } = given;
    const trainer = await toldTrainer(start.length, lbfgs({ learningRate, history }));
    trainer.writeParameters({ 'told.matrix': start.slice(0, -1), 'told.bias': start.slice(-1) });
    let moment = momentOf((await trainer.snapshot()).state);
    expect(moment.base).toEqual(start);
    for (let step = 0; step < steps; step++) {
      const settings = { learningRate, history, isFirst: step === 0 };
      moment = (await stepBeside(trainer, moment, all[name](moment.at), settings)).actual;
    }
  });

  test('remembers nothing before the first step', async () => {
    const { state } = await (await toldTrainer(3, lbfgs({ history: 2 }))).snapshot();
    const numbers = Object.entries(state).map(([name, values]) => [name, [...values]]);
    const none = Array(3).fill(0);
    expect(Object.fromEntries(numbers)).toEqual({
      parameters: none,
      step: [0],
      'optimizer.base': none,
      'memory.length': [0],
      'memory.low': [0],
      'memory.high': [0],
      'memory.trials': [1],
      'memory.loss': [0],
      'memory.gradient': none,
      'memory.direction': none,
      'memory.steps': Array(6).fill(0),
      'memory.changes': Array(6).fill(0),
    });
  });
});

/** From a moment that is given. */
async function stepFrom(
  { trainer, model }: { trainer: Trainer; model: Snapshot },
  before: Moment,
  found: Found,
  settings: Settings = {},
): Promise<Outcome> {
  trainer.restore(snapshotAt(before, model, settings.isFirst));
  return (await stepBeside(trainer, before, found, settings)).outcome;
}

const trainerAt = async (size: number, optimizer: ReturnType<typeof lbfgs>) => {
  const trainer = await toldTrainer(size, optimizer);
  return { trainer, model: await trainer.snapshot() };
};

describe('lbfgs, from any moment', () => {
  /** Multiples of 1/4, so that products are exact and nothing depends on rounding. */
  const quarters = (seed: number, count: number): number[] =>
    sampleNumbers(count, { seed, low: -3, high: 3 }).map((x) => Math.round(4 * x) / 4);
  const pick = <T>(of: readonly T[], seed: number): T =>
    of[Math.floor(sampleNumbers(1, { seed, low: 0, high: of.length })[0]!)]!;

  function momentAt(seed: number, history: number): Moment {
    const [base, gradient, direction] = [1, 2, 3].map((i) => quarters(10 * seed + i, 3)) as [
      number[],
      number[],
      number[],
    ];
    const off = quarters(10 * seed + 4, 3);
    const downhill = pick([0.25, 0.5, 1, -0.25, 0], seed);
    return {
      base,
      gradient,
      direction,
      at: base.map((x, i) => x - downhill * gradient[i]! + (seed % 3 === 0 ? off[i]! : 0)),
      loss: pick([1, -2, 0, 0.5], seed + 1000),
      length: pick([0.25, 0.5, 1, 4], seed + 2000),
      low: pick([0, 0.125], seed + 3000),
      high: pick([0, 0.75, 8], seed + 4000),
      trials: pick([1, 2, 24, 25, 26], seed + 5000),
      pairs: Array.from({ length: seed % (history + 1) }, (_, i) => {
        const step = quarters(10 * seed + 5 + i, 3).map((x) => x || 0.25);
        return { step, change: step.map((x, j) => (x * (1 + ((seed + i * j) % 7))) / 8) };
      }),
    };
  }

  test.each([
    { history: 1, learningRate: 1 },
    { history: 3, learningRate: 0.5 },
    { history: 4, learningRate: 2 },
  ])('makes the step that it should: %o', async ({ history, learningRate }) => {
    const trainer = await trainerAt(3, lbfgs({ history, learningRate }));
    const outcomes: Outcome[] = [];
    for (let seed = 0; seed < 150; seed++) {
      const before = momentAt(seed, history);
      const isFirst = seed % 13 === 5;
      const kept = pick([0, 0.5, 0.75, 1], seed + 7000);
      const found = {
        loss: before.loss + pick([-3, -0.5, 0, 0.5], seed + 6000),
        gradient: quarters(10 * seed + 9, 3).map((x, i) => before.gradient[i]! * kept + x * (1 - kept)),
        isLost: seed % 11 === 0 && !isFirst,
      };
      outcomes.push(await stepFrom(trainer, before, found, { history, learningRate, isFirst }));
    }
    const tally = (wanted: Outcome) => outcomes.filter((outcome) => outcome === wanted).length;
    for (const outcome of ['new base', 'longer', 'shorter', 'begun anew'] as const)
      expect(tally(outcome), outcome).toBeGreaterThan(5);
  });
});

describe('lbfgs, on the border', () => {
  /** One unit down a slope of 1. */
  const down: Moment = {
    at: [1, 0],
    base: [0, 0],
    loss: 1,
    gradient: [-1, 0],
    direction: [1, 0],
    length: 1,
    low: 0,
    high: 0,
    trials: 1,
    pairs: [],
  };
  const cases: [string, Outcome, Partial<Moment>, number, number[]][] = [
    // [what, outcome, where it is, loss, gradient]
    ['falls as much as it must', 'new base', {}, 1 + 1e-4 * -1, [2, 0]],
    ['falls a little more than it must', 'new base', {}, 1 - 1.05e-4, [2, 0]],
    ['falls a little less', 'shorter', {}, 1 - 0.95e-4, [2, 0]],
    ['does not fall', 'shorter', {}, 1, [2, 0]],
    ['rises by rounding, the slope being gone', 'new base', {}, 1 + 1e-14, [0, 0]],
    ['rises by less than rounding', 'new base', {}, 1 + 0.9e-14, [0, 0]],
    ['rises by more than rounding', 'shorter', {}, 1 + 1.05e-14, [0, 0]],
    ['rises by rounding of a large loss', 'new base', { loss: 1000 }, 1000 + 9e-12, [0, 0]],
    ['rises by rounding of a loss below 0', 'new base', { loss: -1000 }, -1000 + 9e-12, [0, 0]],
    ['stays, the slope having turned as far as it may', 'new base', {}, 1, [-1 * (2 * 1e-4 - 1), 0]],
    ['stays, the slope having turned nearly as far', 'new base', {}, 1, [0.99975, 0]],
    ['stays, the slope having turned farther', 'shorter', {}, 1, [0.99985, 0]],
    ['is as steep as it may be', 'new base', {}, 0.5, [-1 * 0.9, 0]],
    ['is a little less steep', 'new base', {}, 0.5, [-0.89, 0]],
    ['is a little steeper', 'longer', {}, 0.5, [-0.91, 0]],
    ['is uphill all the way', 'new base', {}, 0.5, [0.91, 0]],
    ['was promised nothing', 'new base', { gradient: [0, 0] }, 1, [0, 0]],
    ['was promised a rise', 'shorter', { gradient: [0.5, 0] }, 0, [0, 0]],
    ['was promised half a fall', 'new base', { gradient: [-0.5, 0] }, 0, [0, 0]],
    ['is steep before the last trial', 'longer', { trials: 24 }, 0.5, [-1, 0]],
    ['is steep at the last trial', 'new base', { trials: 25 }, 0.5, [-1, 0]],
    ['is high before the last trial', 'shorter', { trials: 24 }, 2, [2, 1]],
    ['is high at the last trial', 'begun anew', { trials: 25 }, 2, [2, 1]],
    ['is steep below a length that was too much', 'longer', { length: 0.25, high: 0.5 }, 0.5, [-1, 0]],
    ['is high above a length that was too little', 'shorter', { low: 0.5, length: 4 }, 2, [2, 0]],
  ];
  test.each(cases)('%s: %s', async (_, outcome, place, loss, gradient) => {
    const trainer = await trainerAt(2, lbfgs({ history: 2 }));
    const before = { ...down, ...place };
    expect(await stepFrom(trainer, before, { loss, gradient }, { history: 2 })).toBe(outcome);
  });

  test.each<[string, number, number[], number[]]>([
    // [what, pairs, step, change of the gradient]
    ['more than a part in 10¹⁰ of both lengths', 1, [1, 0], [1.05e-10, 1]],
    ['just that part', 0, [1, 0], [1e-10, 1]],
    ['less than that', 0, [1, 0], [0.95e-10, 1]],
    ['a little more, nearly at a right angle', 1, [3, 4], [-4 + 0.87e-9, 3]],
    ['a little less, nearly at a right angle', 0, [3, 4], [-4 + 0.8e-9, 3]],
    ['more than 10⁻³⁰', 1, [1e-15, 0], [1.05e-15, 0]],
    ['just 10⁻³⁰', 0, [1, 0], [1e-30, 0]],
    ['less than 10⁻³⁰', 0, [1, 0], [1e-31, 0]],
    ['nothing', 0, [1, 0], [0, 1]],
    ['nothing at all', 0, [1, 0], [0, 0]],
  ])(
    'a step along which the gradient changes by %s is remembered %d times',
    async (_, count, at, gradient) => {
      const trainer = await trainerAt(2, lbfgs({ history: 2 }));
      const before = { ...down, gradient: [0, 0], at };
      expect(await stepFrom(trainer, before, { loss: 1, gradient }, { history: 2 })).toBe('new base');
      expect(momentOf((await trainer.trainer.snapshot()).state).pairs.length).toBe(count);
    },
  );

  test.each([0, -2])('a pair whose product is %d, by rounding, says nothing', async (product) => {
    const { trainer, model } = await trainerAt(2, lbfgs({ history: 3 }));
    const good = { step: [1, 0], change: [2, 1] };
    const found = { loss: 0, gradient: [0.5, 1] };
    const pairs = [{ step: [1, 1], change: [product, 0] }, good];
    trainer.restore(snapshotAt({ ...down, pairs }, model));
    await tell(trainer, found);
    const { after } = nextByHand({ ...down, pairs: [good] }, found, { history: 3 });
    expectNear(momentOf((await trainer.snapshot()).state).direction, after.direction, 'direction');
  });

  test.each<[Outcome, number]>([
    ['new base', 8],
    ['shorter', 9],
  ])('in float32, where the loss rises by rounding: %s', async (wanted, last) => {
    const trainer = await toldTrainer(2, lbfgs({ history: 2 }), { dtype: 'float32' });
    trainer.restore(snapshotAt(down, await trainer.snapshot()));
    const settings = { history: 2, rounding: 1e-6 };
    const { outcome } = await stepBeside(
      trainer,
      down,
      { loss: 1 + last * 2 ** -23, gradient: [0, 0] },
      settings,
    );
    expect(outcome).toBe(wanted);
  });
});

describe('lbfgs', () => {
  test('leaves what is remembered around it as it is', async () => {
    const watched = optimizerWrapper('watched', {}, (inner) => ({
      state: (parameter) => ({ ...inner.state(parameter), seen: constant(0, parameter) }),
      memory: (parameters) => ({ ...inner.memory?.(parameters), sum: constant(0) }),
      prepare: (gradients, context) => {
        const { states, memory, ...prepared } = prepareGradients(inner, gradients, context);
        return {
          ...prepared,
          states: states.map((state) => ({ ...state, seen: state.seen!.add(1) })),
          memory: { ...memory, sum: memory.sum!.add(context.loss) },
        };
      },
    }));
    const trainer = await toldTrainer(2, watched({ optimizer: lbfgs() }));
    for (const loss of [3, 2, 4]) await tell(trainer, { loss, gradient: [1, -1] });
    const { state } = await trainer.snapshot();
    expect([...state['memory.sum']!, ...state['optimizer.seen']!]).toEqual([9, 3, 3]);
  });

  test('has nothing to do where nothing is trained', async () => {
    const trainer = await toldTrainer(3, lbfgs(), { trainable: false });
    for (const loss of [1, 2]) await tell(trainer, { loss, gradient: [1, 2, 3] });
    expect([...(await trainer.snapshot()).state.parameters!]).toEqual([0, 0, 0]);
  });
});
