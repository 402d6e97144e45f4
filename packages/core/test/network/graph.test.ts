import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  concat,
  constant,
  evaluate,
  graph,
  layer,
  type Network,
  placeholder,
  sequential,
  type Tensor,
  type UseLayer,
} from '../../src/index.ts';
import { expectNear } from '../support/numbers.ts';
import { inputsFor, outputsOf, thrown, type Values, valuesOf } from '../support/oracle.ts';
import { dense, dropout, flatten, l2, sigmoid } from '../support/plugins.ts';
import { follow, networkOf, plans, width } from '../support/randomGraphs.ts';
import { checkGradient } from '../support/testing.ts';

const rowsOf = (x: readonly number[], size: number): number[][] =>
  Array.from({ length: x.length / size }, (_, i) => x.slice(i * size, (i + 1) * size));
/** x · weight + bias of one row, the weight being [x.length, units]. */
const affine = (x: readonly number[], values: Values, name: string): number[] => {
  const [weight, bias = []] = [values[`${name}.weight`], values[`${name}.bias`]];
  return bias.map((b, j) =>
    x.reduce((sum, xi, i) => sum + xi * (weight?.[i * bias.length + j] as number), b),
  );
};
const sigma = (z: number): number => 1 / (1 + Math.exp(-z));
const names = ({ layers }: Network): string[] => layers.map(({ name }) => name);

describe('a graph computes', () => {
  it('a residual block', () => {
    const network = graph([3], (x, use) => {
      const h = use(dense({ units: 3, activation: sigmoid() }), x);
      return use(dense({ units: 2 }), h.add(x));
    });
    const [values, inputs] = [valuesOf(network), inputsFor(network, 4)];
    const expected = rowsOf(inputs.input as number[], 3).map((x) => {
      const h = affine(x, values, 'hidden1').map((z, i) => sigma(z) + (x[i] as number));
      return affine(h, values, 'output');
    });
    expectNear(outputsOf(network, values, inputs, 4).output as number[], expected.flat());
  });

  it('a skip connection over several layers, by concatenation', () => {
    const network = graph([2], (x, use) => {
      const h = use(dense({ units: 3 }), use(dense({ units: 4 }), x));
      return use(dense({ units: 1 }), concat([x, h], 1));
    });
    const [values, inputs] = [valuesOf(network), inputsFor(network, 3)];
    const expected = rowsOf(inputs.input as number[], 2).map((x) =>
      affine([...x, ...affine(affine(x, values, 'hidden1'), values, 'hidden2')], values, 'output'),
    );
    expect(network.layers.at(-1)?.input).toEqual([5]);
    expectNear(outputsOf(network, values, inputs, 3).output as number[], expected.flat());
  });

  it('several inputs and outputs by name', () => {
    const network = graph({ left: [2], right: [3] }, ({ left, right }, use) => ({
      both: use(dense({ units: 2 }), concat([left, right], 1)),
      product: use(dense({ units: 2 }), left).mul(use(dense({ units: 2 }), right)),
    }));
    expect(network.inputs).toEqual([
      { name: 'left', shape: [2] },
      { name: 'right', shape: [3] },
    ]);
    expect(network.outputs).toEqual([
      { name: 'both', shape: [2] },
      { name: 'product', shape: [2] },
    ]);
    expect([network.input, network.output]).toEqual([[2], [2]]);
    const [values, inputs] = [valuesOf(network), inputsFor(network, 2)];
    const [left, right] = [rowsOf(inputs.left as number[], 2), rowsOf(inputs.right as number[], 3)];
    const made = outputsOf(network, values, inputs, 2);
    const both = left.flatMap((x, i) => affine([...x, ...(right[i] as number[])], values, 'both'));
    expectNear(made.both as number[], both);
    const product = left.flatMap((x, i) => {
      const other = affine(right[i] as number[], values, 'hidden2');
      return affine(x, values, 'hidden1').map((z, j) => z * (other[j] as number));
    });
    expectNear(made.product as number[], product);
  });

  it('a layer that is used twice, with one set of parameters', () => {
    const embed = dense({ units: 2 });
    const network = graph({ a: [3], b: [3] }, ({ a, b }, use) => use(embed, a).sub(use(embed, b)));
    expect(network.parameters.map(({ name }) => name)).toEqual(['output.weight', 'output.bias']);
    const values = valuesOf(network);
    const same = { a: [1, 2, 3], b: [1, 2, 3] };
    expect(outputsOf(network, values, same, 1).output).toEqual([0, 0]);
    const [ya, yb] = [affine([1, 2, 3], values, 'output'), affine([-1, 0, 2], values, 'output')];
    const made = outputsOf(network, values, { ...same, b: [-1, 0, 2] }, 1).output as number[];
    expectNear(
      made,
      ya.map((y, i) => y - (yb[i] as number)),
    );
  });

  it('an input as it is', () => {
    const network = graph({ a: [2], b: [1] }, ({ a, b }) => ({ first: a, second: a, third: b }));
    expect(network.layers).toEqual([]);
    expect(network.outputs.map(({ shape }) => shape)).toEqual([[2], [2], [1]]);
    const made = outputsOf(network, {}, { a: [1, 2], b: [3] }, 1);
    expect(made).toEqual({ first: [1, 2], second: [1, 2], third: [3] });
  });

  it('what a chain of the same layers computes, under the same names', () => {
    const make = () => [
      flatten(),
      dense({ units: 3, activation: sigmoid() }),
      dropout(),
      dense({ units: 4, name: 'middle' }),
      dense({ units: 2 }),
    ];
    const chain = sequential([2, 2], make());
    const network = graph([2, 2], (x, use) => make().reduce((h, each) => use(each, h), x));
    expect(names(network)).toEqual(names(chain));
    expect(network.parameters.map(({ name, shape }) => [name, shape])).toEqual(
      chain.parameters.map(({ name, shape }) => [name, shape]),
    );
    expect({ ...network.summary(), toString: 0 }).toEqual({ ...chain.summary(), toString: 0 });
    const [values, inputs] = [valuesOf(chain), inputsFor(chain, 2)];
    expect(outputsOf(network, values, inputs, 2)).toEqual(outputsOf(chain, values, inputs, 2));
  });
});

describe('a random graph', () => {
  const rows = 2;

  it('computes what is written without layers', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const network = networkOf(plan);
        const [values, inputs] = [valuesOf(network), inputsFor(network, rows)];
        const [a, b] = ['a', 'b'].map((name) => placeholder(name, [rows, width], { dtype: 'float64' }));
        const parameter = (name: string, shape: number[]) => placeholder(name, shape, { dtype: 'float64' });
        const expected = follow(plan, [a as Tensor, b as Tensor], (node, x) => {
          const name = node < 0 ? 'shared' : `node${node}`;
          return x
            .matmul(parameter(`${name}.weight`, [x.shape[1] as number, width]))
            .add(parameter(`${name}.bias`, [width]))
            .tanh();
        });
        const [last, sum] = evaluate([expected.last, expected.sum], { ...values, ...inputs });
        const made = outputsOf(network, values, inputs, rows);
        expectNear(made.last as number[], last as Float64Array);
        expectNear(made.sum as number[], sum as Float64Array);
      }),
      { numRuns: 40, seed: 1 },
    );
  });

  it('has the gradient of central differences, parameters that are shared among it', () => {
    fc.assert(
      fc.property(plans, fc.nat(1000), (plan, seed) => {
        const network = networkOf(plan);
        const shapes = network.parameters.map(({ shape }) => ({ shape }));
        const inputShape = { shape: [rows, width] };
        checkGradient(
          (a, b, ...parameters) => {
            const values = new Map(network.parameters.map(({ name }, i) => [name, parameters[i] as Tensor]));
            const random = (purpose: string) => ({ seed: 0, purpose });
            return concat(network.apply(values, [a as Tensor, b as Tensor], { training: true, random }), 1);
          },
          [inputShape, inputShape, ...shapes],
          { seed },
        );
      }),
      { numRuns: 15, seed: 2 },
    );
  });
});

describe('layers are called', () => {
  it('after the output that they make, where there are several', () => {
    const network = graph([4], (x, use) => {
      const h = use(dense({ units: 3 }), x);
      const noisy = use(dropout(), h);
      return {
        digit: use(dense({ units: 10 }), noisy),
        age: use(dense({ units: 1, name: 'years' }), noisy),
        code: use(flatten(), h),
      };
    });
    expect(names(network)).toEqual(['hidden1', 'dropout1', 'digit', 'years', 'flatten1']);
  });

  it('by number, where an output is made by what comes after them', () => {
    const network = graph([4], (x, use) => ({
      twice: use(dense({ units: 2 }), x).mul(2),
      same: x,
    }));
    expect(names(network)).toEqual(['hidden1']);
  });

  it('output, where there is one: the last with neurons', () => {
    const network = graph([4], (x, use) => ({ score: use(dropout(), use(dense({ units: 2 }), x)) }));
    expect(names(network)).toEqual(['output', 'dropout1']);
    expect(network.outputs).toEqual([{ name: 'score', shape: [2] }]);
  });

  it('differently from each other and from inputs', () => {
    expect(
      thrown(() =>
        graph([4], (x, use) => use(dense({ units: 1, name: 'a' }), use(dense({ units: 1, name: 'a' }), x))),
      ),
    ).toEqual({ code: 'name', message: 'two layers are called "a": give one of them another name' });
    expect(thrown(() => graph({ a: [4] }, ({ a }, use) => use(dense({ units: 1, name: 'a' }), a)))).toEqual({
      code: 'name',
      message: 'graph: an input and a layer are both called "a": rename one',
    });
  });

  it('in their order of use, wherever they were made', () => {
    const [first, second] = [dense({ units: 2 }), dense({ units: 2 })];
    const network = graph([2], (x, use) => use(first, use(second, x)));
    expect(network.layers.map(({ layer: value }) => value)).toEqual([second, first]);
  });
});

describe('what layers do is shown', () => {
  it('call by call, with a stream of random numbers of their own', () => {
    const noise = dropout();
    const network = graph([2], (x, use) => use(noise, use(noise, x)).add(use(dropout(), x)));
    const asked: string[] = [];
    const seen: string[] = [];
    const x = placeholder('x', [1, 2]);
    network.apply(new Map(), [x], {
      training: true,
      random: (purpose) => {
        asked.push(purpose);
        return { seed: 0, purpose };
      },
      onLayer: ({ layer: { name } }) => seen.push(name),
    });
    expect(seen).toEqual(['dropout1', 'dropout1', 'dropout2']);
    expect(asked).toEqual(['dropout1/mask', 'dropout1/mask', 'dropout2/mask']);
  });
});

describe('shapes that do not fit are refused', () => {
  it('with the layer', () => {
    expect(thrown(() => graph([2, 2], (x, use) => use(dense({ units: 1, name: 'scores' }), x)))).toEqual({
      code: 'shape',
      message: 'dense "scores" takes [batch, n], but got [batch, 2, 2]: add flatten() before it',
    });
    expect(thrown(() => graph([2, 2], (x, use) => use(dense({ units: 1 }), use(dropout(), x)))).message).toBe(
      'dense "number 2" takes [batch, n], but got [batch, 2, 2]: add flatten() before it',
    );
  });

  it('where a layer is used again on others', () => {
    const shared = dense({ units: 3, name: 'shared' });
    expect(thrown(() => graph([2], (x, use) => use(shared, use(shared, x))))).toEqual({
      code: 'shape',
      message: 'dense "shared" takes [batch, 2], but got [2, 3]',
    });
  });

  it('between layers', () => {
    expect(thrown(() => graph([2], (x, use) => x.add(use(dense({ units: 3 }), x))))).toEqual({
      code: 'shape',
      message:
        'graph: after use() number 1, add: [2, 2] and [2, 3] cannot be broadcast together: axis 0 is the batch; bring both to one shape, as dense or reshape can',
    });
  });

  it('where the first axis is lost', () => {
    expect(thrown(() => graph([2], (x, use) => use(dense({ units: 3 }), x).sum(0)))).toEqual({
      code: 'shape',
      message: 'graph: output "output" is [3] for 2 examples: it must keep the first axis',
    });
    expect(thrown(() => graph([2], (x) => ({ total: x.sum() }))).message).toMatch(
      /^graph: output "total" is \[\]/,
    );
  });
});

describe('what is no graph is refused', () => {
  const identity = (x: Tensor): Tensor => x;
  const cases: [what: string, inputs: unknown, build: unknown, code: string, message: string | RegExp][] = [
    ['no inputs', {}, identity, 'option', 'graph must have an input'],
    ['nothing', undefined, identity, 'option', /^graph takes the shape of its input, or shapes by name/],
    ['null', null, identity, 'option', /but got null and function$/],
    ['a number', 4, identity, 'option', /but got 4 and function$/],
    ['no function', [4], undefined, 'option', /but got \[4\] and undefined$/],
    ['a shape that is none', [0], identity, 'shape', /^graph: input "input": \[0\] is no shape/],
    [
      'a named shape that is a number',
      { a: 4 },
      identity,
      'shape',
      'graph: input "a" must be a shape, such as [784], but got 4',
    ],
    ['a named shape that is a text', { a: '4' }, identity, 'shape', /must be a shape/],
    ['a named shape that is null', { a: null }, identity, 'shape', /must be a shape/],
    [
      'an input with a dot',
      { 'a.b': [1] },
      identity,
      'name',
      'graph: input "a.b" must have a name without dots',
    ],
    ['an input without a name', { '': [1] }, identity, 'name', /without dots$/],
    [
      'an output with a dot',
      [1],
      (x: Tensor) => ({ 'a.b': x }),
      'name',
      'graph: output "a.b" must have a name without dots',
    ],
    [
      'a function that gives nothing',
      [1],
      () => undefined,
      'option',
      'graph: the function must give a tensor, or tensors by name',
    ],
    ['a function that gives null', [1], () => null, 'option', /must give a tensor/],
    ['a function that gives no outputs', [1], () => ({}), 'option', /must give a tensor/],
    ['a function that gives numbers', [1], () => ({ a: 1 }), 'option', /must give a tensor/],
    [
      'a function that gives nested tensors',
      [1],
      (x: Tensor) => ({ a: { b: x } }),
      'option',
      /must give a tensor/,
    ],
    [
      'what is no layer',
      [1],
      (x: Tensor, use: UseLayer) => use(dense as never, use(dropout(), x)),
      'option',
      'graph takes layers, but what use() got as number 2 is the function dense: call it first',
    ],
    [
      'a layer on nothing',
      [1],
      (_: Tensor, use: UseLayer) => use(dropout(), undefined as never),
      'option',
      'graph: use() takes a tensor [batch, …] after the layer, but got nothing',
    ],
    [
      'a layer on inputs by name',
      { a: [1] },
      (all: never, use: UseLayer) => use(dropout(), all),
      'option',
      /^graph: use\(\) takes a tensor/,
    ],
    [
      'a layer on a single number',
      [1],
      (x: Tensor, use: UseLayer) => use(dropout(), x.sum()),
      'option',
      /but got \[\]$/,
    ],
  ];
  it.each(cases)('%s', (_, inputs, build, code, message) => {
    expect(thrown(() => graph(inputs as never, build as never))).toEqual({
      code,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });

  it('but mistakes of the function itself come through', () => {
    expect(() =>
      graph([1], () => {
        throw new TypeError('x is not a function');
      }),
    ).toThrow(new TypeError('x is not a function'));
  });
});

describe('a function that does not do the same each time', () => {
  /** Builds one thing at first and another from the call number `change` on; the definition itself takes two. */
  const changing = (
    change: number,
    first: (x: Tensor, use: UseLayer) => Tensor | Record<string, Tensor>,
    then: (x: Tensor, use: UseLayer) => Tensor | Record<string, Tensor>,
  ) => {
    let calls = 0;
    return () => {
      const network = graph([2], (x, use) => (calls++ < change ? first : then)(x, use));
      network.apply(new Map(valuesPlaceholders(network)), [placeholder('x', [1, 2])], {
        training: false,
        random: (purpose) => ({ seed: 0, purpose }),
      });
    };
  };
  const valuesPlaceholders = ({ parameters }: Network) =>
    parameters.map(({ name, shape }) => [name, placeholder(name, shape)] as const);
  const [one, two] = [dense({ units: 2, name: 'one' }), dense({ units: 2, name: 'two' })];
  const base = (x: Tensor, use: UseLayer) => use(two, use(one, x));
  const others: [string, (x: Tensor, use: UseLayer) => Tensor | Record<string, Tensor>][] = [
    ['uses more layers', (x, use) => use(dense({ units: 2 }), base(x, use))],
    ['uses fewer layers', (x, use) => use(one, x)],
    ['uses none', (x) => x],
    ['uses a layer again instead', (x, use) => use(one, use(one, x))],
    ['uses layers of another type', (x, use) => use(dropout(), use(one, x))],
    ['gives other outputs', (x, use) => ({ other: base(x, use) })],
    ['gives more outputs', (x, use) => ({ output: base(x, use), more: x })],
  ];
  it.each(others)('and %s is refused', (_, then) => {
    for (const change of [1, 2]) {
      expect(thrown(changing(change, base, then))).toEqual({
        code: 'state',
        message:
          'graph: the function used other layers than when the network was defined: it must do the same each time',
      });
    }
    expect(changing(3, base, then)).not.toThrow();
  });

  it('may make its layers anew', () => {
    const build = (x: Tensor, use: UseLayer) => {
      const own = dense({ units: 2 });
      return use(own, use(own, x));
    };
    expect(changing(1, build, build)).not.toThrow();
  });
});

describe('summary', () => {
  const network = graph({ image: [2, 3], age: [1] }, ({ image, age }, use) => {
    const flat = use(flatten(), image);
    const shared = dense({ units: 4 });
    const h = use(shared, concat([flat, age], 1));
    const again = use(shared, concat([flat, age.neg()], 1));
    return { digit: use(dense({ units: 10, regularizer: l2() }), h.add(again)), mean: h.mean(1) };
  });

  it('lists inputs and layers, those that are shared once', () => {
    expect(String(network.summary())).toMatchInlineSnapshot(`
      "layer     type     output  parameters
      ────────  ───────  ──────  ──────────
      image              2 × 3             
      age                1                 
      flatten1  flatten  6                0
      hidden1   dense    4               32
      digit     dense    10              50
      14 neurons, 68 weights + 14 biases = 82 parameters"
    `);
  });

  it('counts neurons and parameters once', () => {
    expect(network.summary()).toMatchObject({ neurons: 14, weights: 28 + 40, biases: 14, parameters: 82 });
    expect(network.outputs).toEqual([
      { name: 'digit', shape: [10] },
      { name: 'mean', shape: [] },
    ]);
  });
});

describe('a layer that gives back what it got', () => {
  const same = layer('same', {}, () => ({ apply: (_, x) => x }));

  it('is a layer all the same', () => {
    const network = graph([2], (x, use) => ({ a: use(same({}), x), b: x, c: constant(1).add(x) }));
    expect(names(network)).toEqual(['same1']);
  });
});
