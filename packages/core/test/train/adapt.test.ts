// What depends on the data before the first step: layer state, and initial weights that are scaled.
import { describe, expect, it } from 'vitest';
import {
  type Callback,
  initializer,
  type Layer,
  layer,
  type Optimizer,
  ones,
  optimizer,
  sequential,
  type Trainer,
  train,
} from '../../src/index.ts';
import { computingBackend, stateOf } from '../support/computing.ts';
import { expectNear } from '../support/numbers.ts';
import { dense, dropout, meanSquaredError, sgd } from '../support/plugins.ts';

/** x − mean of the training data. */
const centered = layer('centered', {}, () => ({
  state: (input) => ({ mean: { shape: input, initial: 7 } }),
  stateFromData: (x) => ({ mean: x.mean(0) }),
  apply: (_, x, { state: { mean } }) => x.sub(mean),
}));
/** 2 x + 1. */
const stretched = layer('stretched', {}, () => ({ apply: (_, x) => x.mul(2).add(1) }));
/** Weights that give their layer's scores a deviation of 1. */
const unitDeviation = initializer('unitDeviation', {}, () => ({
  apply: ones().apply,
  rescale: {
    factor: (scores) => scores.sub(scores.mean()).square().mean().sqrt().reciprocal(),
    tolerance: 0.01,
    iterations: 5,
  },
}));
/** Weights that are multiplied as often as is allowed. */
const multiplied = initializer(
  'multiplied',
  { by: 2, tolerance: 0.1, iterations: 3 },
  ({ by, tolerance, iterations }) => ({
    apply: ones().apply,
    rescale: { factor: (scores) => scores.mean().mul(0).add(by), tolerance, iterations },
  }),
);

const inputs = Float32Array.of(1, 2, 3, 5, 5, 11, 8, 0, 2, 3);
const data = { inputs, targets: new Float32Array(5) };
const others = { inputs: inputs.map((x) => -3 * x), targets: data.targets };

const make = (layers: readonly Layer[], chosen: Optimizer = sgd({ learningRate: 0.01 })): Promise<Trainer> =>
  train(sequential([2], [...layers, dense({ units: 1, name: 'end' })]), {
    loss: meanSquaredError(),
    optimizer: chosen,
    backend: computingBackend(),
    dtype: 'float64',
    onWarning: () => {},
  });
const meanOf = async (trainer: Trainer, name = 'centered1'): Promise<number[]> =>
  Array.from((await trainer.readLayerState())[`${name}.mean`] ?? []);
const weightsOf = async (trainer: Trainer, name = 'hidden'): Promise<number[]> =>
  Array.from((await trainer.readParameters())[`${name}.weight`] ?? []);
const means = [3.8, 4.2];

describe('layer state', () => {
  it('is what it was declared to be until somebody brings data', async () => {
    const trainer = await make([centered()]);
    expect(await meanOf(trainer)).toEqual([7, 7]);
    await trainer.predict(inputs);
    await trainer.evaluate(data);
    expect(await meanOf(trainer)).toEqual([7, 7]);
  });

  it('is taken from all the data by adapt()', async () => {
    const trainer = await make([centered()]);
    await trainer.adapt(data);
    expectNear(await meanOf(trainer), means);
    expect(await trainer.steps()).toBe(0);
  });

  it('is taken by fit before its first step', async () => {
    const trainer = await make([centered()]);
    const seen: number[][] = [];
    const callbacks: Callback[] = [{ onStart: async () => void seen.push(await meanOf(trainer)) }];
    await trainer.fit(data, { batchSize: 2, callbacks });
    expectNear(seen[0] ?? [], means);
    const adapted = await make([centered()]);
    await adapted.adapt(data);
    await adapted.fit(data, { batchSize: 2 });
    expect(await adapted.snapshot()).toEqual(await trainer.snapshot());
  });

  it('is taken layer by layer, each from what those before it then give, as in evaluation', async () => {
    const trainer = await make([centered(), stretched(), dropout(), centered()]);
    await trainer.adapt(data);
    expectNear(await meanOf(trainer), means);
    expectNear(await meanOf(trainer, 'centered2'), [1, 1]);
  });

  it('reads bytes as 0 … 1', async () => {
    const trainer = await make([centered()]);
    await trainer.adapt({ inputs: Uint8Array.of(255, 0, 51, 0), targets: [0, 0] });
    expectNear(await meanOf(trainer), [0.6, 0]);
  });

  it('is taken once', async () => {
    const trainer = await make([centered()]);
    await trainer.adapt(data);
    await trainer.adapt(others);
    await trainer.fit(others, { batchSize: 2 });
    expectNear(await meanOf(trainer), means);
  });

  it('is left alone after the first step', async () => {
    const trainer = await make([centered()]);
    await trainer.step({ inputs: [1, 2], targets: [0] });
    await trainer.adapt(data);
    await trainer.fit(data, { batchSize: 2 });
    expect(await meanOf(trainer)).toEqual([7, 7]);
  });

  it('is left alone where it was written', async () => {
    const trainer = await make([centered()]);
    trainer.writeLayerState({ 'centered1.mean': [1, 2] });
    await trainer.fit(data, { batchSize: 2 });
    expect(await meanOf(trainer)).toEqual([1, 2]);
  });

  it('is left alone after restore, unless the snapshot was taken before it was', async () => {
    const [fresh, adapted] = [await make([centered()]), await make([centered()])];
    const before = await fresh.snapshot();
    await adapted.adapt(others);
    const after = await adapted.snapshot();
    expect([before.adapted, after.adapted]).toEqual([false, true]);
    const trainer = await make([centered()]);
    trainer.restore(after);
    await trainer.fit(data, { batchSize: 2 });
    expect(await meanOf(trainer)).toEqual(await meanOf(adapted));
    trainer.restore(before);
    await trainer.fit(data, { batchSize: 2 });
    expectNear(await meanOf(trainer), means);
  });

  it('is taken where the training has moved to, while fit begins', async () => {
    const stays = await make([centered()]);
    await stays.fit(data, { batchSize: 2 });
    for (const waits of [false, true]) {
      const trainer = await make([centered()]);
      const fitting = trainer.fit(data, { batchSize: 2 });
      await trainer.to(computingBackend({ waits }));
      await fitting;
      expect(await trainer.snapshot()).toEqual(await stays.snapshot());
    }
  });
});

describe('weights', () => {
  it('are scaled by what their layers make of the data, one layer after the other', async () => {
    const trainer = await make([
      dense({ units: 3, name: 'first', initializer: unitDeviation() }),
      stretched(),
      dense({ units: 2, name: 'second', initializer: unitDeviation() }),
    ]);
    await trainer.adapt(data);
    // Rows of x · (1, 1): their sums 3, 8, 16, 8, 5 have the mean 8 and the deviation √19.6.
    const each = 1 / Math.sqrt(19.6);
    expectNear(await weightsOf(trainer, 'first'), new Array(6).fill(each));
    // Then 2 · score + 1 has the deviation 2, and three of them, which are alike, 6.
    expectNear(await weightsOf(trainer, 'second'), new Array(6).fill(1 / 6));
  });

  it.each([
    ['as often as is said', { by: 2, iterations: 3 }, 8],
    ['no more once the factor is near 1', { by: 1.05, tolerance: 0.1, iterations: 9 }, 1.05],
    ['at its edge too', { by: 1.5, tolerance: 0.5, iterations: 9 }, 1.5],
    ['further where it is not', { by: 0.5, tolerance: 0.4, iterations: 2 }, 0.25],
  ])('are scaled %s', async (_, options, wanted) => {
    const trainer = await make([dense({ units: 1, name: 'hidden', initializer: multiplied(options) })]);
    const seen: number[][] = [];
    const callbacks: Callback[] = [{ onStart: async () => void seen.push(await weightsOf(trainer)) }];
    await trainer.fit(data, { batchSize: 5, callbacks });
    expectNear(seen[0] ?? [], [wanted, wanted]);
  });

  it('are scaled by the first 1024 examples', async () => {
    const trainer = await make([dense({ units: 1, name: 'hidden', initializer: unitDeviation() })]);
    const many = Float64Array.from({ length: 2 * 1030 }, (_, i) => (i < 2048 ? (i % 4 < 2 ? 1 : -1) : 1e6));
    await trainer.adapt({ inputs: many, targets: new Float64Array(1030) });
    expectNear(await weightsOf(trainer), [0.5, 0.5]);
  });

  it('that were written are left alone', async () => {
    const hidden = (name: string) => dense({ units: 2, name, initializer: multiplied() });
    const trainer = await make([hidden('one'), hidden('two')]);
    trainer.writeParameters({ 'one.weight': [1, 2, 3, 4] });
    await trainer.adapt(data);
    expect(await weightsOf(trainer, 'one')).toEqual([1, 2, 3, 4]);
    expect(await weightsOf(trainer, 'two')).toEqual([8, 8, 8, 8]);
  });

  it('are scaled once, and not after restore', async () => {
    const layers = () => [dense({ units: 1, name: 'hidden', initializer: multiplied() })];
    const trainer = await make(layers());
    await trainer.adapt(data);
    await trainer.adapt(data);
    expect(await weightsOf(trainer)).toEqual([8, 8]);
    const other = await make(layers());
    other.restore(await trainer.snapshot());
    await other.adapt(data);
    expect(await weightsOf(other)).toEqual([8, 8]);
  });

  it('take what the optimizer remembers of them along', async () => {
    const keeping = optimizer('keeping', 0, {}, () => ({
      state: (parameter) => ({ slow: parameter }),
      memory: (parameters) => ({ sum: parameters.map((each) => each.sum()).reduce((a, b) => a.add(b)) }),
      update: ({ gradient, state }) => ({ direction: gradient, state }),
    }));
    const trainer = await make([dense({ units: 2, name: 'hidden', initializer: multiplied() })], keeping());
    await trainer.adapt(data);
    const { parameters, 'optimizer.slow': slow, 'memory.sum': sum } = await stateOf(trainer);
    expect(parameters?.slice(0, 4)).toEqual(Float64Array.of(8, 8, 8, 8));
    expect(slow).toEqual(parameters);
    expectNear(sum ?? [], [Array.from(parameters ?? []).reduce((a, b) => a + b)]);
  });
});

describe('a network that asks for no data', () => {
  it('is left as it is, and nothing is compiled', async () => {
    const backend = computingBackend();
    const trainer = await train(sequential([2], [dense({ units: 1 })]), {
      loss: meanSquaredError(),
      optimizer: sgd(),
      backend,
    });
    const before = await trainer.snapshot();
    await trainer.adapt(data);
    expect(await trainer.snapshot()).toEqual(before);
    expect(before.adapted).toBe(true);
    expect(backend.steps).toBe(0);
  });

  it('releases what adapting compiled', async () => {
    const backend = computingBackend();
    const trainer = await make([centered(), dense({ units: 1, initializer: multiplied() })]);
    await trainer.to(backend);
    await trainer.adapt(data);
    expect(backend.alive).toBe(1);
  });
});
