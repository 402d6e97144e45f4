import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  activation,
  concat,
  constant,
  type GraphData,
  graph,
  layer,
  type Network,
  NeuriteError,
  placeholder,
  registry,
  type Tensor,
  type UseLayer,
} from '../../src/index.ts';
import { inputsFor, outputsOf, thrown, valuesOf } from '../support/oracle.ts';
import * as plugins from '../support/plugins.ts';
import { networkOf, plans } from '../support/randomGraphs.ts';

const { dense, flatten, l2, sigmoid } = plugins;
const tanh = activation('tanh', (x) => x.tanh());
const same = layer('same', {}, () => ({ apply: (_, x) => x }));
/** Adds 1, but only in evaluation. */
const shifted = layer('shifted', {}, () => ({ apply: (_, x, { training }) => (training ? x : x.add(1)) }));
const neurite = registry().use(plugins, { tanh, same, shifted });

const asData = (network: Network): GraphData => JSON.parse(JSON.stringify(network));
const made = (data: unknown): Network => neurite.network(data as never);

/** Expects that a network made from the data of `network` is the same and computes the same. */
function expectRoundTrip(network: Network): void {
  const data = asData(network);
  const again = made(data);
  expect(asData(again)).toEqual(data);
  expect(again.inputs).toEqual(network.inputs);
  expect(again.outputs).toEqual(network.outputs);
  const shapes = ({ parameters }: Network) => parameters.map(({ name, shape }) => [name, shape]);
  expect(shapes(again)).toEqual(shapes(network));
  const [values, inputs] = [valuesOf(network), inputsFor(network, 3)];
  expect(outputsOf(again, values, inputs, 3)).toEqual(outputsOf(network, values, inputs, 3));
}

describe('toJSON', () => {
  it('has layers with their options, what joins them, and numbers', () => {
    const shared = dense({ units: 2, bias: false, activation: sigmoid(), trainable: false });
    const network = graph({ a: [2], b: [2] }, ({ a, b }, use) => {
      const [ha, hb] = [use(shared, a), use(shared, b)];
      const joined = concat([ha, hb.mul(0.5), constant(1).sub(ha)], 1);
      return { score: use(dense({ units: 1, regularizer: l2({ strength: 2 }) }), joined), gate: ha.div(hb) };
    });
    expect(asData(network)).toEqual({
      inputs: { a: [2], b: [2] },
      nodes: {
        hidden1: {
          type: 'dense',
          units: 2,
          activation: { type: 'sigmoid' },
          bias: false,
          trainable: false,
          from: 'a',
        },
        hidden1Again1: { layer: 'hidden1', from: 'b' },
        multiply1: { join: 'multiply', from: ['hidden1Again1', 0.5] },
        subtract1: { join: 'subtract', from: [1, 'hidden1'] },
        concatenate1: { join: 'concatenate', from: ['hidden1', 'multiply1', 'subtract1'], axis: 1 },
        score: {
          type: 'dense',
          units: 1,
          regularizer: { type: 'l2', strength: 2 },
          bias: true,
          from: 'concatenate1',
        },
        divide1: { join: 'divide', from: ['hidden1', 'hidden1Again1'] },
      },
      outputs: { score: 'score', gate: 'divide1' },
    });
    expectRoundTrip(network);
  });

  it('gives joins names that nothing else has', () => {
    const network = graph({ add1: [2] }, ({ add1 }, use) =>
      use(dense({ units: 2, name: 'add2' }), add1.add(1)).add(add1),
    );
    expect(Object.keys(asData(network).nodes)).toEqual(['add3', 'add2', 'add4']);
    expectRoundTrip(network);
  });

  it('writes down what is used several times once', () => {
    const network = graph([2], (x, use) => {
      const sum = x.add(x);
      return use(dense({ units: 2 }), sum).mul(sum);
    });
    expect(Object.keys(asData(network).nodes)).toEqual(['add1', 'output', 'multiply1']);
    expectRoundTrip(network);
  });
});

describe('a network from its data computes the same', () => {
  const cases: [string, () => Network][] = [
    [
      'with a residual connection',
      () =>
        graph([3], (x, use) =>
          use(dense({ units: 2 }), use(dense({ units: 3, activation: tanh() }), x).add(x)),
        ),
    ],
    [
      'as a highway: 1 − gate first',
      () =>
        graph([3], (x, use) => {
          const gate = use(dense({ units: 3, activation: sigmoid() }), x);
          return use(dense({ units: 3 }), x)
            .mul(gate)
            .add(constant(1).sub(gate).mul(x));
        }),
    ],
    [
      'with every join, numbers before and behind',
      () =>
        graph({ a: [2], b: [2] }, ({ a, b }) => ({
          add: constant(2).add(a).add(b),
          subtract: constant(2).sub(a).sub(b).sub(1),
          multiply: constant(2).mul(a).mul(b),
          divide: constant(2).div(a).div(b).div(4),
          maximum: constant(0.25).maximum(a).maximum(b).maximum(-0.5),
          minimum: constant(0.25).minimum(a).minimum(b).minimum(0.5),
          concat: concat([a, b, a], 1),
        })),
    ],
    [
      'where a single number for each example meets several',
      () =>
        graph([4], (x, use) => {
          const gate = use(dense({ units: 1, activation: sigmoid() }), x);
          return gate.mul(use(dense({ units: 3 }), x)).add(gate);
        }),
    ],
    [
      'where shapes are concatenated along other axes',
      () => graph({ a: [2, 3], b: [4, 3] }, ({ a, b }, use) => use(flatten(), concat([a, b], 1))),
    ],
    [
      'where inputs are outputs',
      () => graph({ a: [2], b: [3] }, ({ a, b }) => ({ first: b, second: a, third: b })),
    ],
    [
      'where a layer that does nothing is an output, and what it got another',
      () => graph([2], (x, use) => ({ a: use(same(), x), b: x, c: use(same(), x).add(1) })),
    ],
    [
      'where a layer does nothing in training alone',
      () => graph([2], (x, use) => ({ a: use(dense({ units: 2 }), use(shifted(), x)), b: x, c: x.add(x) })),
    ],
    [
      'where outputs are the same',
      () =>
        graph([2], (x, use) => {
          const h = use(dense({ units: 2 }), x);
          return { one: h, two: h };
        }),
    ],
    [
      'under names of every kind',
      () =>
        graph(
          Object.fromEntries([
            ['__proto__', [2]],
            ['constructor', [2]],
          ]),
          (inputs, use) => {
            const [a, b] = Object.values(inputs) as [Tensor, Tensor];
            const h = use(dense({ units: 2, name: 'toString' }), a.add(b));
            return Object.fromEntries([
              ['__proto__', h],
              ['hasOwnProperty', a],
            ]);
          },
        ),
    ],
  ];
  it.each(cases)('%s', (_, make) => expectRoundTrip(make()));

  it('whatever the graph', () => {
    fc.assert(
      fc.property(plans, (plan) => expectRoundTrip(networkOf(plan))),
      { numRuns: 40, seed: 3 },
    );
  });

  it('in whatever order its nodes stand', () => {
    const shuffled = plans.chain((plan) => {
      const data = asData(networkOf(plan));
      const entries = Object.entries(data.nodes);
      return fc.record({
        data: fc.constant(data),
        nodes: fc
          .shuffledSubarray(entries, { minLength: entries.length })
          .map((all) => Object.fromEntries(all)),
      });
    });
    fc.assert(
      fc.property(shuffled, ({ data, nodes }) => {
        const [network, other] = [made(data), made({ ...data, nodes })];
        const [values, inputs] = [valuesOf(network), inputsFor(network, 2)];
        expect(outputsOf(other, values, inputs, 2)).toEqual(outputsOf(network, values, inputs, 2));
      }),
      { numRuns: 30, seed: 4 },
    );
  });
});

describe('arithmetic that cannot be saved says so', () => {
  const outside = placeholder('noise', [2, 2]);
  const cases: [string, (x: Tensor, use: UseLayer) => Tensor, string][] = [
    [
      'a function',
      (x, use) => use(dense({ units: 1, name: 'scores' }), x.exp()),
      '"scores" takes what exp made',
    ],
    ['a power', (x) => x.pow(2), '"output" takes what pow made'],
    ['a sum', (x) => x.sum(1), '"output" takes what sum made'],
    ['another shape', (x) => x.reshape([2, 2, 1]), '"output" takes what reshape made'],
    ['a piece', (x) => x.slice([0, 0], [2, 1]), '"output" takes what slice made'],
    ['padding', (x) => x.pad([0, 1], [0, 0]), '"output" takes what pad made'],
    ['a product of matrices', (x) => x.matmul(x), '"output" takes what matmul made'],
    [
      'stretching',
      (x, use) => use(dense({ units: 1 }), x).broadcastTo([2, 3]),
      '"output" takes what broadcastTo made',
    ],
    [
      'stretching before a join',
      (x, use) =>
        use(dense({ units: 1 }), x)
          .broadcastTo([2, 3])
          .mul(2),
      '"output" takes what broadcastTo made',
    ],
    [
      'a number of another shape',
      (x) => concat([x, constant(1, { shape: [2, 1] })], 1),
      '"output" takes "constant 1 2,1 float32"',
    ],
    ['infinity', (x) => x.maximum(Number.NEGATIVE_INFINITY), '"output" takes "constant -Infinity  float32"'],
    ['tensors from elsewhere', (x) => x.add(outside), '"output" takes "input noise"'],
  ];
  it.each(cases)('%s', (_, build, what) => {
    const network = graph([2], build);
    expect(thrown(() => network.toJSON())).toEqual({
      code: 'unsupported',
      message: `a graph as data holds layers, concat and arithmetic, but ${what}: put that into a layer of its own`,
    });
  });

  it('but can be used otherwise', () => {
    const network = graph([2], (x) => x.exp());
    expect(outputsOf(network, {}, { input: [0, 1] }, 1).output).toEqual([1, Math.E]);
  });
});

describe('data by hand', () => {
  const data = {
    inputs: { x: [2] },
    nodes: {
      scores: { type: 'dense', units: 2, from: 'sum' },
      sum: { join: 'add', from: ['hidden', 'again', 'x', 1] },
      again: { layer: 'hidden', from: 'hidden' },
      hidden: { type: 'dense', units: 2, activation: 'sigmoid', from: 'x' },
    },
    outputs: { digit: 'scores', code: 'hidden' },
  };

  it('may be in any order, and name plugins', () => {
    const network = made(data);
    expect(network.layers.map(({ name }) => name)).toEqual(['hidden', 'scores']);
    const expected = graph({ x: [2] }, ({ x }, use) => {
      const hidden = dense({ units: 2, activation: sigmoid(), name: 'hidden' });
      const h = use(hidden, x);
      return {
        digit: use(dense({ units: 2, name: 'scores' }), h.add(use(hidden, h)).add(x).add(1)),
        code: h,
      };
    });
    const [values, inputs] = [valuesOf(expected), inputsFor(expected, 2)];
    expect(outputsOf(network, values, inputs, 2)).toEqual(outputsOf(expected, values, inputs, 2));
  });

  it('may define a layer behind its first use', () => {
    const network = made({
      inputs: { x: [2] },
      nodes: {
        first: { layer: 'second', from: 'x' },
        second: { type: 'dense', units: 2, from: 'first' },
      },
      outputs: { y: 'second' },
    });
    expect(network.layers.map(({ name }) => name)).toEqual(['second']);
    expectRoundTrip(network);
  });

  it('may have nodes that nobody uses: their parameters are there', () => {
    const network = made({ ...data, outputs: { code: 'hidden' } });
    expect(network.parameters.map(({ name }) => name)).toEqual([
      'hidden.weight',
      'hidden.bias',
      'scores.weight',
      'scores.bias',
    ]);
    expect(Object.keys(outputsOf(network, valuesOf(network), { x: [1, 2] }, 1))).toEqual(['code']);
  });

  it('concatenates along the last axis unless it says another', () => {
    const concatenated = (axis?: number) =>
      made({
        inputs: { a: [2, 2], b: [2, 2] },
        nodes: { both: { join: 'concatenate', from: ['a', 'b'], ...(axis !== undefined && { axis }) } },
        outputs: { both: 'both' },
      }).output;
    expect([concatenated(), concatenated(-1), concatenated(2), concatenated(1)]).toEqual([
      [2, 4],
      [2, 4],
      [2, 4],
      [4, 2],
    ]);
  });

  it('may give a join of one', () => {
    const network = made({
      inputs: { x: [1] },
      nodes: { y: { join: 'add', from: ['x'] } },
      outputs: { y: 'y' },
    });
    expect(outputsOf(network, {}, { x: [3] }, 1)).toEqual({ y: [3] });
  });

  it('may take a layer whose options are called as parts of a node are', () => {
    const choosy = layer('choosy', { layer: 2, join: 3 }, ({ layer: a, join: b }) => ({
      apply: (_, x) => x.mul(a * b),
    }));
    const network = neurite.use({ choosy }).network({
      inputs: { x: [1] },
      nodes: { y: { type: 'choosy', layer: 5, from: 'x' } },
      outputs: { y: 'y' },
    });
    expect(outputsOf(network, {}, { x: [2] }, 1)).toEqual({ y: [30] });
  });

  it('may be deep', () => {
    const depth = 4000; // more than calls can be nested
    const nodes = Object.fromEntries(
      Array.from({ length: depth }, (_, i) => [
        `n${i}`,
        { join: 'add', from: [i === depth - 1 ? 'x' : `n${i + 1}`, 1] },
      ]),
    );
    const network = made({ inputs: { x: [1] }, nodes, outputs: { y: 'n0' } });
    expect(outputsOf(network, {}, { x: [0] }, 1)).toEqual({ y: [depth] });
    expect(Object.keys(asData(network).nodes)).toHaveLength(depth);
  });
});

describe('data that are wrong are refused', () => {
  const x = { inputs: { x: [2] }, outputs: { y: 'x' } };
  const withNodes = (nodes: unknown, outputs: unknown = x.outputs) => ({ ...x, nodes, outputs });
  const d = { type: 'dense', units: 2 };
  const cases: [what: string, data: unknown, code: string, message: string | RegExp][] = [
    [
      'nodes in a circle, with the way around',
      withNodes({ a: { ...d, from: 'c' }, b: { ...d, from: 'a' }, c: { join: 'add', from: ['x', 'b'] } }),
      'option',
      "graph: nodes go in a circle, a → b → c → a: a network's nodes may only take from those before them",
    ],
    [
      'a circle behind others, and nothing else in the way',
      withNodes({ head: { ...d, from: 'a' }, a: { ...d, from: 'b' }, b: { ...d, from: 'a' } }),
      'option',
      /circle, a → b → a:/,
    ],
    ['a node that takes from itself', withNodes({ a: { ...d, from: 'a' } }), 'option', /circle, a → a:/],
    ['a join with itself', withNodes({ a: { join: 'add', from: ['x', 'a'] } }), 'option', /circle, a → a:/],
    [
      'a source that is unknown, with the nearest first',
      withNodes({ hidden: { ...d, from: 'x' }, output: { ...d, from: 'hiden' } }),
      'name',
      'graph: node "output" takes "hiden", but there are "hidden", "x", "output"',
    ],
    [
      'a source among others',
      withNodes({ a: { join: 'add', from: ['x', 'z'] } }),
      'name',
      /^graph: node "a" takes "z"/,
    ],
    [
      'an output of nothing',
      withNodes({}, { y: 'z' }),
      'name',
      'graph: output "y" takes "z", but there are "x"',
    ],
    [
      'an output that is a number',
      withNodes({}, { y: 1 }),
      'name',
      'graph: output "y" takes 1, but there are "x"',
    ],
    ['an output that is null', withNodes({}, { y: null }), 'name', /^graph: output "y" takes null/],
    [
      'a name of Object',
      withNodes({}, { y: 'constructor' }),
      'name',
      /takes "constructor", but there are "x"/,
    ],
    ['its prototype', withNodes({ a: { ...d, from: '__proto__' } }), 'name', /takes "__proto__"/],
    [
      'an unknown join, with the nearest first',
      withNodes({ a: { join: 'substract', from: ['x', 1] } }),
      'name',
      /^graph: node "a" joins by "substract", but there are "subtract", /,
    ],
    ['a join that is no text', withNodes({ a: { join: 1, from: ['x'] } }), 'name', /joins by 1, but/],
    [
      'a join that cannot be text',
      withNodes({ a: { join: { toString: 1 }, from: ['x'] } }),
      'name',
      /joins by/,
    ],
    ['a join of Object', withNodes({ a: { join: 'toString', from: ['x'] } }), 'name', /joins by "toString"/],
    [
      'a join of one name',
      withNodes({ a: { join: 'add', from: 'x' } }),
      'option',
      'graph: node "a" must take from a list of names and numbers, but got from: "x"',
    ],
    ['a join of nothing', withNodes({ a: { join: 'add', from: [] } }), 'option', /but got from: \[\]$/],
    [
      'a join of numbers',
      withNodes({ a: { join: 'add', from: [1, 2] } }),
      'option',
      /but got from: \[1,2\]$/,
    ],
    [
      'a join with what JSON makes of infinity',
      withNodes({ a: { join: 'add', from: ['x', null] } }),
      'option',
      /\["x",null\]$/,
    ],
    [
      'numbers that are concatenated',
      withNodes({ a: { join: 'concatenate', from: ['x', 1] } }),
      'option',
      'graph: node "a" must take from a list of names, but got from: ["x",1]',
    ],
    [
      'half an axis',
      withNodes({ a: { join: 'concatenate', from: ['x', 'x'], axis: 0.5 } }),
      'option',
      'graph: node "a" must have a whole number as its axis, but got 0.5',
    ],
    [
      'an axis that is null',
      withNodes({ a: { join: 'concatenate', from: ['x', 'x'], axis: null } }),
      'option',
      /axis/,
    ],
    [
      'an axis beyond',
      withNodes({ a: { join: 'concatenate', from: ['x', 'x'], axis: 2 } }),
      'shape',
      /^graph: node "a": concat: axes 2 do not fit/,
    ],
    [
      'shapes that do not fit',
      { ...withNodes({ a: { join: 'add', from: ['x', 'z'] } }), inputs: { x: [2], z: [3] } },
      'shape',
      'graph: node "a": add: [2, 2] and [2, 3] cannot be broadcast together',
    ],
    [
      'shapes that do not fit a layer',
      { ...withNodes({ a: { ...d, from: 'x' } }), inputs: { x: [2, 2] } },
      'shape',
      /^dense "a" takes/,
    ],
    [
      'a layer on several',
      withNodes({ a: { ...d, from: ['x', 'x'] } }),
      'option',
      'graph: node "a" is a layer and takes from one name, but got from: ["x","x"]',
    ],
    ['a layer on a number', withNodes({ a: { ...d, from: 1 } }), 'option', /but got from: 1$/],
    ['a layer on nothing', withNodes({ a: d }), 'option', /but got from: nothing$/],
    [
      'a layer that is unknown',
      withNodes({ a: { type: 'dence', units: 2, from: 'x' } }),
      'name',
      /^node "a": there is no layer "dence"; registered are "dense"/,
    ],
    [
      'a layer without a type',
      withNodes({ a: { type: null, from: 'x' } }),
      'name',
      /^node "a": there is no layer null/,
    ],
    [
      'options that are unknown',
      withNodes({ a: { ...d, unit: 2, from: 'x' } }),
      'option',
      /^dense has no option "unit"/,
    ],
    [
      'an option called __proto__',
      withNodes(JSON.parse('{ "a": { "type": "dense", "units": 2, "from": "x", "__proto__": 1 } }')),
      'option',
      /^dense has no option "__proto__"/,
    ],
    [
      'a name with dots',
      withNodes({ 'a.b': { ...d, from: 'x' } }),
      'option',
      /name must be a name without dots/,
    ],
    [
      'a layer of no node',
      withNodes({ hidden: { ...d, from: 'x' }, a: { layer: 'hiden', from: 'x' } }),
      'name',
      'graph: node "a" uses the layer of "hiden", but the graph has "hidden"',
    ],
    [
      'a layer of a join',
      withNodes({ s: { join: 'add', from: ['x', 1] }, a: { layer: 's', from: 'x' } }),
      'name',
      'graph: node "a" uses the layer of "s", but the graph has none',
    ],
    ['a layer of itself', withNodes({ a: { layer: 'a', from: 'x' } }), 'name', /uses the layer of "a"/],
    [
      'a layer by value',
      withNodes({ a: { layer: { type: 'dense', units: 2 }, from: 'x' } }),
      'name',
      /uses the layer of \{/,
    ],
    [
      'a node of nothing',
      withNodes({ a: { from: 'x' } }),
      'option',
      'graph: node "a" must have a type, a join or the layer of another node',
    ],
    [
      'a node that is null',
      withNodes({ a: null }),
      'option',
      'graph: node "a" must be a layer or a join, but is null',
    ],
    [
      'a node that is a name',
      withNodes({ a: 'dense' }),
      'option',
      'graph: node "a" must be a layer or a join, but is "dense"',
    ],
    ['a node that is a list', withNodes({ a: [d] }), 'option', /must be a layer or a join/],
    [
      'a node called as an input',
      withNodes({ x: { ...d, from: 'x' } }),
      'name',
      'graph: an input and a node are both called "x": rename one',
    ],
    ['nodes that are a list', withNodes([]), 'option', 'a graph must have nodes by name, but got []'],
    ['nodes that are null', withNodes(null), 'option', 'a graph must have nodes by name, but got null'],
    [
      'no inputs',
      { nodes: {}, outputs: { y: 'x' } },
      'option',
      'a graph must have inputs by name, but got nothing',
    ],
    [
      'empty inputs',
      { inputs: {}, nodes: {}, outputs: { y: 'x' } },
      'option',
      'a graph must have inputs by name, but got {}',
    ],
    [
      'a shape for inputs',
      { inputs: [2], nodes: {}, outputs: { y: 'x' } },
      'option',
      'a graph must have inputs by name, but got [2]',
    ],
    [
      'a shape that is a text',
      { ...withNodes({}), inputs: { x: 'large' } },
      'shape',
      'graph: input "x" must be a shape, such as [784], but got "large"',
    ],
    ['a shape of texts', { ...withNodes({}), inputs: { x: ['2'] } }, 'shape', /is no shape/],
    [
      'no outputs',
      { inputs: { x: [1] }, nodes: {} },
      'option',
      'a graph must have outputs by name, but got nothing',
    ],
    ['empty outputs', withNodes({}, {}), 'option', 'a graph must have outputs by name, but got {}'],
    [
      'outputs that are a name',
      withNodes({}, 'x'),
      'option',
      'a graph must have outputs by name, but got "x"',
    ],
  ];
  it.each(cases)('%s', (_, data, code, message) => {
    expect(thrown(() => made(data))).toEqual({
      code,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });

  it('always as errors of the project, never by accident', () => {
    const anything = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constant(undefined));
    const name = fc.constantFrom('x', 'a', 'b', '__proto__', 'toString', 1, null);
    const node = fc.oneof(
      anything,
      fc.record(
        {
          type: fc.oneof(fc.constantFrom('dense', 'dropout', 'same'), anything),
          units: fc.oneof(fc.constant(2), anything),
          from: fc.oneof(name, fc.array(name), anything),
          join: fc.oneof(fc.constantFrom('add', 'divide', 'concatenate'), anything),
          layer: fc.oneof(name, anything),
          axis: fc.oneof(fc.integer(), anything),
        },
        { requiredKeys: [] },
      ),
    );
    const names = fc.constantFrom('a', 'b', '__proto__', 'constructor', '', 'x.y');
    const data = fc.record({
      inputs: fc.oneof(
        { weight: 4, arbitrary: fc.constant({ x: [2] }) },
        anything,
        fc.dictionary(names, anything),
      ),
      nodes: fc.oneof({ weight: 4, arbitrary: fc.dictionary(names, node) }, anything),
      outputs: fc.oneof({ weight: 4, arbitrary: fc.dictionary(names, name) }, anything),
    });
    fc.assert(
      fc.property(data, (hostile) => {
        try {
          made(hostile).toJSON();
        } catch (error) {
          if (!(error instanceof NeuriteError)) throw error;
          expect(error.code).not.toBe('internal');
        }
      }),
      { numRuns: 1000, seed: 5 },
    );
  });
});
