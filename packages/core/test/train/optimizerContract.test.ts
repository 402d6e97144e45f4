// What optimizers may do beside a direction: remember, prepare, look at where they came to, have rates of their own.
import { describe, expect, it } from 'vitest';
import {
  constant,
  optimizer,
  option,
  schedule,
  sequential,
  type Tensor,
  zerosLike,
} from '../../src/index.ts';
import { expectNear } from '../support/numbers.ts';
import { oracleTraining } from '../support/oracle.ts';
import { dense, halving, l2, sgd } from '../support/plugins.ts';
import { sampleNumbers } from '../support/testing.ts';
import { recordedTrainer, writesTo } from '../support/training.ts';

const network = sequential([2], [dense({ units: 2 })]);
const data = { inputs: sampleNumbers(8, { seed: 1 }), targets: sampleNumbers(8, { seed: 2 }) };
const plain = {
  state: () => ({}),
  update: ({ gradient }: { gradient: Tensor }) => ({ direction: gradient, state: {} }),
};
const names = ['output.weight', 'output.bias'];

describe('memory', () => {
  /** Counts steps and adds up losses; moves by the number of parameters. */
  const remembering = optimizer('remembering', 1, {}, () => ({
    state: () => ({}),
    memory: (parameters) => ({
      steps: constant(parameters.length, { dtype: 'float64' }),
      losses: constant(0.5, { shape: [1, 2], dtype: 'float64' }),
      first: (parameters[0] as Tensor).add(1),
    }),
    prepare: (gradients, { memory, loss }) => ({
      gradients: gradients.map((gradient) => gradient.mul(0).add(memory.steps as Tensor)),
      memory: {
        ...memory,
        steps: (memory.steps as Tensor).add(1),
        losses: (memory.losses as Tensor).add(loss),
      },
    }),
    update: ({ gradient }) => ({ direction: gradient, state: {} }),
  }));

  it('begins as the optimizer says, goes from step to step, and is of any shape', () => {
    const training = oracleTraining(network, { optimizer: remembering() });
    const before = training.values;
    expect(before).toMatchObject({ 'memory.steps': [2], 'memory.losses': [0.5, 0.5] });
    expectNear(
      before['memory.first'] as number[],
      (before['output.weight'] as number[]).map((w) => w + 1),
    );
    const losses = [training.step(data), training.step(data)];
    const sum = losses.reduce((a, b) => a + b, 0.5);
    expect(training.values['memory.steps']).toEqual([4]);
    expectNear(training.values['memory.losses'] as number[], [sum, sum]);
    expect(training.values['memory.first']).toEqual(before['memory.first']);
    for (const name of names)
      expectNear(
        training.values[name] as number[],
        (before[name] as number[]).map((w) => w - 2 - 3),
      );
  });

  it('is given in buffers of its own', async () => {
    const { trainer } = await recordedTrainer({ optimizer: remembering() });
    const { state } = await trainer.snapshot();
    expect(Object.keys(state)).toEqual([
      'parameters',
      'memory.steps',
      'memory.losses',
      'memory.first',
      'step',
    ]);
    expect([...(state['memory.losses'] as Float32Array)]).toEqual([0.5, 0.5]);
  });
});

describe('prepare', () => {
  it('may give gradients and what is remembered of each parameter, which the updates then get', () => {
    const preparing = optimizer('preparing', 1, {}, () => ({
      state: (parameter) => ({ last: zerosLike(parameter) }),
      prepare: (gradients, { states, parameters, step }) => ({
        gradients: gradients.map((gradient, i) => gradient.mul(0).add(parameters[i] as Tensor)),
        states: states.map(({ last }) => ({ last: (last as Tensor).add(step) })),
      }),
      update: ({ gradient, state }) => ({ direction: gradient, state: { last: state.last.mul(10) } }),
    }));
    const training = oracleTraining(network, { optimizer: preparing() });
    training.step(data);
    for (const name of names) expect(new Set(training.values[name])).toEqual(new Set([0]));
    expect(new Set(training.values['output.weight.last'])).toEqual(new Set([10]));
    training.step(data);
    expect(new Set(training.values['output.bias.last'])).toEqual(new Set([(10 + 2) * 10]));
  });

  it('sees the loss with its penalties, as it was before the step', () => {
    const seeing = optimizer('seeing', 0, {}, () => ({
      ...plain,
      memory: () => ({ loss: constant(0, { dtype: 'float64' }) }),
      prepare: (gradients, { loss }) => ({ gradients, memory: { loss } }),
    }));
    const training = oracleTraining(network, { optimizer: seeing(), regularizer: l2({ strength: 3 }) });
    for (let step = 0; step < 2; step++) {
      const loss = training.step(data);
      expect(training.values['memory.loss']).toEqual([loss]);
    }
  });
});

describe('afterMove and evaluates', () => {
  const averaging = optimizer('averaging', 0.1, { share: option.fraction(0.75) }, ({ share }) => ({
    state: (parameter) => ({ average: parameter }),
    evaluates: 'average',
    update: ({ gradient, state }) => ({ direction: gradient, state }),
    afterMove: (moved, { average }) => ({ average: average.mul(share).add(moved.mul(1 - share)) }),
  }));

  it('sees where the parameter came to, and what is evaluated is what it made of that', () => {
    const training = oracleTraining(network, { optimizer: averaging() });
    const plainly = oracleTraining(network, { optimizer: sgd() });
    let average = names.map((name) => training.values[name] as number[]);
    for (let step = 0; step < 3; step++) {
      expect(training.step(data)).toBe(plainly.step(data));
      average = average.map((all, i) =>
        all.map((a, j) => 0.75 * a + 0.25 * (training.values[names[i] as string]?.[j] as number)),
      );
    }
    names.forEach((name, i) => {
      expect(training.values[name]).toEqual(plainly.values[name]);
      expectNear(training.values[`${name}.average`] as number[], average[i] as number[]);
    });
    const averaged = oracleTraining(network);
    averaged.write(Object.fromEntries(names.map((name, i) => [name, average[i] as number[]])));
    expectNear(
      training.predict(data.inputs).output as number[],
      averaged.predict(data.inputs).output as number[],
    );
    expectNear(
      training.evaluate(data, [4])['evaluation.loss'] as number[],
      averaged.evaluate(data, [4])['evaluation.loss'] as number[],
    );
  });

  it('comes after constraints', () => {
    const still = {
      kind: 'constraint',
      type: 'still',
      options: {},
      project: (w: Tensor) => w.mul(0).add(8),
    } as const;
    const training = oracleTraining(network, { optimizer: averaging(), constraint: still });
    const before = training.values['output.weight.average'] as number[];
    training.step(data);
    expectNear(
      training.values['output.weight.average'] as number[],
      before.map((a) => 0.75 * a + 2),
    );
  });

  it('gets the number of the step, counted from 1', () => {
    const counting = optimizer('counting', 0.1, {}, () => ({
      state: (parameter) => ({ at: zerosLike(parameter) }),
      update: ({ gradient, state }) => ({ direction: gradient, state }),
      afterMove: (_, { at }, step) => ({ at: at.mul(10).add(step) }),
    }));
    const training = oracleTraining(network, { optimizer: counting() });
    for (let step = 0; step < 3; step++) training.step(data);
    expect(training.values['output.bias.at']).toEqual([123, 123]);
  });
});

describe('what is remembered', () => {
  const kept = (
    state: (before: Tensor) => Tensor,
    memory: (before: Tensor) => Tensor,
    after?: (own: Tensor) => Tensor,
  ) =>
    optimizer('kept', 0.1, {}, () => ({
      state: (parameter) => ({ own: zerosLike(parameter) }),
      memory: () => ({ all: constant(0, { shape: [3], dtype: 'float64' }) }),
      prepare: (gradients, context) => ({ gradients, memory: { all: memory(context.memory.all as Tensor) } }),
      update: ({ gradient, state: { own } }) => ({ direction: gradient, state: { own: state(own) } }),
      ...(after && { afterMove: (_: Tensor, { own }: { own: Tensor }) => ({ own: after(own) }) }),
    }))();
  const same = (x: Tensor): Tensor => x;
  const nothing = () => undefined as unknown as Tensor;

  it.each([
    ['of a parameter', kept((own) => own.sum(), same), '"own" of "output.weight" as [2, 2], but gave []'],
    [
      'of a parameter, or nothing',
      kept(nothing, same),
      '"own" of "output.weight" as [2, 2], but gave nothing',
    ],
    [
      'of it after the move',
      kept(same, same, (own) => own.sum(0)),
      '"own" of "output.weight" as [2, 2], but gave [2]',
    ],
    ['of the training', kept(same, (all) => all.sum()), '"all" as [3], but gave []'],
    ['of the training, or nothing', kept(same, nothing), '"all" as [3], but gave nothing'],
  ])('%s, keeps its shape', (_, wrong, message) => {
    expect(() => oracleTraining(network, { optimizer: wrong }).step(data)).toThrow(
      `optimizer "kept" must keep ${message}`,
    );
  });

  it('may be what it was', () => {
    expect(() => oracleTraining(network, { optimizer: kept(same, same, same) }).step(data)).not.toThrow();
  });
});

describe('rateOf', () => {
  /** How far each parameter goes in a step, for a direction of 1. */
  const moves = (chosen: Parameters<typeof oracleTraining>[1], steps: number): number[][] => {
    const training = oracleTraining(network, chosen);
    return Array.from({ length: steps }, () => {
      const before = training.values;
      training.step(data);
      return names.map((name) => (before[name]?.[0] as number) - (training.values[name]?.[0] as number));
    });
  };
  const ones = ({ gradient }: { gradient: Tensor }) => ({ direction: gradient.mul(0).add(1), state: {} });
  const expectMoves = (actual: number[][], expected: number[][]) =>
    actual.forEach((each, i) => {
      expectNear(each, expected[i] as number[]);
    });

  it('gives parameters rates of their own', () => {
    const two = optimizer('two', 0.5, {}, () => ({
      state: () => ({}),
      rateOf: ({ role }) => (role === 'bias' ? 0.25 : 0.5),
      update: ones,
    }));
    expectMoves(moves({ optimizer: two() }, 2), [
      [0.5, 0.25],
      [0.5, 0.25],
    ]);
  });

  it('may be scheduled for some', () => {
    const decaying = halving({ initial: 4 });
    const some = optimizer('some', 0.5, {}, () => ({
      state: () => ({}),
      rateOf: ({ name }) => (name === 'output.bias' ? decaying : 0.5),
      update: ones,
    }));
    expectMoves(moves({ optimizer: some() }, 3), [
      [0.5, 4],
      [0.5, 2],
      [0.5, 1],
    ]);
  });

  it('may make its schedules anew at each call', () => {
    const steady = schedule(
      'steady',
      { rate: 1 },
      ({ rate }) =>
        () =>
          rate,
    );
    const fresh = optimizer('fresh', 0.5, {}, () => ({
      state: () => ({}),
      rateOf: ({ role }) => (role === 'bias' ? halving({ initial: 4 }) : steady({ rate: 0.5 })),
      update: ones,
    }));
    expectMoves(moves({ optimizer: fresh() }, 2), [
      [0.5, 4],
      [0.5, 2],
    ]);
  });

  it('is asked about parameters that are trained alone', () => {
    const asked = new Set<string>();
    const asking = optimizer('asking', 0.5, {}, () => ({
      state: () => ({}),
      rateOf: ({ name }) => {
        asked.add(name);
        return 0.25;
      },
      update: ones,
    }));
    const half = sequential([2], [dense({ units: 2, trainable: false }), dense({ units: 2 })]);
    oracleTraining(half, { optimizer: asking() }).step(data);
    expect([...asked]).toEqual(['output.weight', 'output.bias']);
  });

  it('reaches programs: all rates once, and for each step of a call where one is scheduled', async () => {
    const rated = (bias: number | ReturnType<typeof halving>) =>
      optimizer('rated', 0.5, {}, () => ({
        ...plain,
        rateOf: ({ role }) => (role === 'bias' ? bias : 0.5),
      }))();
    const batch = { inputs: [1, 2, 3, 4], targets: [0] };
    const fixed = await recordedTrainer({ optimizer: rated(0.25) });
    await fixed.trainer.step(batch);
    expect(writesTo(fixed.backend, 'learningRate')).toEqual([[0.5, 0.25]]);
    const scheduled = await recordedTrainer({ optimizer: rated(halving({ initial: 4 })) });
    await scheduled.trainer.step(batch);
    await scheduled.trainer.step(batch);
    expect(writesTo(scheduled.backend, 'learningRates').map((rates) => rates.slice(0, 2))).toEqual([
      [0.5, 4],
      [0.5, 2],
    ]);
    expect(scheduled.trainer.rateAt(0)).toBe(0.5);
  });
});
