import { describe, expect, it } from 'vitest';
import { evaluate, layer, NeuriteError, placeholder, sequential, type Tensor } from '../../src/index.ts';
import { expectNear } from '../support/numbers.ts';
import { dense, dropout, flatten, l2, relu, sigmoid } from '../support/plugins.ts';

const named = (...layers: Parameters<typeof sequential>[1]) =>
  sequential([4], layers).layers.map(({ name }) => name);
const thrown = (run: () => unknown): { code: string; message: string } => {
  try {
    run();
  } catch (error) {
    if (error instanceof NeuriteError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('layers', () => {
  it('are called hidden1, hidden2 … and output where they have neurons, else by type and number', () => {
    expect(
      named(dense({ units: 3 }), dropout(), dense({ units: 3 }), dropout(), dense({ units: 1 })),
    ).toEqual(['hidden1', 'dropout1', 'hidden2', 'dropout2', 'output']);
    expect(named(dense({ units: 1 }))).toEqual(['output']);
    expect(named(dense({ units: 1 }), dropout())).toEqual(['output', 'dropout1']);
    expect(named(dropout())).toEqual(['dropout1']);
    expect(named()).toEqual([]);
  });

  it('keep names of their own, which numbers leave alone', () => {
    expect(
      named(dense({ units: 3, name: 'first' }), dense({ units: 3 }), dense({ units: 1, name: 'last' })),
    ).toEqual(['first', 'hidden1', 'last']);
  });

  it('must have different names', () => {
    expect(thrown(() => named(dense({ units: 1, name: 'a' }), dense({ units: 1, name: 'a' })))).toEqual({
      code: 'name',
      message: 'two layers are called "a": give one of them another name',
    });
    expect(thrown(() => named(dense({ units: 1, name: 'output' }), dense({ units: 1 }))).message).toMatch(
      /"output"/,
    );
    expect(
      thrown(() => named(dense({ units: 1 }), dense({ units: 1, name: 'hidden1' }), dense({ units: 1 })))
        .message,
    ).toMatch(/"hidden1"/);
  });

  it('may be the same value twice, with parameters of their own', () => {
    const square = dense({ units: 4 });
    expect(sequential([4], [square, square]).parameters.map(({ name }) => name)).toEqual([
      'hidden1.weight',
      'hidden1.bias',
      'output.weight',
      'output.bias',
    ]);
  });

  it.each([
    ['a definition', dense, 'the function dense: call it first'],
    ['an activation', relu(), '[object Object]'],
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a name', 'dense', 'dense'],
  ])('must be layers, not %s', (_, other, what) => {
    expect(thrown(() => sequential([4], [dropout(), other as never]))).toEqual({
      code: 'option',
      message: `sequential takes layers, but number 2 is ${what}`,
    });
  });
});

describe('parameters', () => {
  it('are named after their layer, and know what they are for', () => {
    const { parameters } = sequential(
      [3],
      [dense({ units: 4, regularizer: l2() }), dense({ units: 2, bias: false })],
    );
    expect(
      parameters.map(({ name, shape, role, fanIn, fanOut, regularizer, initializer }) => ({
        name,
        shape,
        role,
        fans: [fanIn, fanOut],
        regularizer: regularizer?.type,
        initializer: initializer.type,
      })),
    ).toEqual([
      {
        name: 'hidden1.weight',
        shape: [3, 4],
        role: 'weight',
        fans: [3, 4],
        regularizer: 'l2',
        initializer: 'glorotUniform',
      },
      {
        name: 'hidden1.bias',
        shape: [4],
        role: 'bias',
        fans: [3, 4],
        regularizer: undefined,
        initializer: 'zeros',
      },
      {
        name: 'output.weight',
        shape: [4, 2],
        role: 'weight',
        fans: [4, 2],
        regularizer: undefined,
        initializer: 'glorotUniform',
      },
    ]);
  });

  it('begin as suits the activation', () => {
    const { parameters } = sequential([3], [dense({ units: 4, activation: relu() })]);
    expect(parameters[0]?.initializer.type).toBe('heNormal');
  });
});

describe('shapes', () => {
  it('follow the layers', () => {
    const network = sequential([28, 28], [flatten(), dense({ units: 16 }), dense({ units: 10 })]);
    expect(network.input).toEqual([28, 28]);
    expect(network.layers.map(({ input, output }) => [input, output])).toEqual([
      [[28, 28], [784]],
      [[784], [16]],
      [[16], [10]],
    ]);
    expect(network.output).toEqual([10]);
  });

  it('that do not fit are refused with the layer and the mend', () => {
    expect(thrown(() => sequential([28, 28], [dense({ units: 10 })]))).toEqual({
      code: 'shape',
      message: 'dense "output" takes [batch, n], but got [batch, 28, 28]: add flatten() before it',
    });
    expect(
      thrown(() => sequential([28, 28], [dropout(), dense({ units: 1, name: 'scores' })])).message,
    ).toMatch(/^dense "scores" takes/);
  });

  it('that are no shapes are refused', () => {
    expect(thrown(() => sequential([0], []))).toEqual({
      code: 'shape',
      message: 'sequential: [0] is no shape: sizes are positive whole numbers',
    });
    expect(thrown(() => sequential([2.5], [])).code).toBe('shape');
  });

  it('must keep the batch', () => {
    const sums = layer('sums', {}, () => ({ apply: (_, x) => x.sum(0).broadcastTo([3, 4]) }));
    expect(thrown(() => sequential([4], [sums()])).message).toBe(
      'sums "sums1" makes 3 examples of one: it must keep the first axis',
    );
  });

  it('are named in what a layer itself complains of', () => {
    const wrong = layer('wrong', {}, () => ({ apply: (_, x) => x.add(x.reshape([1, 2, 2])) }));
    const error = thrown(() => sequential([4], [wrong()]));
    expect(error).toEqual({
      code: 'shape',
      message: expect.stringMatching(/^wrong "wrong1" add: \[1, 4\] and \[1, 2, 2\]/),
    });
  });

  it('of what other mistakes layers make, nothing is changed', () => {
    const broken = layer('broken', {}, () => ({
      apply: () => {
        throw new TypeError('x is not a function');
      },
    }));
    expect(() => sequential([4], [broken()])).toThrow(new TypeError('x is not a function'));
  });
});

describe('apply', () => {
  const network = sequential(
    [2],
    [dense({ units: 3, activation: sigmoid() }), dropout({ rate: 0.5 }), dense({ units: 1 })],
  );
  const values = {
    x: [0.5, -1, 2, 0.25],
    'hidden1.weight': [1, -2, 0.5, 0.25, 1, -1],
    'hidden1.bias': [0.1, 0.2, 0.3],
    'output.weight': [1, 2, 3],
    'output.bias': [-0.5],
  };
  const tensors = new Map(
    network.parameters.map(({ name, shape }) => [name, placeholder(name, shape, { dtype: 'float64' })]),
  );
  const x = placeholder('x', [2, 2], { dtype: 'float64' });
  const random = (purpose: string) => ({ seed: 1, purpose });

  it('is the formula of its layers, written out', () => {
    const [y] = network.apply(tensors, [x], { training: false, random });
    const sigma = (z: number): number => 1 / (1 + Math.exp(-z));
    const expected = [0, 1].map((row) => {
      const [a, b] = [values.x[2 * row] as number, values.x[2 * row + 1] as number];
      const w = values['hidden1.weight'] as number[];
      const hidden = [0, 1, 2].map((j) =>
        sigma(a * (w[j] as number) + b * (w[3 + j] as number) + (values['hidden1.bias'][j] as number)),
      );
      return hidden.reduce((sum, h, j) => sum + h * (values['output.weight'][j] as number), -0.5);
    });
    expectNear(evaluate([y as Tensor], values)[0] as Float64Array, expected);
  });

  it('is another in training, where layers have random numbers of their own', () => {
    const asked: string[] = [];
    const [y] = network.apply(tensors, [x], {
      training: true,
      random: (purpose) => {
        asked.push(purpose);
        return { seed: 1, purpose };
      },
    });
    expect(asked).toEqual(['dropout1/mask']);
    const [calm] = network.apply(tensors, [x], { training: false, random });
    expect(evaluate([y as Tensor], values)[0]).not.toEqual(evaluate([calm as Tensor], values)[0]);
  });

  it('shows what each layer makes', () => {
    const seen: [string, readonly number[]][] = [];
    network.apply(tensors, [x], {
      training: false,
      random,
      onLayer: ({ layer, output }) => seen.push([layer.name, output.shape]),
    });
    expect(seen).toEqual([
      ['hidden1', [2, 3]],
      ['dropout1', [2, 3]],
      ['output', [2, 1]],
    ]);
  });

  it('refuses inputs of another shape', () => {
    const other = placeholder('other', [2, 5], { dtype: 'float64' });
    expect(thrown(() => network.apply(tensors, [other], { training: false, random }))).toEqual({
      code: 'shape',
      message: 'dense "hidden1" takes [batch, 2], but got [2, 5]',
    });
  });
});
