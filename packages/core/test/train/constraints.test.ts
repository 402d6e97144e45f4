// Where parameters are brought after each move: proximal operators of regularizers, then constraints.
import { describe, expect, it } from 'vitest';
import {
  type Constraint,
  constraint,
  grad,
  layer,
  option,
  placeholder,
  type Regularizer,
  registry,
  regularizer,
  sequential,
  type Tensor,
  type TrainOptions,
  train,
  zeros,
} from '../../src/index.ts';
import { expectNear } from '../support/numbers.ts';
import { oracleTraining } from '../support/oracle.ts';
import { dense, l2, meanSquaredError, sgd } from '../support/plugins.ts';
import { recordingBackend, sampleNumbers } from '../support/testing.ts';
import { recordedTrainer, smallNetwork } from '../support/training.ts';

const data = { inputs: sampleNumbers(8, { seed: 1 }), targets: sampleNumbers(8, { seed: 2 }) };

const atMost = constraint(
  'atMost',
  { limit: 1 },
  ({ limit }) =>
    (w) =>
      w.minimum(limit),
);
const atLeast = constraint(
  'atLeast',
  { limit: 0 },
  ({ limit }) =>
    (w) =>
      w.maximum(limit),
);
const set = constraint(
  'set',
  { value: 0 },
  ({ value }) =>
    (w) =>
      w.mul(0).add(value),
);

/** A dense layer of 2 units with a constraint on its weight, and one on its bias. */
const kept = layer(
  'kept',
  {
    constraint: option.plugin('constraint'),
    biasConstraint: option.plugin('constraint'),
    regularizer: option.plugin('regularizer'),
  },
  (options) => ({
    neurons: 2,
    parameters: (input) => {
      const fans = { fanIn: input[0] as number, fanOut: 2, initializer: zeros() };
      return {
        weight: {
          shape: [fans.fanIn, 2],
          ...fans,
          role: 'weight',
          constraint: options.constraint,
          regularizer: options.regularizer,
        },
        bias: { shape: [2], ...fans, role: 'bias', constraint: options.biasConstraint },
      };
    },
    apply: ({ weight, bias }, x) => x.matmul(weight).add(bias),
  }),
);
type Own = Parameters<typeof kept>[0];
const networkWith = (first: Own, second: Own = {}) => sequential([2], [kept(first), kept(second)]);
/** Where a step leads, with and without what is between. */
const after = (
  network: ReturnType<typeof networkWith>,
  change: Parameters<typeof oracleTraining>[1] = {},
) => {
  const training = oracleTraining(network, change);
  training.step(data);
  return training.values;
};
const free = () => after(networkWith({}));

describe('a constraint', () => {
  it('of the training holds for weights after each step, and leaves biases alone', () => {
    const moved = free();
    const values = after(networkWith({}), { constraint: atMost({ limit: 0.1 }) });
    for (const name of ['hidden1.weight', 'output.weight'])
      expect(values[name]).toEqual(moved[name]?.map((w) => Math.min(w, 0.1)));
    for (const name of ['hidden1.bias', 'output.bias']) expect(values[name]).toEqual(moved[name]);
    expect(moved['hidden1.weight']?.some((w) => w > 0.1)).toBe(true);
  });

  it('holds from the first step on, not before', () => {
    const training = oracleTraining(networkWith({}), { constraint: set({ value: 7 }) });
    const before = training.values['hidden1.weight'];
    expect(before).not.toEqual([7, 7, 7, 7]);
    expect(training.step(data)).toBe(oracleTraining(networkWith({})).step(data));
    expect(training.values['hidden1.weight']).toEqual([7, 7, 7, 7]);
  });

  it('of a layer comes in place of the training’s', () => {
    const values = after(networkWith({ constraint: set({ value: 5 }) }), { constraint: set({ value: 3 }) });
    expect(values['hidden1.weight']).toEqual([5, 5, 5, 5]);
    expect(values['output.weight']).toEqual([3, 3, 3, 3]);
  });

  it('of a layer may be on its bias', () => {
    const values = after(networkWith({ biasConstraint: set({ value: 5 }) }));
    expect(values['hidden1.bias']).toEqual([5, 5]);
    expect(values['hidden1.weight']).toEqual(free()['hidden1.weight']);
  });

  it('leaves layers alone that are not trainable', () => {
    const network = networkWith({ trainable: false, constraint: set({ value: 5 }) });
    const training = oracleTraining(network, { constraint: set({ value: 3 }) });
    const before = training.values['hidden1.weight'];
    training.step(data);
    expect(training.values['hidden1.weight']).toEqual(before);
    expect(training.values['output.weight']).toEqual([3, 3, 3, 3]);
  });

  it('holds after the proximal operator', () => {
    const towards = regularizer('towards', {}, () => ({
      penalty: (w) => w.sum().mul(0),
      proximal: (w) => w.mul(0).add(9),
    }));
    const values = after(networkWith({ constraint: atMost({ limit: 4 }) }), { regularizer: towards() });
    expect(values['hidden1.weight']).toEqual([4, 4, 4, 4]);
    expect(values['output.weight']).toEqual([9, 9, 9, 9]);
  });

  it.each<[string, (w: Tensor) => Tensor, string]>([
    ['a sum', (w) => w.sum(), '[]'],
    ['another shape', (w) => w.reshape([-1]), '[4]'],
  ])('that gives %s is refused', (_, project, printed) => {
    const wrong = constraint('wrong', {}, () => project);
    expect(() => after(networkWith({ constraint: wrong() }))).toThrow(
      `what becomes of "hidden1.weight" must be [2, 2], but is ${printed}: its regularizer or constraint gave another shape`,
    );
  });

  it('is saved with its layer, and known by name', async () => {
    const plugins = { kept, atMost, atLeast, dense, meanSquaredError, sgd };
    const neurite = registry().use(plugins);
    const network = networkWith({ constraint: atMost({ limit: 2 }) });
    const again = neurite.network(JSON.parse(JSON.stringify(network)));
    expect(again.toJSON()).toEqual(network.toJSON());
    expect(again.parameters[0]?.constraint).toMatchObject({ type: 'atMost', options: { limit: 2 } });
    const trainer = await neurite.train({
      input: [2],
      layers: [{ type: 'kept', constraint: 'atLeast' }],
      loss: 'meanSquaredError',
      optimizer: 'sgd',
      constraint: { type: 'atMost', limit: 3 },
      backend: recordingBackend(),
    });
    expect(trainer.recipe.constraint).toMatchObject({ type: 'atMost', options: { limit: 3 } });
  });

  it.each([
    ['a name', 'atMost', 'train: constraint must be a constraint, but got "atMost"'],
    ['a regularizer', l2(), /^train: constraint must be a constraint, but got/],
    [
      'what was not called',
      atMost,
      'train: constraint must be a constraint, but got the function atMost: call it first',
    ],
  ])('must be one, not %s', async (_, wrong, message) => {
    const options = { loss: meanSquaredError(), optimizer: sgd(), backend: recordingBackend() };
    await expect(
      train(smallNetwork(), { ...options, constraint: wrong as unknown as Constraint } as TrainOptions),
    ).rejects.toThrow(message);
  });

  it('reaches programs', async () => {
    const { trainer, backend } = await recordedTrainer({ constraint: atLeast() });
    await trainer.step({ inputs: [1, 2, 3, 4], targets: [0] });
    const [compiled] = backend.recorded('compile');
    expect(JSON.stringify(compiled?.program.kernels)).toContain('maximum');
  });
});

describe('a regularizer with a proximal operator', () => {
  const limit = 0.4;
  /** |w| · strength, whose proximal operator is the soft threshold. */
  const lasso = regularizer('lasso', { strength: limit }, ({ strength }) => ({
    penalty: (w) => w.abs().sum().mul(strength),
    proximal: (w, rate) => w.abs().sub(rate.mul(strength)).maximum(0).mul(w.sign()),
  }));
  const soft = (w: number, by: number): number => Math.sign(w) * Math.max(0, Math.abs(w) - by);

  it('moves parameters after the step in place of its gradient, at the learning rate', () => {
    const moved = free();
    const rate = 0.1;
    const values = after(networkWith({}), { regularizer: lasso({ strength: 4 }) });
    for (const name of ['hidden1.weight', 'output.weight'])
      expectNear(values[name] as number[], moved[name]?.map((w) => soft(w, 4 * rate)) ?? []);
    const all = [...(values['hidden1.weight'] ?? []), ...(values['output.weight'] ?? [])];
    expect(all.some((w) => w === 0)).toBe(true);
    expect(all.some((w) => w !== 0)).toBe(true);
    for (const name of ['hidden1.bias', 'output.bias']) expect(values[name]).toEqual(moved[name]);
  });

  it('is in the loss as any other', () => {
    const training = oracleTraining(networkWith({}), { regularizer: lasso() });
    const size = ['hidden1.weight', 'output.weight']
      .flatMap((name) => training.values[name] as number[])
      .reduce((sum, w) => sum + Math.abs(w), 0);
    expectNear([training.step(data)], [oracleTraining(networkWith({})).step(data) + limit * size]);
  });

  it('of a layer comes in place of the training’s, of whichever kind', () => {
    const own = after(networkWith({ regularizer: lasso({ strength: 4 }) }), {
      regularizer: l2({ strength: 1 }),
    });
    const all = after(networkWith({}), { regularizer: lasso({ strength: 4 }) });
    const smooth = after(networkWith({}), { regularizer: l2({ strength: 1 }) });
    expectNear(own['hidden1.weight'] as number[], all['hidden1.weight'] as number[]);
    expectNear(own['output.weight'] as number[], smooth['output.weight'] as number[]);
  });

  it('keeps its parameter’s shape', () => {
    const wrong = regularizer('wrong', {}, () => ({ penalty: (w) => w.sum(), proximal: (w) => w.sum() }));
    expect(() => after(networkWith({}), { regularizer: wrong() })).toThrow(
      'what becomes of "hidden1.weight" must be [2, 2], but is []',
    );
  });

  it('penalizes what layers make by its gradient: outputs are not moved', () => {
    const network = (penalty: Regularizer) => networkWith({ activityRegularizer: penalty });
    const byGradient = regularizer(
      'plain',
      { strength: limit },
      ({ strength }) =>
        (w) =>
          w.abs().sum().mul(strength),
    );
    expect(after(network(lasso()))).toEqual(after(network(byGradient())));
  });

  it('is known to be one', () => {
    expect([typeof lasso().proximal, typeof l2().proximal]).toEqual(['function', 'undefined']);
    const w = placeholder('w', [2]);
    expect(grad(lasso().penalty(w), [w])[0]?.shape).toEqual([2]);
  });
});
