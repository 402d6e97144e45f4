// reduceOnPlateau against PyTorch's rules, on its own, behind a warm-up, and in trainings.
import { cpu } from '@neurite/backend-cpu';
import {
  layer,
  loss,
  registry,
  type Schedule,
  type ScheduleMemory,
  sequential,
  toData,
  train,
  zeros,
} from '@neurite/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as optimizers from '../src/index.ts';

const { accumulated, exponentialDecay, parameterGroup, reduceOnPlateau, sgd, warmup } = optimizers;

/** The rate after each of some epochs of ten steps. */
function ratesAfter(schedule: Schedule, losses: readonly number[], validation = false): number[] {
  let memory = schedule.memory as ScheduleMemory;
  return losses.map((value, epoch) => {
    const steps = 10 * (epoch + 1);
    memory = schedule.observe!(memory, {
      steps,
      loss: validation ? 1 : value,
      validationLoss: validation ? value : undefined,
    });
    return schedule.rate(steps, memory);
  });
}

/** torch.optim.lr_scheduler.ReduceLROnPlateau, mode "min", threshold_mode "rel", eps 0: its code line by line. */
function pytorch(
  losses: readonly number[],
  { initial = 0.01, factor = 0.1, patience = 10, threshold = 1e-4, cooldown = 0, minimum = 0 },
): number[] {
  let [rate, best, bad, counter] = [initial, Number.POSITIVE_INFINITY, 0, 0];
  return losses.map((current) => {
    if (current < best * (1 - threshold)) {
      best = current;
      bad = 0;
    } else bad += 1;
    if (counter > 0) {
      counter -= 1;
      bad = 0;
    }
    if (bad > patience) {
      rate = Math.max(rate * factor, minimum);
      counter = cooldown;
      bad = 0;
    }
    return rate;
  });
}

describe('reduceOnPlateau', () => {
  test('does what PyTorch does, whatever the losses', () => {
    const options = fc.record({
      initial: fc.constantFrom(0.1, 1),
      factor: fc.constantFrom(0.1, 0.5),
      patience: fc.nat(3),
      threshold: fc.constantFrom(0, 1e-4, 0.1),
      cooldown: fc.nat(3),
      minimum: fc.constantFrom(0, 0.02),
    });
    const losses = fc.array(fc.double({ min: 0.5, max: 1.5, noNaN: true }), { maxLength: 40 });
    fc.assert(
      fc.property(options, losses, fc.boolean(), (given, values, validation) => {
        expect(ratesAfter(reduceOnPlateau(given), values, validation)).toEqual(pytorch(values, given));
      }),
    );
  });

  test('has PyTorch’s defaults', () => {
    const values = Array.from({ length: 60 }, (_, i) => 1 - 1e-6 * i);
    expect(ratesAfter(reduceOnPlateau(), values)).toEqual(pytorch(values, {}));
    expect(reduceOnPlateau().rate(0)).toBe(0.01);
  });

  test('by hand: cut when three epochs in a row are no better, for patience 2', () => {
    const schedule = reduceOnPlateau({ initial: 1, factor: 0.5, patience: 2 });
    expect(ratesAfter(schedule, [3, 2, 2, 2, 2, 1, 1, 1])).toEqual([1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5]);
  });

  test('takes losses below 0 as they are meant: less is better, the same is not', () => {
    const schedule = reduceOnPlateau({ initial: 1, factor: 0.5, patience: 0 });
    expect(ratesAfter(schedule, [-1, -1, -2, -2])).toEqual([1, 0.5, 0.5, 0.25]);
  });

  test('is not better where the loss is the same, even without a threshold', () => {
    const schedule = reduceOnPlateau({ initial: 1, factor: 0.5, patience: 0, threshold: 0 });
    expect(ratesAfter(schedule, [2, 2, 1, 1])).toEqual([1, 0.5, 0.5, 0.25]);
  });

  test('remembers the rate, the least loss, and epochs that were bad or are not counted', () => {
    const schedule = reduceOnPlateau({ initial: 1, factor: 0.5, patience: 1, cooldown: 2 });
    let memory = schedule.memory as ScheduleMemory;
    expect(memory).toEqual({ rate: 1, best: Number.MAX_VALUE, badEpochs: 0, cooling: 0 });
    const moments = [4, 5, 6, 7, 3, 8].map((value) => {
      memory = schedule.observe!(memory, { steps: 10, loss: value, validationLoss: undefined });
      return memory;
    });
    expect(moments).toEqual([
      { rate: 1, best: 4, badEpochs: 0, cooling: 0 },
      { rate: 1, best: 4, badEpochs: 1, cooling: 0 },
      { rate: 0.5, best: 4, badEpochs: 0, cooling: 2 },
      { rate: 0.5, best: 4, badEpochs: 0, cooling: 1 },
      { rate: 0.5, best: 3, badEpochs: 0, cooling: 0 },
      { rate: 0.5, best: 3, badEpochs: 1, cooling: 0 },
    ]);
  });

  test('a loss that is NaN is no better', () => {
    const schedule = reduceOnPlateau({ initial: 1, factor: 0.5, patience: 0 });
    expect(ratesAfter(schedule, [1, Number.NaN, 0.5])).toEqual([1, 0.5, 0.5]);
  });

  test('remembers numbers that JSON can hold', () => {
    const { memory } = reduceOnPlateau();
    expect(JSON.parse(JSON.stringify(memory))).toEqual(memory);
  });

  test('refuses what makes no sense', () => {
    expect(() => reduceOnPlateau({ factor: 1 })).toThrow('reduceOnPlateau: factor must be a number above 0');
    expect(() => reduceOnPlateau({ patience: -1 })).toThrow(
      'reduceOnPlateau: patience must be a whole number',
    );
  });

  test('comes back from data, in front of it a warm-up', () => {
    const data = toData(warmup({ before: reduceOnPlateau({ patience: 3 }) }));
    const neurite = registry().use(optimizers);
    expect(toData(neurite.make('schedule', JSON.parse(JSON.stringify(data))))).toEqual(data);
  });
});

describe('a warm-up in front of a schedule that watches the training', () => {
  const before = reduceOnPlateau({ initial: 1, factor: 0.5, patience: 1 });
  const schedule = warmup({ steps: 20, start: 0.5, before });

  test('hands on what it remembers, and what it sees once it is over', () => {
    // The epochs of the warm-up, which end at steps 10 and 20, do not count.
    expect(ratesAfter(schedule, [1, 1, 1, 1, 1, 1, 1])).toEqual([0.75, 1, 1, 1, 0.5, 0.5, 0.25]);
  });

  test('goes up to the rate that is remembered', () => {
    const memory = { ...(schedule.memory as ScheduleMemory), rate: 0.5 };
    expect([0, 10, 20, 500].map((step) => schedule.rate(step, memory))).toEqual([0.25, 0.375, 0.5, 0.5]);
  });

  test('twice', () => {
    const twice = warmup({ steps: 10, start: 0.5, before: schedule });
    expect(ratesAfter(twice, [1, 1, 1, 1, 1, 1])).toEqual([0.5, 0.75, 1, 1, 1, 0.5]);
  });

  test('remembers nothing in front of one that does not', () => {
    expect(warmup({ before: exponentialDecay() }).memory).toBeUndefined();
    expect(warmup().memory).toBeUndefined();
  });
});

/** y = w x, one number; the targets are `targets`. */
const scale = layer('scale', {}, () => ({
  parameters: () => ({
    weight: { shape: [1], initializer: zeros(), fanIn: 1, fanOut: 1, role: 'weight' as const },
    bias: { shape: [1], initializer: zeros(), fanIn: 1, fanOut: 1, role: 'bias' as const },
  }),
  apply: ({ weight, bias }, x) => x.mul(weight).add(bias),
}));
const squares = loss('squares', {}, () => (y, target) => y.sub(target).square().sum(-1).div(2));

describe('in a training', () => {
  const trainerWith = (optimizer: ReturnType<typeof sgd>) =>
    train(sequential([1], [scale({ name: 's' })]), {
      loss: squares(),
      optimizer,
      backend: cpu(),
      dtype: 'float64',
    });
  /** Examples of which nothing can be learned: the loss stays what it is. */
  const flat = { inputs: [[0], [0]], targets: [[1], [-1]] };
  const plateau = () => reduceOnPlateau({ initial: 1, factor: 0.5, patience: 1 });

  test('the rate falls where the loss of the training stays', async () => {
    const trainer = await trainerWith(sgd({ learningRate: plateau() }));
    await trainer.fit(flat, { epochs: 3, batchSize: 2 });
    expect(trainer.rateAt(3)).toBe(0.5);
    await trainer.fit(flat, { epochs: 2, batchSize: 2 });
    expect(trainer.rateAt(5)).toBe(0.25);
  });

  test('the validation decides where there is one', async () => {
    const slow = () => sgd({ learningRate: reduceOnPlateau({ initial: 0.1, factor: 0.5, patience: 1 }) });
    const data = { inputs: [[0.1], [0.1]], targets: [[0.2], [0.2]] };
    // The bias goes up, towards the targets and away from the validation's.
    const validation = { inputs: [[0]], targets: [[-1]] };
    const [watched, alone] = [await trainerWith(slow()), await trainerWith(slow())];
    await watched.fit(data, { epochs: 3, batchSize: 2, validation });
    await alone.fit(data, { epochs: 3, batchSize: 2 });
    expect([watched.rateAt(3), alone.rateAt(3)]).toEqual([0.05, 0.1]);
  });

  test('steps are made at the rate that is left', async () => {
    const trainer = await trainerWith(sgd({ learningRate: plateau() }));
    await trainer.fit(flat, { epochs: 3, batchSize: 2 });
    await trainer.step({ inputs: [[0]], targets: [[1]] });
    expect((await trainer.readParameters())['s.bias']![0]).toBeCloseTo(0.5, 14);
  });

  test('each group has a plateau of its own that sees the same losses', async () => {
    const trainer = await trainerWith(
      parameterGroup({
        optimizer: sgd({ learningRate: plateau() }),
        parameters: ['bias'],
        group: sgd({ learningRate: reduceOnPlateau({ initial: 8, factor: 0.25, patience: 0 }) }),
      }),
    );
    await trainer.fit(flat, { epochs: 3, batchSize: 2 });
    const before = await trainer.readParameters();
    await trainer.step({ inputs: [[1]], targets: [[3]] });
    const after = await trainer.readParameters();
    const error = 3 - before['s.weight']![0]! - before['s.bias']![0]!;
    expect(after['s.weight']![0]! - before['s.weight']![0]!).toBeCloseTo(0.5 * error, 12);
    expect(after['s.bias']![0]! - before['s.bias']![0]!).toBeCloseTo(0.5 * error, 12);
  });

  test('accumulated batches are seen through', async () => {
    const optimizer = accumulated({ optimizer: sgd({ learningRate: plateau() }), steps: 2 });
    const trainer = await trainerWith(optimizer);
    await trainer.fit(flat, { epochs: 3, batchSize: 1, shuffle: false });
    expect(trainer.rateAt(6)).toBe(0.5);
    for (let batch = 0; batch < 2; batch++) await trainer.step({ inputs: [[0]], targets: [[1]] });
    expect((await trainer.readParameters())['s.bias']![0]).toBeCloseTo(0.5, 14);
  });

  test('a snapshot has it', async () => {
    const [one, other] = [
      await trainerWith(sgd({ learningRate: plateau() })),
      await trainerWith(sgd({ learningRate: plateau() })),
    ];
    await one.fit(flat, { epochs: 3, batchSize: 2 });
    other.restore(await one.snapshot());
    expect(other.rateAt(3)).toBe(0.5);
  });
});
