// What wrappers show the optimizer within them, and what they make of what it remembers, number by number.
import {
  constant,
  type Optimizer,
  optimizer,
  type Schedule,
  schedule,
  type Trainer,
  zerosLike,
} from '@neurite/core';
import { describe, expect, test } from 'vitest';
import * as optimizers from '../src/index.ts';
import { tell, toldTrainer } from './told.ts';

const { accumulated, averaged, exponentialDecay, lbfgs, parameterGroup, reduceOnPlateau, sgd, warmup } =
  optimizers;

/**
 * Goes along the gradient and where it last came to, and remembers which steps it was shown, in each of its functions.
 * One of its names is also a wrapper's. `seen`: gets the names of all that it is shown.
 */
const witness = (seen: string[] = []): Optimizer =>
  optimizer('witness', 0.5, {}, () => ({
    state: (parameter) => ({
      came: zerosLike(parameter),
      updates: zerosLike(parameter),
      moves: zerosLike(parameter),
    }),
    memory: () => ({ gathered: constant(0), prepared: constant(0) }),
    prepare: (gradients, { states, memory, loss, step }) => {
      seen.push(...[...states, memory].flatMap((all) => Object.keys(all)));
      return { gradients, memory: { ...memory, gathered: loss, prepared: step } };
    },
    update: ({ gradient, state, step }) => {
      seen.push(...Object.keys(state));
      const updates = state.updates.mul(0).add(step);
      return { direction: gradient.add(state.came), state: { ...state, updates } };
    },
    afterMove: (moved, state, step) => {
      seen.push(...Object.keys(state));
      return { ...state, came: moved, moves: state.moves.mul(0).add(step) };
    },
  }))();

/** Ten steps, in eighths, so that no sum is rounded. */
const found = Array.from({ length: 10 }, (_, i) => ({
  loss: ((5 * i) % 7) / 8,
  gradient: [((3 * i) % 5) / 8, 1 - i / 4, (i % 3) - 1],
}));

/** All that a training remembers; a 0 has no sign. */
async function stateOf(trainer: Trainer): Promise<Record<string, number[]>> {
  const { state } = await trainer.snapshot();
  return Object.fromEntries(
    Object.entries(state).map(([name, values]) => [name, [...values].map((x) => x + 0)]),
  );
}

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
const three = (value: number): number[] => Array(3).fill(value);

describe('accumulated', () => {
  test('shows means of gradients and losses, and the number of the update', async () => {
    const trainer = await toldTrainer(3, accumulated({ optimizer: witness(), steps: 4 }));
    let [w, came, loss] = [three(0), three(0), 0];
    for (let made = 0; made <= found.length; made++) {
      const update = Math.floor(made / 4);
      const gathered = found.slice(4 * update, made);
      if (made > 0 && gathered.length === 0) {
        const all = found.slice(made - 4, made);
        w = w.map((x, i) => x - 0.5 * (mean(all.map(({ gradient }) => gradient[i]!)) + came[i]!));
        came = w;
        loss = mean(all.map((each) => each.loss));
      }
      expect(await stateOf(trainer)).toEqual({
        parameters: w,
        'optimizer.came': came,
        'optimizer.updates': three(update),
        'optimizer.moves': three(update),
        'optimizer.outer.gathered': three(0).map((_, i) =>
          gathered.reduce((sum, { gradient }) => sum + gradient[i]!, 0),
        ),
        'memory.gathered': [loss],
        'memory.prepared': [update],
        'memory.outer.gathered': [gathered.reduce((sum, each) => sum + each.loss, 0)],
        step: [made],
      });
      if (made < found.length) await tell(trainer, found[made]!);
    }
  });

  test('remembers under plain names where they are free', async () => {
    const trainer = await toldTrainer(3, accumulated({ optimizer: sgd() }));
    expect(Object.keys(await stateOf(trainer)).sort()).toEqual([
      'memory.gathered',
      'optimizer.gathered',
      'parameters',
      'step',
    ]);
  });

  const parameter = { name: 'told.bias', role: 'bias' } as const;

  test('has nothing to do where nothing is trained', async () => {
    for (const dtype of ['float32', 'float64'] as const) {
      const optimizer = accumulated({ optimizer: witness(), steps: 2 });
      const trainer = await toldTrainer(3, optimizer, { dtype, trainable: false });
      for (const each of found.slice(0, 4)) await tell(trainer, each);
      const state = await stateOf(trainer);
      expect(state.parameters).toEqual(three(0));
      expect(state['memory.gathered']).toEqual([mean([found[2]!.loss, found[3]!.loss])]);
    }
  });

  test('gives a schedule the number of the update, and nothing before the first', () => {
    const diary = schedule('diary', {}, () => ({
      memory: { steps: 0, loss: 0 },
      rate: (step, memory) => step + 100 * (memory?.steps ?? 5),
      observe: (_, { steps, loss }) => ({ steps, loss }),
    }));
    const rate = accumulated({ optimizer: sgd({ learningRate: diary() }), steps: 4 })
      .learningRate as Schedule;
    expect([0, 1, 3, 4, 7, 8, 9].map((step) => rate.rate(step, { steps: 2 }))).toEqual([
      200, 200, 200, 201, 201, 202, 202,
    ]);
    expect(rate.rate(0)).toBe(500);
    const observed = (steps: number) =>
      rate.observe!(rate.memory!, { steps, loss: 0.5, validationLoss: undefined });
    expect([3, 4, 7, 8].map(observed)).toEqual([
      { steps: 0, loss: 0 },
      { steps: 1, loss: 0.5 },
      { steps: 1, loss: 0.5 },
      { steps: 2, loss: 0.5 },
    ]);
  });

  test('makes one schedule of one', async () => {
    const plateau = accumulated({ optimizer: sgd({ learningRate: reduceOnPlateau() }) });
    expect(plateau.rateOf!(parameter)).toBe(plateau.learningRate);
    expect((await (await toldTrainer(3, plateau)).snapshot()).schedules.length).toBe(1);
    const plain = accumulated({ optimizer: sgd({ learningRate: 0.25 }) });
    expect([plain.learningRate, plain.rateOf!(parameter)]).toEqual([0.25, 0.25]);
  });

  test('has the rates of the groups within it', () => {
    const groups = parameterGroup({
      optimizer: sgd({ learningRate: 0.25 }),
      parameters: ['bias'],
      group: sgd({ learningRate: exponentialDecay({ initial: 1, factor: 0.5, every: 1 }) }),
    });
    const optimizer = accumulated({ optimizer: groups, steps: 2 });
    const rate = optimizer.rateOf!(parameter) as Schedule;
    expect([0, 1, 2, 3, 4].map((step) => rate.rate(step))).toEqual([1, 1, 0.5, 0.5, 0.25]);
    expect(optimizer.rateOf!({ name: 'told.matrix', role: 'weight' })).toBe(0.25);
  });
});

describe('averaged', () => {
  test('shows the optimizer within where the parameters came to', async () => {
    const trainer = await toldTrainer(3, averaged({ optimizer: witness(), decay: 0.5 }));
    let [w, average] = [three(0), three(0)];
    for (const [made, each] of found.slice(0, 5).entries()) {
      await tell(trainer, each);
      w = w.map((x, i) => x - 0.5 * (each.gradient[i]! + x));
      average = made === 0 ? w : average.map((a, i) => (a + w[i]!) / 2);
      expect(await stateOf(trainer)).toEqual({
        parameters: w,
        'optimizer.came': w,
        'optimizer.updates': three(made + 1),
        'optimizer.moves': three(made + 1),
        'optimizer.average': average,
        'memory.gathered': [each.loss],
        'memory.prepared': [made + 1],
        step: [made + 1],
      });
    }
  });

  test('within one of its kind keeps a mean of its own', async () => {
    const inner = averaged({ optimizer: sgd({ learningRate: 1 }), decay: 0.75 });
    const trainer = await toldTrainer(3, averaged({ optimizer: inner, decay: 0.5 }));
    for (const gradient of [three(-1), three(-4)]) await tell(trainer, { loss: 0, gradient });
    const state = await stateOf(trainer);
    expect(state['optimizer.average']).toEqual(three(0.75 * 1 + 0.25 * 5));
    expect(state['optimizer.outer.average']).toEqual(three(0.5 * 1 + 0.5 * 5));
  });
});

describe('parameterGroup', () => {
  test('shows each side what it remembers itself, and keeps it under its own names', async () => {
    const seen: string[] = [];
    const sides = parameterGroup({ optimizer: witness(seen), parameters: ['bias'], group: witness(seen) });
    const trainer = await toldTrainer(3, sides);
    let w = three(0);
    for (const [made, each] of found.slice(0, 4).entries()) {
      await tell(trainer, each);
      w = w.map((x, i) => x - 0.5 * (each.gradient[i]! + x));
      const [rest, group] = [
        [1, 1, 0],
        [0, 0, 1],
      ] as const;
      const only = (side: readonly number[], values: readonly number[]) =>
        values.map((x, i) => (side[i] === 1 ? x : 0));
      expect(await stateOf(trainer)).toEqual({
        parameters: w,
        'optimizer.rest.came': only(rest, w),
        'optimizer.rest.updates': only(rest, three(made + 1)),
        'optimizer.rest.moves': only(rest, three(made + 1)),
        'optimizer.group.came': only(group, w),
        'optimizer.group.updates': only(group, three(made + 1)),
        'optimizer.group.moves': only(group, three(made + 1)),
        'memory.rest.gathered': [each.loss],
        'memory.rest.prepared': [made + 1],
        'memory.group.gathered': [each.loss],
        'memory.group.prepared': [made + 1],
        step: [made + 1],
      });
    }
    expect([...new Set(seen)].sort()).toEqual(['came', 'gathered', 'moves', 'prepared', 'updates']);
  });

  test('computes with what one side has in place of its parameters', () => {
    const plain = () => sgd({ learningRate: 0.5 });
    const mean = () => averaged({ optimizer: plain() });
    const of = (rest: Optimizer, group: Optimizer) =>
      parameterGroup({ optimizer: rest, parameters: ['bias'], group }).evaluates;
    expect([of(plain(), plain()), of(mean(), plain()), of(plain(), lbfgs())]).toEqual([
      undefined,
      'evaluated',
      'evaluated',
    ]);
  });
});

describe('warmup', () => {
  test('watches nothing where what follows watches nothing', () => {
    for (const before of [0.1, exponentialDecay()]) {
      expect(warmup({ before }).memory).toBeUndefined();
      expect(warmup({ before }).observe).toBeUndefined();
    }
  });

  test('keeps what a schedule remembers that looks at nothing', () => {
    const fixed = schedule('fixed', {}, () => ({
      memory: { rate: 3 },
      rate: (_, memory) => memory?.rate ?? 1,
    }));
    const { memory, observe } = warmup({ before: fixed(), steps: 5 });
    expect(observe!(memory!, { steps: 9, loss: 1, validationLoss: undefined })).toEqual({ rate: 3 });
  });

  test('counts from its end', () => {
    const diary = schedule('diary', {}, () => ({
      memory: { steps: 0, loss: 0 },
      rate: () => 1,
      observe: (_, { steps, loss }) => ({ steps, loss }),
    }));
    const { memory, observe } = warmup({ before: diary(), steps: 5 });
    const observed = (steps: number) => observe!(memory!, { steps, loss: 2, validationLoss: undefined });
    expect([5, 6, 9].map(observed)).toEqual([
      { steps: 0, loss: 0 },
      { steps: 1, loss: 2 },
      { steps: 4, loss: 2 },
    ]);
  });
});
