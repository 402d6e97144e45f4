// ONNX models of networks with every layer and activation, run by ONNX Runtime.
import * as activations from '@neurite/activations';
import { type OnnxOptions, toOnnx } from '@neurite/convert/onnx';
import {
  concat,
  constant,
  iota,
  layer,
  type Network,
  NeuriteError,
  type NumberArray,
  sequential,
  sizeOf,
  uniform,
} from '@neurite/core';
import * as layers from '@neurite/layers';
import { InferenceSession, Tensor } from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { networkOfActivations, networkOfLayers, numbersFor, trainerOf, valuesOf } from './everyLayer.ts';

const { dense } = layers;

/** What ONNX Runtime makes of `inputs`, by the name of the output. */
async function run(model: Uint8Array, inputs: Record<string, Tensor>): Promise<Record<string, Tensor>> {
  const session = await InferenceSession.create(model, { executionProviders: ['wasm'] });
  const results = await session.run(inputs);
  await session.release();
  return results as Record<string, Tensor>;
}

/** The largest difference, relative where numbers are above 1. NaN and infinities must be where they are wanted. */
function difference(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  expect(found.length).toBe(wanted.length);
  let largest = 0;
  for (let i = 0; i < wanted.length; i++) {
    const [a, b] = [found[i]!, wanted[i]!];
    if (Object.is(a, b) || a === b) continue;
    const off = Math.abs(a - b) / Math.max(1, Math.abs(b));
    largest = Number.isNaN(off) ? Number.POSITIVE_INFINITY : Math.max(largest, off);
  }
  return largest;
}

const rows = 1000;

/** Holds the model of a network to what its trainer predicts. */
async function compare(
  network: Network,
  draw: (name: string, length: number) => NumberArray,
  options: OnnxOptions = {},
): Promise<void> {
  const trainer = await trainerOf(network);
  const inputs = Object.fromEntries(
    network.inputs.map(({ name, shape }) => [name, draw(name, rows * sizeOf(shape))]),
  );
  const predicted = await trainer.predictAll(
    network.inputs.length === 1 ? Object.values(inputs)[0]! : inputs,
  );
  const tensors = Object.fromEntries(
    network.inputs.map(({ name, shape }) => [
      name,
      new Tensor(inputs[name] as Float32Array, [rows, ...shape]),
    ]),
  );
  const results = await run(toOnnx(network, await valuesOf(trainer), options), tensors);
  const differences = Object.entries(predicted).map(([name, wanted]) => {
    const shape = network.outputs.find((output) => output.name === name)!.shape;
    expect(results[name]!.dims, name).toEqual([rows, ...shape]);
    return { name, off: difference(results[name]!.data as Float32Array, wanted) };
  });
  expect(differences.filter(({ off }) => off > 1e-5)).toEqual([]);
}

describe('ONNX Runtime computes what predict computes', () => {
  it('for every activation, with its defaults and otherwise', () =>
    compare(networkOfActivations(), numbersFor));

  it('for every layer', () => compare(networkOfLayers(), numbersFor));

  it('for chains of several layers, and for bytes', async () => {
    const network = sequential(
      [4, 3],
      [
        layers.flatten(),
        dense({ units: 20, activation: activations.relu() }),
        layers.batchNorm(),
        dense({ units: 5, activation: activations.softmax() }),
      ],
    );
    await compare(network, numbersFor);
    await compare(network, (_, length) => Uint8Array.from({ length }, (_each, i) => (i * 37) % 256), {
      inputs: 'bytes',
    });
  });
});

/** Everything that tensors can do and no layer does. */
const odd = layer('odd', {}, () => ({
  apply: (_, x) => {
    const [batch, width] = x.shape as [number, number];
    const both = x.greater(0).select(x.less(2), 0); // uint8
    const columns = iota([width]).cast(x.dtype);
    const parts = [
      x.slice([0, 1], [batch, 3]),
      x.pad([0, 1], [0, 2], 7),
      x.transpose().slice([1, 0], [3, batch]).transpose(),
      both.cast(x.dtype).add(columns),
      x.argmax().oneHot(width),
      x.argmax().cast(x.dtype).reshape([batch, 1]),
      x.notEqual(x.abs()).select(x.square(), columns.broadcastTo(x.shape)),
      x.mul(3).cast('int32').neg().cast(x.dtype),
      x
        .reshape([batch * width, 1])
        .matmul(constant(2, { shape: [1, 2] }))
        .reshape([batch, -1]),
      constant(3, { shape: [batch, 2] }),
      both.sum(1).cast(x.dtype).reshape([-1, 1]),
      both.max(1).cast(x.dtype).reshape([-1, 1]),
      constant(1, { shape: [batch, 1] }).sub(2),
      x.min(1).reshape([batch, 1]),
    ];
    return concat(parts, 1);
  },
}));

describe('a model', () => {
  it('holds whatever tensors can do', async () => {
    await compare(sequential([4], [odd()]), numbersFor);
  });

  it('keeps the names of inputs, outputs, parameters and layers, and metadata', async () => {
    const network = sequential(
      [2],
      [dense({ units: 3, activation: activations.relu() }), dense({ units: 1 })],
    );
    const trainer = await trainerOf(network);
    const model = toOnnx(network, await valuesOf(trainer), { metadata: { classes: 'cat' } });
    const text = Buffer.from(model).toString('latin1');
    for (const name of [
      'hidden1.weight',
      'hidden1/Gemm',
      'hidden1/Relu',
      'output.bias',
      'batch',
      'classes',
      'cat',
    ])
      expect(text).toContain(name);
    expect(text).not.toContain('Identity');
    const session = await InferenceSession.create(model);
    expect([session.inputNames, session.outputNames]).toEqual([['input'], ['output']]);
  });

  it('computes in float64 where that is wanted', async () => {
    const network = sequential([2], [dense({ units: 3, activation: activations.tanh() })]);
    const values = { 'output.weight': [1 / 3, 2, 3, 4, 5, 6], 'output.bias': [0.1, 0.2, 0.3] };
    const { output } = await run(toOnnx(network, values, { dtype: 'float64' }), {
      input: new Tensor('float64', [0.1, 0.01], [1, 2]),
    });
    expect(output!.data[0]).toBeCloseTo(Math.tanh(0.1 / 3 + 0.01 * 4 + 0.1), 14);
  });

  it('is refused where rows meet, or where evaluation is random', async () => {
    const meeting = layer('meeting', {}, () => ({ apply: (_, x) => x.sub(x.mean(0)) }));
    const counting = layer('counting', {}, () => ({
      apply: (_, x) => x.add(iota([x.shape[0]!, 1]).cast(x.dtype)),
    }));
    const random = layer('random', {}, () => ({
      apply: (_, x, context) => x.add(uniform(x.shape, context.random('noise'))),
    }));
    for (const [plugin, message] of [
      [meeting, /depends on how many rows/],
      [counting, /depends on how many rows/],
      [random, /random "random1" draws random numbers for "random1\/noise"/],
    ] as const) {
      expect(() => toOnnx(sequential([2], [plugin()]), {})).toThrow(NeuriteError);
      expect(() => toOnnx(sequential([2], [plugin()]), {})).toThrow(message);
    }
  });

  it('wants numbers for every parameter, and no others', () => {
    const network = sequential([2], [dense({ units: 1 })]);
    const values = { 'output.weight': [1, 2], 'output.bias': [3] };
    expect(() => toOnnx(network, { 'output.bias': [3] })).toThrow('no numbers for "output.weight"');
    expect(() => toOnnx(network, { ...values, 'output.weigth': [1, 2] })).toThrow('no "output.weigth"');
    expect(() => toOnnx(network, { ...values, 'output.bias': [] })).toThrow('takes 1 numbers, but got 0');
  });
});
