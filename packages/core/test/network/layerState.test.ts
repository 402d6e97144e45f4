import { describe, expect, it } from 'vitest';
import { graph, type LayerWork, layer, placeholder, sequential, type Tensor } from '../../src/index.ts';
import { expectNear } from '../support/numbers.ts';
import { oracleTraining, outputsOf, thrown, valuesOf } from '../support/oracle.ts';
import { dense, momentum } from '../support/plugins.ts';

/** Multiplies by the number of the times that it was used in training, this one included. */
const counter = layer('counter', {}, () => ({
  state: () => ({ uses: { shape: [], initial: 0 } }),
  apply: (_, x, { state, training }) => {
    if (!training) return x.mul(state.uses);
    const uses = state.uses.add(1);
    return { output: x.mul(uses), state: { uses } };
  },
}));
/** Takes away the mean of what it has seen: 3/4 of what it was, 1/4 of this batch's. */
const centered = layer('centered', { trusts: 0.25 }, ({ trusts }) => ({
  state: (input) => ({ mean: { shape: input, initial: 2 }, seen: { shape: [1], initial: 0 } }),
  apply: (_, x, { state, training }) => {
    if (!training) return x.sub(state.mean);
    const mean = state.mean.mul(1 - trusts).add(x.mean(0).mul(trusts));
    return { output: x.sub(mean), state: { mean, seen: state.seen.add(x.shape[0] as number) } };
  },
}));
/** Changes its state whenever it is applied, also where it should not. */
const restless = layer('restless', {}, () => ({
  state: () => ({ uses: { shape: [], initial: 0 } }),
  apply: (_, x, { state }) => ({ output: x.add(state.uses), state: { uses: state.uses.add(1) } }),
}));

const batch = (inputs: number[][], targets: number[][]) => ({ inputs, targets });

describe("a layer's state", () => {
  it('is named after it, and is no parameter', () => {
    const network = sequential([3], [counter(), centered(), dense({ units: 1 }), centered({ name: 'last' })]);
    expect(network.state).toEqual([
      { name: 'counter1.uses', shape: [], initial: 0 },
      { name: 'centered1.mean', shape: [3], initial: 2 },
      { name: 'centered1.seen', shape: [1], initial: 0 },
      { name: 'last.mean', shape: [1], initial: 2 },
      { name: 'last.seen', shape: [1], initial: 0 },
    ]);
    expect(network.layers.map(({ state }) => state.length)).toEqual([1, 2, 0, 2]);
    expect(network.summary().parameters).toBe(4);
  });

  it('goes from step to step, and stays as it is in evaluation and prediction', () => {
    const training = oracleTraining(sequential([1], [counter()]));
    const losses = [1, 2, 3].map(() => training.step(batch([[1]], [[0]])));
    expect(losses).toEqual([1, 4, 9]);
    expect(training.values['counter1.uses']).toEqual([3]);
    expect(training.predict([[1], [2]])).toEqual({ output: [3, 6] });
    expect(training.evaluate(batch([[1], [1]], [[0], [0]]), [1, 1])['evaluation.loss']).toEqual([18]);
    expect(training.values['counter1.uses']).toEqual([3]);
  });

  it('can be of any shape and is made of batches of any size', () => {
    const training = oracleTraining(sequential([2], [centered()]));
    training.step(batch([[4, 8]], [[0, 0]]));
    training.step(
      batch(
        [
          [1, 2],
          [3, 6],
        ],
        [
          [0, 0],
          [0, 0],
        ],
      ),
    );
    const first = [4, 8].map((x) => 2 * 0.75 + x * 0.25);
    const second = [2, 4].map((x, i) => (first[i] as number) * 0.75 + x * 0.25);
    expectNear(training.values['centered1.mean'] as number[], second);
    expect(training.values['centered1.seen']).toEqual([3]);
    expectNear(
      training.predict([[1, 1]]).output as number[],
      second.map((mean) => 1 - mean),
    );
  });

  it('goes on from use to use, where a layer is used twice', () => {
    const shared = counter();
    const network = graph([1], (x, use) => use(shared, use(shared, x)).add(use(shared, x)));
    expect(network.state.map(({ name }) => name)).toEqual(['counter1.uses']);
    const training = oracleTraining(network);
    expect(training.step(batch([[1]], [[0]]))).toBe((1 * 2 + 3) ** 2);
    expect(training.step(batch([[1]], [[0]]))).toBe((4 * 5 + 6) ** 2);
    expect(training.values['counter1.uses']).toEqual([6]);
    expect(training.predict([[1]]).output).toEqual([6 * 6 + 6]);
  });

  it('is apart from that of another layer', () => {
    const same = counter();
    const training = oracleTraining(sequential([1], [same, same]));
    expect([training.step(batch([[1]], [[0]])), training.step(batch([[1]], [[0]]))]).toEqual([1, 16]);
    expect(training.values).toMatchObject({ 'counter1.uses': [2], 'counter2.uses': [2] });
  });

  it('is shown as it becomes, by full name', () => {
    const shared = counter();
    const network = graph([1], (x, use) => use(dense({ units: 1 }), use(shared, use(shared, x))));
    const works: LayerWork[] = [];
    const values = new Map(
      [...network.parameters, ...network.state].map(({ name, shape }) => [name, placeholder(name, shape)]),
    );
    const apply = (training: boolean) => {
      works.length = 0;
      network.apply(values, [placeholder('x', [1, 1])], {
        training,
        random: (purpose) => ({ seed: 0, purpose }),
        onLayer: (work) => works.push(work),
      });
      return works.map(({ state }) => [...state.keys()]);
    };
    expect(apply(true)).toEqual([['counter1.uses'], ['counter1.uses'], []]);
    expect(apply(false)).toEqual([[], [], []]);
  });

  it('is left alone in evaluation and where a layer is not trainable, whatever the layer gives', () => {
    const shared = restless();
    const network = graph([1], (x, use) => use(shared, use(shared, x)));
    expect(
      outputsOf(network, { ...valuesOf(network), 'restless1.uses': [5] }, { input: [1] }, 1).output,
    ).toEqual([11]);
    const frozen = oracleTraining(sequential([1], [restless({ trainable: false }), restless()]));
    frozen.step(batch([[1]], [[0]]));
    expect(frozen.values).toMatchObject({ 'restless1.uses': [0], 'restless2.uses': [1] });
  });

  it('is beside what the optimizer remembers', () => {
    const training = oracleTraining(sequential([1], [counter(), dense({ units: 1 })]), {
      optimizer: momentum(),
    });
    training.step(batch([[1]], [[0]]));
    expect(Object.keys(training.values).toSorted()).toEqual([
      'counter1.uses',
      'output.bias',
      'output.bias.velocity',
      'output.weight',
      'output.weight.velocity',
      'step',
    ]);
  });

  it.each<[string, (mean: Tensor) => Tensor, string]>([
    ['a single number', (mean) => mean.sum(), '[]'],
    ['another size', (mean) => mean.broadcastTo([2, 3]), '[2, 3]'],
  ])('must keep its shape: %s is refused', (_, change, printed) => {
    const wrong = layer('wrong', {}, () => ({
      state: (input) => ({ mean: { shape: input, initial: 0 } }),
      apply: (_parameters, x, { state }) => ({ output: x, state: { mean: change(state.mean) } }),
    }));
    const expected = {
      code: 'shape',
      message: `wrong "wrong1" must keep wrong1.mean as [3], but gave ${printed}`,
    };
    expect(thrown(() => sequential([3], [wrong()]))).toEqual(expected);
    expect(thrown(() => graph([3], (x, use) => use(wrong({ name: 'wrong1' }), x)))).toEqual(expected);
  });
});
