import { describe, expect, it } from 'vitest';
import { type ChainData, registry, sequential } from '../../src/index.ts';
import * as plugins from '../support/plugins.ts';

const { dense, dropout, flatten, l2, leakyRelu, relu } = plugins;

describe('summary', () => {
  it.each([
    [[3], [4, 2], { neurons: 6, weights: 20, biases: 6, parameters: 26 }],
    [[3], [4, 4, 1], { neurons: 9, weights: 32, biases: 9, parameters: 41 }],
  ])("counts the course's networks: %j %j", (input, units, counts) => {
    expect(
      sequential(
        input,
        units.map((each) => dense({ units: each })),
      ).summary(),
    ).toMatchObject(counts);
  });

  it('counts biases only where there are some, and layers without parameters', () => {
    const summary = sequential([3, 2], [flatten(), dense({ units: 2, bias: false }), dropout()]).summary();
    expect(summary).toMatchObject({ neurons: 2, weights: 12, biases: 0, parameters: 12 });
    expect(summary.layers).toEqual([
      { name: 'flatten1', type: 'flatten', output: [6], parameters: 0 },
      { name: 'output', type: 'dense', output: [2], parameters: 12 },
      { name: 'dropout1', type: 'dropout', output: [2], parameters: 0 },
    ]);
  });

  it('is a table', () => {
    const network = sequential(
      [28, 28],
      [flatten(), dense({ units: 128, activation: relu() }), dropout(), dense({ units: 10 })],
    );
    expect(String(network.summary())).toMatchInlineSnapshot(`
      "layer     type     output   parameters
      ────────  ───────  ───────  ──────────
      input              28 × 28            
      flatten1  flatten  784               0
      hidden1   dense    128         100,480
      dropout1  dropout  128               0
      output    dense    10            1,290
      138 neurons, 101,632 weights + 138 biases = 101,770 parameters"
    `);
  });

  it('is a table of nothing for a network without layers', () => {
    expect(String(sequential([2], []).summary())).toMatchInlineSnapshot(`
      "layer  type  output  parameters
      ─────  ────  ──────  ──────────
      input        2                 
      0 neurons, 0 weights + 0 biases = 0 parameters"
    `);
  });
});

describe('toJSON', () => {
  const neurite = registry().use(plugins);
  const network = sequential(
    [4, 2],
    [
      flatten(),
      dense({ units: 3, activation: leakyRelu({ slope: 0.2 }), regularizer: l2({ strength: 0.5 }) }),
      dropout({ rate: 0.25, name: 'noise' }),
      dense({ units: 2, bias: false }),
    ],
  );

  it('has the layers with all their options and names', () => {
    expect(network.toJSON()).toEqual({
      input: [4, 2],
      layers: [
        { type: 'flatten', name: 'flatten1' },
        {
          type: 'dense',
          units: 3,
          activation: { type: 'leakyRelu', slope: 0.2 },
          regularizer: { type: 'l2', strength: 0.5 },
          bias: true,
          name: 'hidden1',
        },
        { type: 'dropout', rate: 0.25, name: 'noise' },
        { type: 'dense', units: 2, bias: false, name: 'output' },
      ],
    });
  });

  it('is what a registry makes the same network of', () => {
    const again = neurite.network(JSON.parse(JSON.stringify(network)));
    expect(again.toJSON()).toEqual(network.toJSON());
    expect(again.parameters.map(({ name, shape }) => [name, shape])).toEqual(
      network.parameters.map(({ name, shape }) => [name, shape]),
    );
    expect(String(again.summary())).toBe(String(network.summary()));
  });

  it('keeps names when layers are added to the data', () => {
    const { input, layers } = network.toJSON() as ChainData;
    const longer = neurite.network({
      input,
      layers: [...layers.slice(0, 2), { type: 'dropout' }, ...layers.slice(2)],
    } as never);
    expect(longer.parameters.map(({ name }) => name)).toEqual(network.parameters.map(({ name }) => name));
  });

  it('that is wrong is refused with the place', () => {
    const wrong = (data: unknown) => () => neurite.network(data as never);
    expect(wrong({ input: [2], layers: ['dropout', { type: 'dence', units: 3 }] })).toThrow(
      /^layer 2: there is no layer "dence"; registered are "dense"/,
    );
    expect(wrong({ input: [2] })).toThrow(
      /^a network is \{ input: \[sizes\], layers: \[layers\] \} or \{ inputs, nodes, outputs \}, but got/,
    );
    expect(wrong({ input: 2, layers: [] })).toThrow(/^a network is/);
  });
});
