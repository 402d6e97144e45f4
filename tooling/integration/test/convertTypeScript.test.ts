// Networks as TypeScript. What is printed lies in printed/, where it is compiled, checked and formatted as all code is.
import { readFileSync, writeFileSync } from 'node:fs';
import * as activations from '@neurite/activations';
import { toTypeScript } from '@neurite/convert/typescript';
import * as core from '@neurite/core';
import { concat, constant, graph, type Network, registry, sequential } from '@neurite/core';
import * as layers from '@neurite/layers';
import * as regularizers from '@neurite/regularizers';
import { describe, expect, it } from 'vitest';
import { everyActivation, networkOfActivations, networkOfLayers } from './everyLayer.ts';
import { network as printedActivations } from './printed/activations.ts';
import { network as printedChain } from './printed/chain.ts';
import { network as printedGraph } from './printed/graph.ts';
import { network as printedLayers } from './printed/layers.ts';
import { network as printedOptions } from './printed/options.ts';

const { dense } = layers;
const { relu, softmax, tanh } = activations;

const packages = {
  '@neurite/activations': activations,
  '@neurite/core': core,
  '@neurite/layers': layers,
  '@neurite/regularizers': regularizers,
};

const chain = () => sequential([784], [dense({ units: 128, activation: relu() }), dense({ units: 10 })]);

/** Everything that graphs hold beside layers: shared layers, joins with numbers, names that are no identifiers. */
const joined = () =>
  graph({ left: [4], 'right side': [4] }, (inputs, use) => {
    const encode = dense({ units: 4, activation: tanh(), name: 'encode' });
    const [a, b] = [use(encode, inputs.left), use(encode, inputs['right side'])];
    const hidden = use(dense({ units: 4, activation: relu() }), a.sub(b).mul(2));
    const ratio = constant(1).div(a.maximum(0.5)).minimum(hidden);
    const all = concat([hidden.add(ratio), b, inputs.left], 1);
    return { sum: use(dense({ units: 3 }), all), 'for each': use(dense({ units: 2 }), hidden), all };
  });

const withOptions = () =>
  sequential(
    [5],
    [
      dense({
        units: 6,
        activation: activations.leakyRelu({ slope: 0.3 }),
        initializer: core.orthogonal(),
        regularizer: regularizers.orthogonal({ strength: 1e-7 }),
        constraint: regularizers.maxNorm({ limit: 3 }),
        bias: false,
        name: "first 'one'",
      }),
      layers.dropout({ rate: 0.25 }),
      dense({ units: 6, name: 'hidden2', trainable: false, rateMultiplier: 0.5 }),
      dense({ units: 6, activation: softmax() }),
      layers.reshape({ sizes: [2, 3] }),
      layers.flatten({ name: 'flatten1' }),
      dense({ units: 1, activation: activations.gelu({ approximation: 'none' }) }),
    ],
  );

const printed = [
  { name: 'activations', network: networkOfActivations(), compiled: printedActivations },
  { name: 'chain', network: chain(), compiled: printedChain },
  { name: 'graph', network: joined(), compiled: printedGraph },
  { name: 'layers', network: networkOfLayers(), compiled: printedLayers },
  { name: 'options', network: withOptions(), compiled: printedOptions },
];

describe.each(printed)('the code of $name', ({ name, network, compiled }) => {
  const file = new URL(`printed/${name}.ts`, import.meta.url);
  const text = toTypeScript(network, { packages });
  if (process.env.UPDATE_PRINTED) writeFileSync(file, text);

  it('is what was compiled', () => {
    expect(text).toBe(readFileSync(file, 'utf8'));
  });

  it('makes the same network', () => {
    expect(compiled.toJSON()).toEqual(network.toJSON());
    const names = ({ parameters, state }: Network) => [...parameters, ...state].map((each) => each.name);
    expect(names(compiled)).toEqual(names(network));
  });

  it('is the same from data', () => {
    const data = JSON.parse(JSON.stringify(network));
    expect(toTypeScript(data, { packages })).toBe(text);
  });
});

it('every activation is printed', () => {
  const text = toTypeScript(networkOfActivations(), { packages });
  for (const { type } of everyActivation) expect(text).toContain(`${type}(`);
});

it('takes nodes in any order', () => {
  const { inputs, nodes, outputs } = joined().toJSON() as core.GraphData;
  const data = { inputs, nodes: Object.fromEntries(Object.entries(nodes).reverse()), outputs };
  const all = registry().use(activations, layers);
  expect(toTypeScript(data, { packages })).toBe(toTypeScript(all.network(data), { packages }));
});

it('keeps the order of layers where outputs have another', () => {
  const network = graph([2], (x, use) => {
    const [first, second] = [use(dense({ units: 1 }), x), use(dense({ units: 2 }), x)];
    return { second, first };
  });
  const text = toTypeScript(network, { packages });
  expect(text.indexOf('units: 1')).toBeLessThan(text.indexOf('units: 2'));
  expect(text).toContain('return { second, first };');
});

it('takes the names that plugins are exported under, and everybody’s packages', () => {
  const swish = core.activation(
    'swish',
    { beta: 1 },
    ({ beta }) =>
      (x) =>
        x.mul(x.mul(beta).sigmoid()),
  );
  const network = sequential([2], [dense({ units: 2, activation: swish({ beta: 2 }) })]);
  const text = toTypeScript(network, {
    packages: { ...packages, 'their-package': { default: swish, smooth: swish } },
    name: 'mine',
  });
  expect(text).toContain("import { smooth } from 'their-package';");
  expect(text).toContain(
    'export const mine = sequential([2], [dense({ units: 2, activation: smooth({ beta: 2 }) })]);',
  );
});

it('says which plugin no package has, and refuses names that are none', () => {
  expect(() => toTypeScript(chain(), { packages: { '@neurite/layers': layers } })).toThrow(
    'no package that was given has the activation "relu"',
  );
  expect(() => toTypeScript(chain(), { packages, name: 'a-b' })).toThrow('"a-b" cannot be the name');
});
