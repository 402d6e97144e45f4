// What layers say of their own training: whether, how fast, and with which penalty on what they make.
import { describe, expect, it } from 'vitest';
import {
  graph,
  layer,
  type Network,
  optimizer,
  type PrepareContext,
  regularizer,
  sequential,
  type Tensor,
  zerosLike,
} from '../../src/index.ts';
import { expectNear } from '../support/numbers.ts';
import { oracleTraining, type Values } from '../support/oracle.ts';
import { adam, dense, dropout, flatten, l2, momentum, relu, sgd, sigmoid } from '../support/plugins.ts';
import { sampleNumbers } from '../support/testing.ts';

const rows = 4;
const data = { inputs: sampleNumbers(rows * 2, { seed: 1 }), targets: sampleNumbers(rows * 2, { seed: 2 }) };
type Options = Partial<Parameters<typeof dense>[0]>;
const networkWith = (first: Options, second: Options = {}): Network =>
  sequential([2], [dense({ units: 3, activation: sigmoid(), ...first }), dense({ units: 2, ...second })]);
const names = ['hidden1.weight', 'hidden1.bias', 'output.weight', 'output.bias'];
const part = (values: Values, ...wanted: string[]) => wanted.map((name) => values[name] as readonly number[]);

describe('trainable: false', () => {
  it('keeps the parameters of a layer, and changes nothing for the others', () => {
    const [free, frozen] = [
      oracleTraining(networkWith({})),
      oracleTraining(networkWith({ trainable: false })),
    ];
    const before = frozen.values;
    expect(frozen.step(data)).toBe(free.step(data));
    expect(part(frozen.values, 'hidden1.weight', 'hidden1.bias')).toEqual(
      part(before, 'hidden1.weight', 'hidden1.bias'),
    );
    expect(part(frozen.values, 'output.weight', 'output.bias')).toEqual(
      part(free.values, 'output.weight', 'output.bias'),
    );
  });

  it('lets the gradient through to the layers before it', () => {
    const free = oracleTraining(networkWith({}));
    const frozen = oracleTraining(networkWith({}, { trainable: false }));
    const before = frozen.values;
    for (const training of [free, frozen]) training.step(data);
    expect(part(frozen.values, 'hidden1.weight')).toEqual(part(free.values, 'hidden1.weight'));
    expect(part(frozen.values, 'hidden1.weight')).not.toEqual(part(before, 'hidden1.weight'));
    expect(part(frozen.values, 'output.weight')).toEqual(part(before, 'output.weight'));
  });

  it('of a layer that is used twice holds for both uses', () => {
    const shared = dense({ units: 2, trainable: false });
    const training = oracleTraining(
      graph([2], (x, use) => use(dense({ units: 2, name: 'last' }), use(shared, use(shared, x)))),
    );
    const before = training.values;
    training.step(data);
    expect(part(training.values, 'hidden1.weight')).toEqual(part(before, 'hidden1.weight'));
    expect(part(training.values, 'last.weight')).not.toEqual(part(before, 'last.weight'));
  });

  it('leaves what the optimizer remembers untouched', () => {
    for (const chosen of [momentum(), adam()]) {
      const training = oracleTraining(networkWith({ trainable: false }), { optimizer: chosen });
      const before = training.values;
      for (let step = 0; step < 2; step++) training.step(data);
      for (const [name, numbers] of Object.entries(before)) {
        if (name.startsWith('hidden1.')) expect(training.values[name]).toEqual(numbers);
        else expect(training.values[name]).not.toEqual(numbers);
      }
    }
  });

  it('lets it work as in evaluation, with its state as it is', () => {
    const counter = layer('counter', {}, () => ({
      state: () => ({ uses: { shape: [], initial: 3 } }),
      apply: (_, x, { state, training }) =>
        training ? { output: x.mul(state.uses), state: { uses: state.uses.add(1) } } : x,
    }));
    const still = oracleTraining(
      sequential([2], [dropout({ trainable: false }), counter({ trainable: false }), dense({ units: 2 })]),
    );
    const plain = oracleTraining(sequential([2], [dense({ units: 2 })]));
    for (let step = 0; step < 2; step++) expect(still.step(data)).toBe(plain.step(data));
    expect(still.values['counter1.uses']).toEqual([3]);
    expect(still.values['output.weight']).toEqual(plain.values['output.weight']);
  });

  it('counts no penalty on its parameters, neither its own nor the whole training’s', () => {
    const plain = oracleTraining(networkWith({}, { trainable: false })).step(data);
    const own = networkWith({ trainable: false, regularizer: l2({ strength: 3 }) }, { trainable: false });
    expect(oracleTraining(own, { regularizer: l2({ strength: 2 }) }).step(data)).toBe(plain);
    const half = oracleTraining(networkWith({}, { trainable: false }), { regularizer: l2({ strength: 2 }) });
    const squares = (half.values['hidden1.weight'] as number[]).reduce((sum, w) => sum + w * w, 0);
    expectNear([half.step(data)], [plain + squares]);
  });

  it('of all layers moves nothing', () => {
    const network = networkWith({ trainable: false }, { trainable: false });
    for (const chosen of [sgd(), adam()]) {
      const training = oracleTraining(network, { optimizer: chosen, regularizer: l2() });
      const before = training.values;
      expect(training.step(data)).toBe(training.step(data));
      expect(training.values).toEqual({ ...before, step: [2] });
    }
  });

  it('shows the optimizer the others alone', () => {
    const seen: [gradients: number, context: PrepareContext][] = [];
    const remembered: number[] = [];
    const watching = optimizer('watching', 0.1, {}, () => ({
      state: (parameter) => ({ own: zerosLike(parameter) }),
      memory: (parameters) => {
        remembered.push(parameters.length);
        return {};
      },
      prepare: (gradients, context) => {
        seen.push([gradients.length, context]);
        return gradients;
      },
      update: ({ gradient, state }) => ({ direction: gradient, state }),
    }));
    oracleTraining(networkWith({ trainable: false }), { optimizer: watching() }).step(data);
    expect(new Set(remembered)).toEqual(new Set([2]));
    const [gradients, { parameters, states }] = seen[0] as [number, PrepareContext];
    expect([gradients, parameters.length, states.length]).toEqual([2, 2, 2]);
    expect(parameters.map(({ shape }) => shape)).toEqual([[3, 2], [2]]);
  });

  it('is evaluated as it is, whatever the optimizer has in place of parameters', () => {
    const averaged = optimizer('averaged', 0.1, {}, () => ({
      state: (parameter) => ({ average: parameter }),
      evaluates: 'average',
      update: ({ gradient, state }) => ({ direction: gradient, state }),
    }));
    const training = oracleTraining(networkWith({ trainable: false }), { optimizer: averaged() });
    const pretrained = { 'hidden1.weight': [1, 2, 3, 4, 5, 6], 'hidden1.bias': [1, 0, -1] };
    training.write(pretrained); // as weights from elsewhere are
    const plain = oracleTraining(networkWith({}));
    plain.write(pretrained);
    expect(training.predict(data.inputs)).toEqual(plain.predict(data.inputs));
  });
});

describe('rateMultiplier', () => {
  const moves = (multiplier: number | undefined, change = {}): number[][] => {
    const training = oracleTraining(networkWith({ rateMultiplier: multiplier }), change);
    const before = training.values;
    training.step(data);
    return names.map((name) =>
      (training.values[name] as number[]).map((w, i) => w - (before[name]?.[i] as number)),
    );
  };

  it.each([0.5, 2, 10])(
    'of %d makes SGD’s steps so many times as large, in that layer alone',
    (multiplier) => {
      const [plain, multiplied] = [moves(undefined), moves(multiplier)];
      plain.forEach((move, i) => {
        const factor = i < 2 ? multiplier : 1;
        expectNear(
          multiplied[i] as number[],
          move.map((each) => factor * each),
        );
      });
    },
  );

  it('of 1 changes nothing at all', () => {
    expect(moves(1)).toEqual(moves(undefined));
  });

  it('of 0 leaves a layer where it is, though penalties count', () => {
    const moved = moves(0, { regularizer: l2({ strength: 1 }) });
    expect(moved.map((move) => move.every((each) => each === 0))).toEqual([true, true, false, false]);
    const step = (options: Options) =>
      oracleTraining(networkWith(options), { regularizer: l2({ strength: 1 }) }).step(data);
    expect(step({ rateMultiplier: 0 })).toBe(step({}));
  });

  it('multiplies rates that differ, and those of proximal operators', () => {
    const two = optimizer('two', 0.1, {}, () => ({
      state: () => ({}),
      rateOf: ({ role }) => (role === 'bias' ? 0.05 : 0.1),
      update: ({ gradient }) => ({ direction: gradient, state: {} }),
    }));
    const [plain, multiplied] = [moves(undefined, { optimizer: two() }), moves(4, { optimizer: two() })];
    expectNear(
      multiplied[1] as number[],
      (plain[1] as number[]).map((each) => 4 * each),
    );
    const rates = regularizer('rates', {}, () => ({
      penalty: (w) => w.sum().mul(0),
      proximal: (w, rate) => w.mul(0).add(rate),
    }));
    const training = oracleTraining(networkWith({ rateMultiplier: 4 }), { regularizer: rates() });
    training.step(data);
    expectNear(training.values['hidden1.weight'] as number[], new Array<number>(6).fill(0.4));
    expectNear(training.values['output.weight'] as number[], new Array<number>(6).fill(0.1));
  });
});

describe('activityRegularizer', () => {
  const total = regularizer(
    'total',
    { strength: 1 },
    ({ strength }) =>
      (x) =>
        x.abs().sum().mul(strength),
  );
  const sumOfHidden = (values: Values): number[] => {
    const sigma = (z: number): number => 1 / (1 + Math.exp(-z));
    return Array.from({ length: rows }, (_, row) =>
      [0, 1, 2].reduce((sum, j) => {
        const z = [0, 1].reduce(
          (all, i) =>
            all + (data.inputs[2 * row + i] as number) * (values['hidden1.weight']?.[3 * i + j] as number),
          values['hidden1.bias']?.[j] as number,
        );
        return sum + sigma(z);
      }, 0),
    );
  };

  it('penalizes what a layer makes after its activation, for each example on average', () => {
    const training = oracleTraining(networkWith({ activityRegularizer: total({ strength: 3 }) }));
    const sums = sumOfHidden(training.values);
    const plain = oracleTraining(networkWith({})).step(data);
    expectNear([training.step(data)], [plain + (3 * sums.reduce((a, b) => a + b)) / rows]);
  });

  it('is no part of the loss in evaluation', () => {
    const penalized = oracleTraining(networkWith({ activityRegularizer: total() }));
    expect(penalized.evaluate(data, [rows])['evaluation.loss']).toEqual(
      oracleTraining(networkWith({})).evaluate(data, [rows])['evaluation.loss'],
    );
  });

  it('has the same gradient for batches of any size', () => {
    const network = networkWith({ activityRegularizer: l2({ strength: 5 }) });
    const [once, thrice] = [oracleTraining(network), oracleTraining(network)];
    const repeat = (numbers: number[]) => [...numbers, ...numbers, ...numbers];
    const losses = [
      once.step(data),
      thrice.step({ inputs: repeat(data.inputs), targets: repeat(data.targets) }),
    ];
    expectNear([losses[1] as number], [losses[0] as number]);
    for (const name of names) expectNear(thrice.values[name] as number[], once.values[name] as number[], 12);
    const plain = oracleTraining(networkWith({}));
    plain.step(data);
    expect(once.values['hidden1.weight']).not.toEqual(plain.values['hidden1.weight']);
    expect(once.values['output.weight']).toEqual(plain.values['output.weight']);
  });

  it('counts each use of a layer, and reaches through layers that are not trainable', () => {
    const loss = (network: Network) => oracleTraining(network).step(data);
    const twice = (options: Options) =>
      graph([2], (x, use) => {
        const shared = dense({ units: 2, activation: relu(), ...options });
        return use(shared, x).add(use(shared, x.mul(2)));
      });
    const plain = loss(twice({}));
    const one = loss(twice({ activityRegularizer: total() })) - plain;
    const outputs = oracleTraining(
      graph([2], (x, use) => {
        const shared = dense({ units: 2, activation: relu() });
        return { a: use(shared, x), b: use(shared, x.mul(2)) };
      }),
    ).predict(data.inputs);
    const sum = [...(outputs.a ?? []), ...(outputs.b ?? [])].reduce((all, y) => all + y, 0);
    expect(sum).toBeGreaterThan(0);
    expectNear([one], [sum / rows], 12);
    const frozen = oracleTraining(
      networkWith({}, { trainable: false, activityRegularizer: l2({ strength: 5 }) }),
    );
    const free = oracleTraining(networkWith({}, { trainable: false }));
    for (const training of [frozen, free]) training.step(data);
    expect(frozen.values['hidden1.weight']).not.toEqual(free.values['hidden1.weight']);
  });
});

describe('the options that every layer has', () => {
  it('are checked', () => {
    const make = (options: unknown) => () => dense({ units: 1, ...(options as object) });
    expect(make({ trainable: 1 })).toThrow('dense: trainable must be true or false, but got 1');
    expect(make({ rateMultiplier: -1 })).toThrow('dense: rateMultiplier must be a number from 0, but got -1');
    expect(make({ rateMultiplier: Number.POSITIVE_INFINITY })).toThrow('rateMultiplier must be');
    expect(make({ activityRegularizer: relu() })).toThrow('activityRegularizer must be a regularizer');
    expect(make({ activityRegularizer: 'l2' })).toThrow('activityRegularizer must be a regularizer');
  });

  it('are saved where they are given', () => {
    const saved = (network: Network) => JSON.parse(JSON.stringify(network)).layers[0];
    expect(
      saved(networkWith({ trainable: false, rateMultiplier: 0, activityRegularizer: l2({ strength: 1 }) })),
    ).toEqual({
      type: 'dense',
      units: 3,
      activation: { type: 'sigmoid' },
      bias: true,
      name: 'hidden1',
      trainable: false,
      rateMultiplier: 0,
      activityRegularizer: { type: 'l2', strength: 1 },
    });
    expect(saved(networkWith({}))).not.toHaveProperty('trainable');
  });

  it('are known of each parameter', () => {
    const { parameters } = networkWith({ trainable: false }, { rateMultiplier: 2 });
    expect(parameters.map(({ trainable, rateMultiplier }) => [trainable, rateMultiplier])).toEqual([
      [false, 1],
      [false, 1],
      [true, 2],
      [true, 2],
    ]);
  });

  it('may be given to layers whose outputs have any shape', () => {
    const scale = layer('scale', {}, () => ({ apply: (_: object, x: Tensor) => x.mul(2) }));
    const loss = (penalty?: ReturnType<typeof l2>) =>
      oracleTraining(sequential([2, 1], [scale({ activityRegularizer: penalty }), flatten()])).step(data);
    const squares = data.inputs.reduce((sum, x) => sum + 4 * x * x, 0);
    expectNear([loss(l2({ strength: 2 }))], [loss() + squares / rows]);
  });
});
