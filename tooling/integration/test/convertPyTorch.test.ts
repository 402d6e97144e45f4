// Weights of PyTorch. fixtures/convert/makePyTorch.py made the files, and what PyTorch computes.
import { readFileSync } from 'node:fs';
import { relu, tanh } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { readSafetensors } from '@neurite/checkpoint';
import { fromPyTorch, type PyTorchOptions, type TensorData } from '@neurite/convert/pytorch';
import { type Network, NeuriteError, predictor, sequential } from '@neurite/core';
import * as layers from '@neurite/layers';
import { describe, expect, it } from 'vitest';

const { batchNorm, dense, dropout, flatten, layerNorm, maxout, prelu, rmsNorm } = layers;

interface Computed {
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}
const read = (name: string): Uint8Array => readFileSync(new URL(`fixtures/convert/${name}`, import.meta.url));
const computed: Readonly<Record<'sequence' | 'named', Computed>> = JSON.parse(
  Buffer.from(read('pytorch.json')).toString(),
);

async function compare(
  network: Network,
  weights: Parameters<typeof fromPyTorch>[0],
  { inputs, outputs }: Computed,
  options?: PyTorchOptions,
): Promise<void> {
  const model = await predictor(network, { ...fromPyTorch(weights, network, options), backend: cpu() });
  const predicted = await model.predict(inputs);
  expect(predicted.length).toBe(outputs.length);
  predicted.forEach((value, i) => void expect(Math.abs(value - outputs[i]!)).toBeLessThan(1e-5));
}

const sequence = () =>
  sequential(
    [2, 3],
    [
      flatten(),
      dense({ units: 5, activation: relu() }),
      batchNorm(),
      dense({ units: 5, activation: tanh() }),
      layerNorm(),
      dropout(),
      dense({ units: 5, bias: false }),
      prelu(),
      rmsNorm(),
      dense({ units: 5 }),
      dense({ units: 3 }),
    ],
  );

const named = () =>
  sequential(
    [4],
    [dense({ units: 4, activation: relu() }), dense({ units: 4, activation: relu() }), dense({ units: 2 })],
  );

/** Tensors of a file, as a table. */
const tableOf = (bytes: Uint8Array): Record<string, TensorData> =>
  Object.fromEntries(
    [...readSafetensors(bytes).tensors].map(([name, tensor]) => [
      name,
      { shape: tensor.shape, numbers: tensor.numbers() },
    ]),
  );

describe('a state_dict computes as in PyTorch', () => {
  it('from safetensors, by shapes and by the numbers in names', () =>
    compare(sequence(), read('sequence.safetensors'), computed.sequence));

  it('from a table of tensors', () =>
    compare(sequence(), tableOf(read('sequence.safetensors')), computed.sequence));

  it('with names for what shapes do not tell', async () => {
    const file = read('named.safetensors');
    expect(() => fromPyTorch(file, named())).toThrow(
      '"hidden1", "hidden2" could each be any of "core", "entry", which have the same shapes: say which',
    );
    await compare(named(), file, computed.named, { names: { hidden1: 'entry', hidden2: 'core' } });
    await compare(named(), file, computed.named, {
      names: {
        'hidden1.weight': 'entry.weight',
        'hidden1.bias': 'entry.bias',
        hidden2: 'core',
        output: 'exit',
      },
    });
  });

  it('in a prefix of its own, beside what is ignored', async () => {
    const table = Object.entries(tableOf(read('sequence.safetensors')));
    const prefixed = Object.fromEntries(table.map(([name, tensor]) => [`model.net.${name}`, tensor]));
    const scale = { shape: [], numbers: new Float32Array([1]) };
    const all = { ...prefixed, 'teacher.a.weight': scale, scale };
    expect(() => fromPyTorch(all, sequence())).toThrow(
      'the network has no place for "teacher.a.weight", "scale": leave them out with ignore',
    );
    await compare(sequence(), all, computed.sequence, { ignore: ['teacher', 'scale'] });
  });
});

describe('a state_dict is refused', () => {
  it('where modules do not fit, with both sides', () => {
    const network = sequential([6], [dense({ units: 5 }), dense({ units: 3 })]);
    const table = {
      'fc1.weight': { shape: [5, 6], numbers: new Float32Array(30) },
      'fc1.bias': { shape: [4], numbers: new Float32Array(4) },
    };
    expect(() => fromPyTorch(table, network)).toThrow(NeuriteError);
    expect(() =>
      fromPyTorch(table, network),
    ).toThrow(`the weights do not fit the network, which wants, in PyTorch's shapes,
  hidden1 (dense): bias [5], weight [5, 6]
  output (dense): bias [3], weight [3, 5]
but there are
  fc1: bias [4], weight [5, 6]`);
    expect(() => fromPyTorch({}, network)).toThrow('but there are\n  none');
  });

  it('where names lead nowhere', () => {
    const file = read('named.safetensors');
    expect(() => fromPyTorch(file, named(), { names: { hiden1: 'entry' } })).toThrow(
      'names: the network has no "hiden1": it has "hidden1"',
    );
    expect(() => fromPyTorch(file, named(), { names: { hidden1: 'enter', hidden2: 'core' } })).toThrow(
      '"hidden1.weight" shall be "enter.weight", which is not among "core.bias", "core.weight"',
    );
    expect(() => fromPyTorch(file, named(), { names: { hidden1: 'exit', hidden2: 'core' } })).toThrow(
      'output (dense): bias [2], weight [2, 4]',
    );
  });

  it('where a layer is no module, unless tensors are named', () => {
    const network = sequential([2], [maxout({ units: 1, name: 'most' })]);
    const table = {
      w: { shape: [2, 2], numbers: new Float32Array([1, 2, 3, 4]) },
      b: { shape: [2], numbers: new Float32Array(2) },
    };
    expect(() => fromPyTorch(table, network)).toThrow(
      `maxout "most" is no module of PyTorch: say which tensor "most.weight" is`,
    );
    const { parameters } = fromPyTorch(table, network, { names: { 'most.weight': 'w', 'most.bias': 'b' } });
    expect([...parameters['most.weight']!]).toEqual([1, 2, 3, 4]);
  });

  it('where it is no safetensors file, or a table with gaps', () => {
    expect(() => fromPyTorch(new Uint8Array(4), named())).toThrow('this is no safetensors file');
    const table = { 'a.weight': { shape: [2, 2], numbers: new Float32Array(3) } };
    expect(() => fromPyTorch(table, named())).toThrow('"a.weight" must be { shape, numbers }');
  });
});
