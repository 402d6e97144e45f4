// Values, gradients, running statistics and a whole training against PyTorch's, on the oracle and the CPU backend.
import { cpu } from '@neurite/backend-cpu';
import { evaluate, grad, type Layer, placeholder, sequential, type Tensor, train } from '@neurite/core';
import { computeOn } from '@neurite/testing';
import { describe, expect, test } from 'vitest';
import {
  alphaDropout,
  batchNorm,
  dense,
  embedding,
  layerNorm,
  maxout,
  prelu,
  rmsNorm,
} from '../src/index.ts';
import reference from './fixtures/layers.json' with { type: 'json' };
import { applied, type Tensors } from './support/applied.ts';
import { descent, squares } from './support/plugins.ts';

type Numbers = Readonly<Record<string, readonly number[]>>;

interface Call {
  readonly x: readonly number[];
  readonly shape: readonly number[];
  readonly cotangent: readonly number[];
  readonly outputShape: readonly number[];
  readonly y: readonly number[];
  /** Not where x are indices. */
  readonly dx?: readonly number[];
  readonly parameters: Numbers;
  readonly gradients: Numbers;
}
interface StateCall extends Call {
  readonly training: boolean;
  readonly before: Numbers;
  readonly after: Numbers;
}

const precisions = [
  { dtype: 'float64' as const, tolerance: 1e-12 },
  { dtype: 'float32' as const, tolerance: 1e-5 },
];

function expectClose(actual: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((wanted, i) => {
    const error = Math.abs(actual[i]! - wanted) / Math.max(1, Math.abs(wanted));
    expect(error, `${actual[i]} at ${i}, not ${wanted}`).toBeLessThanOrEqual(tolerance);
  });
}

/** Output, gradients and state, in the order of `wanted`, by the oracle and by the CPU backend. */
async function compare(
  layer: Layer,
  call: Call & Partial<StateCall>,
  { dtype, tolerance }: (typeof precisions)[number],
): Promise<void> {
  const { shape, outputShape, training = true, before = {}, after = {} } = call;
  const parameters = layer.parameters?.(shape.slice(1)) ?? {};
  expect(Object.keys(parameters).filter((name) => parameters[name])).toEqual(Object.keys(call.parameters));
  const input = (name: string, of: readonly number[]): Tensor => placeholder(name, of, { dtype });
  const x = input('x', shape);
  const weights = Object.keys(call.parameters).map(
    (name) => [name, input(name, parameters[name]!.shape)] as const,
  );
  const kept = Object.keys(before).map((name) => [name, input(name, [shape.at(-1)!])] as const);
  const { output, state } = applied(layer, x, {
    values: Object.fromEntries([...weights, ...kept]) as Tensors,
    training,
  });
  expect(output.shape).toEqual(outputShape);
  const loss = output.mul(input('cotangent', outputShape)).sum();
  const [dx, ...gradients] = grad(loss, [x, ...weights.map(([, tensor]) => tensor)]);
  const roots = [output, dx!, ...gradients, ...kept.map(([name, tensor]) => state[name] ?? tensor)];
  const wanted = [
    call.y,
    call.dx ?? call.x.map(() => 0),
    ...Object.values(call.gradients),
    ...Object.values(after),
  ];
  const inputs = { x: call.x, cotangent: call.cotangent, ...call.parameters, ...before };
  for (const results of [evaluate(roots, inputs), await computeOn(cpu(), roots, inputs)]) {
    wanted.forEach((numbers, i) => {
      expectClose(results[i]!, numbers, tolerance);
    });
  }
}

describe('values and gradients', () => {
  const ours: Record<keyof typeof reference.cases, Layer> = {
    prelu: prelu(),
    'maxout(pieces=2)': maxout({ units: 4 }),
    'maxout(pieces=4)': maxout({ units: 2, pieces: 4 }),
    layerNorm: layerNorm(),
    'layerNorm(epsilon=0.3)': layerNorm({ epsilon: 0.3 }),
    'layerNorm(affine=false)': layerNorm({ affine: false }),
    rmsNorm: rmsNorm(),
    'rmsNorm(epsilon=0.3)': rmsNorm({ epsilon: 0.3 }),
    'rmsNorm(affine=false)': rmsNorm({ affine: false }),
    embedding: embedding({ count: 5, size: 3 }),
  };
  test.each(
    Object.entries(ours).flatMap(([name, layer]) =>
      precisions.map((precision) => ({ name, layer, ...precision })),
    ),
  )('of $name, in $dtype to $tolerance', async ({ name, layer, ...precision }) => {
    const calls: readonly Call[] = reference.cases[name as keyof typeof ours];
    for (const call of calls) await compare(layer, call, precision);
  });

  test.each([
    { dtype: 'float64' as const, tolerance: 1e-12 },
    { dtype: 'float32' as const, tolerance: 1e-6 },
  ])('rmsNorm’s epsilon is that of $dtype: how much rows near 0 grow', ({ dtype, tolerance }) => {
    const { x, shape, parameters, y } = reference.tinyRows[dtype];
    const input = placeholder('x', shape, { dtype });
    const scale = placeholder('scale', [shape[1]!], { dtype });
    const { output } = applied(rmsNorm(), input, { values: { scale } });
    expectClose(evaluate([output], { x, ...parameters })[0]!, y, tolerance);
  });
});

describe('batchNorm', () => {
  const ours: Record<keyof typeof reference.batchNorm, Layer> = {
    batchNorm: batchNorm(),
    'batchNorm(momentum=0.4,epsilon=0.2)': batchNorm({ momentum: 0.4, epsilon: 0.2 }),
    'batchNorm(affine=false)': batchNorm({ affine: false }),
  };
  test.each(
    Object.entries(ours).flatMap(([name, layer]) =>
      precisions.map((precision) => ({ name, layer, ...precision })),
    ),
  )(
    '$name: values, gradients and running statistics of three steps and two evaluations, in $dtype to $tolerance',
    async ({ name, layer, ...precision }) => {
      const calls: readonly StateCall[] = reference.batchNorm[name as keyof typeof ours];
      expect(calls.map(({ training }) => training)).toEqual([true, true, true, false, false]);
      for (const call of calls) await compare(layer, call, precision);
    },
  );
});

test.each(Object.entries(reference['alphaDropout(x=2)']))(
  'alphaDropout of rate %s makes of 2 what PyTorch makes of it',
  async (rate, wanted) => {
    const x = placeholder('x', [200], { dtype: 'float64' });
    const { output } = applied(alphaDropout({ rate: Number(rate) }), x);
    const [y] = await computeOn(cpu(), [output], { x: new Float64Array(200).fill(2) });
    expectClose(
      [...new Set(y)].sort((a, b) => a - b),
      wanted,
      1e-15,
    );
  },
);

test.each(precisions)(
  'a training of five steps and an evaluation after it, in $dtype to $tolerance',
  async ({ dtype, tolerance }) => {
    const { parameters, learningRate, steps, after, state, prediction } = reference.training;
    const network = sequential(
      [3],
      [
        dense({ units: 4, bias: false, name: 'first' }),
        batchNorm({ name: 'norm' }),
        prelu({ name: 'bend' }),
        dense({ units: 2, name: 'last' }),
        layerNorm({ name: 'rows' }),
      ],
    );
    const options = { loss: squares(), optimizer: descent({ learningRate }), backend: cpu(), dtype };
    const trainer = await train(network, options);
    expect(Object.keys(await trainer.readParameters())).toEqual(Object.keys(parameters));
    trainer.writeParameters(parameters);
    for (const { inputs, targets, loss } of steps)
      expectClose([await trainer.step({ inputs, targets })], [loss], tolerance);
    const moved = await trainer.readParameters();
    for (const [name, numbers] of Object.entries(after)) expectClose(moved[name]!, numbers, tolerance);
    const kept = await trainer.readLayerState();
    expect(Object.keys(kept)).toEqual(Object.keys(state));
    for (const [name, numbers] of Object.entries(state)) expectClose(kept[name]!, numbers, tolerance);
    expectClose(await trainer.predict(prediction.inputs), prediction.outputs, tolerance);
    expect(await trainer.readLayerState()).toEqual(kept);
  },
);
