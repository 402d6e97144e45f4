// What CS231n says of neurons and of networks of them ("Neural Networks part 1"), in the notes' order.
import { identity, leakyRelu, relu, sigmoid, tanh } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import {
  accuracy,
  evaluate,
  glorotUniform,
  grad,
  initializer,
  lower,
  placeholder,
  sequential,
  sizeOf,
  type Tensor,
  train,
  zeros,
} from '@neurite/core';
import { xor } from '@neurite/datasets';
import { dense } from '@neurite/layers';
import { multiclassHinge, softmaxCrossEntropy } from '@neurite/losses';
import { adam, exponentialDecay, momentum, sgd } from '@neurite/optimizers';
import { l2 } from '@neurite/regularizers';
import { sampleNumbers } from '@neurite/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gradientsOf, graphOf } from './graphOf.ts';

type Six = [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];
const basics = { loss: softmaxCrossEntropy(), optimizer: sgd(), backend: cpu() } as const;

/** x [rows, fanIn] · W [fanIn, units] + b, by two plain loops. */
function affine(
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  bias: ArrayLike<number> | undefined,
  units: number,
) {
  const fanIn = weight.length / units;
  return Array.from({ length: (x.length / fanIn) * units }, (_, at) => {
    const [row, unit] = [Math.floor(at / units), at % units];
    let sum = bias?.[unit] ?? 0;
    for (let i = 0; i < fanIn; i++) sum += x[row * fanIn + i]! * weight[i * units + unit]!;
    return sum;
  });
}

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));
};

describe('linear scores', () => {
  test('s = x W with 3072 inputs and 10 classes equals a double loop', async () => {
    const network = sequential([3072], [dense({ units: 10, bias: false })]);
    const trainer = await train(network, { ...basics, dtype: 'float64' });
    const { 'output.weight': weight } = await trainer.readParameters();
    const x = sampleNumbers(3 * 3072);
    expect(weight).toHaveLength(30720);
    expect(largestDifference(await trainer.predict(x), affine(x, weight!, undefined, 10))).toBeLessThan(
      1e-12,
    );
  });

  test('inputs that do not fit are refused with both sizes', async () => {
    const trainer = await train(sequential([3072], [dense({ units: 10 })]), basics);
    await expect(trainer.predict(new Float32Array(3000))).rejects.toThrow(
      'inputs must be rows of [3072], 3072 numbers each, but got 3000 numbers',
    );
  });

  test('s = W2 max(0, W1 x) with 100 hidden units has 308,310 parameters, and equals plain loops', async () => {
    const network = sequential(
      [3072],
      [dense({ units: 100, activation: relu(), initializer: glorotUniform() }), dense({ units: 10 })],
    );
    expect(network.summary()).toMatchObject({
      weights: 308_200,
      biases: 110,
      parameters: 308_310,
      neurons: 110,
    });
    const trainer = await train(network, { ...basics, dtype: 'float64' });
    trainer.writeParameters({ 'hidden1.bias': sampleNumbers(100), 'output.bias': sampleNumbers(10) });
    const p = await trainer.readParameters();
    const x = sampleNumbers(2 * 3072);
    const hidden = affine(x, p['hidden1.weight']!, p['hidden1.bias'], 100).map((s) => Math.max(0, s));
    const scores = affine(hidden, p['output.weight']!, p['output.bias'], 10);
    expect(largestDifference(await trainer.predict(x), scores)).toBeLessThan(1e-12);
  });
});

describe('the non-linearity is what makes layers more than one', () => {
  test('two linear layers equal one dense layer with W = W1 W2 and b = b1 W2 + b2', async () => {
    const two = sequential([4], [dense({ units: 6, activation: identity() }), dense({ units: 3 })]);
    const one = sequential([4], [dense({ units: 3 })]);
    const [deep, flat] = await Promise.all(
      [two, one].map((net) => train(net, { ...basics, dtype: 'float64' })),
    );
    const [w1, b1, w2, b2] = [
      sampleNumbers(24, { seed: 1 }),
      sampleNumbers(6, { seed: 2 }),
      sampleNumbers(18, { seed: 3 }),
      sampleNumbers(3, { seed: 4 }),
    ];
    deep!.writeParameters({
      'hidden1.weight': w1,
      'hidden1.bias': b1,
      'output.weight': w2,
      'output.bias': b2,
    });
    flat!.writeParameters({
      'output.weight': affine(w1, w2, undefined, 3),
      'output.bias': affine(b1, w2, b2, 3),
    });
    const x = sampleNumbers(5 * 4, { seed: 5 });
    expect(largestDifference(await deep!.predict(x), await flat!.predict(x))).toBeLessThan(1e-12);
  });

  test('without it a network cannot have more than three of XOR’s four corners; two tanh units have all', async () => {
    const learn = async (activation: typeof identity | typeof tanh) => {
      const network = sequential([2], [dense({ units: 2, activation: activation() }), dense({ units: 2 })]);
      const options = { loss: softmaxCrossEntropy(), optimizer: adam({ learningRate: 0.05 }), seed: 3 };
      const trainer = await train(network, { ...options, backend: cpu(), metrics: [accuracy()] });
      await trainer.fit(xor(), { epochs: 500, batchSize: 4 });
      return (await trainer.evaluate(xor())).accuracy;
    };
    expect(await learn(identity)).toBeLessThanOrEqual(0.75);
    expect(await learn(tanh)).toBe(1);
  });
});

describe('one neuron', () => {
  const neuron = sequential([2], [dense({ units: 1, activation: sigmoid() })]);
  /** The firing rate of σ(w · x + b). */
  const fire = (w: readonly number[], b: number, x: readonly number[]): number => {
    const { prediction } = graphOf(neuron, 1);
    return evaluate([prediction], { 'output.weight': w, 'output.bias': [b], x })[0]![0]!;
  };

  test('fires at σ(w · x + b): w = [2, −3], b = −3, x = [−1, −2] gives σ(1) = 0.7310585786', async () => {
    expect(fire([2, -3], -3, [-1, -2])).toBeCloseTo(0.7310585786300049, 14);
    const trainer = await train(neuron, basics);
    trainer.writeParameters({ 'output.weight': [2, -3], 'output.bias': [-3] });
    expect((await trainer.predict([[-1, -2]]))[0]).toBeCloseTo(0.7310585786, 7);
  });

  const size = fc.double({ min: -3, max: 3, noNaN: true });
  test('an input excites it exactly where its weight is positive', () => {
    fc.assert(
      fc.property(fc.tuple(size, size), size, fc.tuple(size, size), fc.nat(1), (w, b, x, i) => {
        fc.pre(Math.abs(w[i]!) > 1e-3);
        const raised = x.map((value, j) => (j === i ? value + 0.5 : value));
        expect(Math.sign(fire(w, b, raised) - fire(w, b, x))).toBe(Math.sign(w[i]!));
      }),
      { numRuns: 200 },
    );
  });

  test('is undecided, 0.5, exactly on the line w · x + b = 0', () => {
    fc.assert(
      fc.property(size, size, size, size, (w0, w1, b, x0) => {
        fc.pre(Math.abs(w1) > 0.1);
        const x1 = -(b + w0 * x0) / w1;
        expect(fire([w0, w1], b, [x0, x1])).toBeCloseTo(0.5, 12);
        expect(fire([w0, w1], b, [x0, x1 + 0.1 / w1])).toBeGreaterThan(0.5);
        expect(fire([w0, w1], b, [x0, x1 - 0.1 / w1])).toBeLessThan(0.5);
      }),
    );
  });
});

describe('one neuron as a classifier', () => {
  // Overlapping classes, so that the best weights are finite.
  const data = {
    inputs: [-2, -1.5, -1, -0.2, 0.1, 0.4, 0.9, 1.4, 2, 2.5],
    targets: [0, 0, 0, 1, 0, 1, 0, 1, 1, 1],
  };

  test('softmax over the logits [0, z] is the logistic classifier: loss −ln σ(±z), gradient σ(z) − y', () => {
    const network = sequential([2], [dense({ units: 2, bias: false, initializer: zeros() })]);
    for (const z of [-30, -2, 0, 0.7, 12]) {
      for (const label of [0, 1]) {
        const values = { 'output.weight': [0, z, 0, 0] };
        const { prediction } = graphOf(network, 1);
        const target = placeholder('target', [1], { dtype: 'int32' });
        const loss = softmaxCrossEntropy().compute(prediction, target);
        const expected = Math.log1p(Math.exp(label === 1 ? -z : z));
        const [value] = evaluate([loss], { ...values, x: [1, 0], target: [label] });
        expect(value![0]).toBeCloseTo(expected, 12);
        const gradient = gradientsOf(network, softmaxCrossEntropy(), values, [1, 0], [label])[
          'output.weight'
        ]!;
        expect(gradient[1]).toBeCloseTo(1 / (1 + Math.exp(-z)) - label, 12);
      }
    }
  });

  test('training finds the minimum that Newton’s method finds for logistic regression', async () => {
    let [w, b] = [0, 0];
    for (let step = 0; step < 20; step++) {
      let [gw, gb, hww, hwb, hbb] = [0, 0, 0, 0, 0];
      data.inputs.forEach((x, i) => {
        const p = 1 / (1 + Math.exp(-(w * x + b)));
        const [g, h] = [p - data.targets[i]!, p * (1 - p)];
        [gw, gb, hww, hwb, hbb] = [gw + g * x, gb + g, hww + h * x * x, hwb + h * x, hbb + h];
      });
      const determinant = hww * hbb - hwb * hwb;
      w -= (hbb * gw - hwb * gb) / determinant;
      b -= (hww * gb - hwb * gw) / determinant;
    }
    const trainer = await train(sequential([1], [dense({ units: 2 })]), {
      loss: softmaxCrossEntropy(),
      optimizer: momentum({ learningRate: 0.2 }),
      backend: cpu(),
      dtype: 'float64',
    });
    await trainer.fit(data, { epochs: 1000, batchSize: 10 });
    const { 'output.weight': weight, 'output.bias': bias } = await trainer.readParameters();
    expect(weight![1]! - weight![0]!).toBeCloseTo(w, 6);
    expect(bias![1]! - bias![0]!).toBeCloseTo(b, 6);
  });

  test('hinge: no gradient beyond the margin, ∓x inside', () => {
    const network = sequential([2], [dense({ units: 2 })]);
    const x = [3, -2];
    const gradients = (bias: readonly number[]) =>
      gradientsOf(network, multiclassHinge(), { 'output.weight': [0, 0, 0, 0], 'output.bias': bias }, x, [0]);
    expect([...gradients([1.5, 0])['output.weight']!]).toEqual([0, 0, 0, 0]);
    expect([...gradients([0.5, 0])['output.weight']!]).toEqual([-3, 3, 2, -2]);
  });

  test('hinge: a separable set is learned to a loss of zero', async () => {
    const trainer = await train(sequential([2], [dense({ units: 2 })]), {
      ...basics,
      loss: multiclassHinge(),
    });
    const separable = {
      inputs: [
        [0, 2],
        [1, 3],
        [2, 0],
        [3, 1],
      ],
      targets: [0, 0, 1, 1],
    };
    await trainer.fit(separable, { epochs: 1000, batchSize: 4 });
    expect((await trainer.evaluate(separable)).loss).toBe(0);
  });

  test('hinge with a little L2: of two points it finds the widest margin, across the line between them', async () => {
    const network = sequential([2], [dense({ units: 2, initializer: zeros() })]);
    const trainer = await train(network, {
      loss: multiclassHinge(),
      optimizer: sgd({ learningRate: exponentialDecay({ initial: 0.2, factor: 0.5, every: 600 }) }),
      regularizer: l2({ strength: 0.2 }),
      backend: cpu(),
    });
    await trainer.fit(
      {
        inputs: [
          [1, 3],
          [4, 1],
        ],
        targets: [0, 1],
      },
      { epochs: 6000, batchSize: 2 },
    );
    const { 'output.weight': w } = await trainer.readParameters();
    const angle = Math.atan2(w![3]! - w![2]!, w![1]! - w![0]!) - Math.atan2(1 - 3, 4 - 1);
    expect(Math.abs(angle) * (180 / Math.PI)).toBeLessThan(2);
  });

  test.each([softmaxCrossEntropy(), multiclassHinge()])(
    'the same network is any classifier: only the loss is swapped ($type)',
    async (loss) => {
      const network = sequential([1], [dense({ units: 2 })]);
      const options = {
        loss,
        optimizer: momentum({ learningRate: 0.1 }),
        backend: cpu(),
        metrics: [accuracy()],
      };
      const trainer = await train(network, options);
      await trainer.fit(data, { epochs: 200, batchSize: 10 });
      expect((await trainer.evaluate(data)).accuracy).toBeGreaterThanOrEqual(0.8);
    },
  );

  test('L2 is gradual forgetting: without a gradient of the data, w = w₀ (1 − h λ)ᵗ, and biases stay', async () => {
    const [h, strength, steps] = [0.1, 0.3, 50];
    const network = sequential([3], [dense({ units: 2, initializer: glorotUniform() })]);
    const trainer = await train(network, {
      loss: multiclassHinge(), // beyond the margin it has no gradient at all
      optimizer: sgd({ learningRate: h }),
      regularizer: l2({ strength }),
      backend: cpu(),
      dtype: 'float64',
    });
    const bias = [50.25, 0.125];
    trainer.writeParameters({ 'output.bias': bias });
    const { 'output.weight': first } = await trainer.readParameters();
    const data = { inputs: [[0.1, -0.2, 0.3]], targets: [0] };
    for (let step = 0; step < steps; step++) await trainer.step(data);
    const after = await trainer.readParameters();
    const expected = Array.from(first!, (w) => w * (1 - h * strength) ** steps);
    expect(largestDifference(after['output.weight']!, expected)).toBeLessThan(1e-14);
    expect([...after['output.bias']!]).toEqual(bias);
  });
});

describe('activations', () => {
  test('sigmoid: a neuron in its tail passes on almost nothing, σ′(10) = 4.54e-5; in the middle σ′(0) = 1/4', () => {
    const neuron = sequential([1], [dense({ units: 1, activation: sigmoid() })]);
    const slope = (z: number) => {
      const { x, prediction } = graphOf(neuron, 1);
      const [gradient] = grad(prediction.sum(), [x]);
      return evaluate([gradient!], { 'output.weight': [1], 'output.bias': [0], x: [z] })[0]![0]!;
    };
    expect(slope(0)).toBe(0.25);
    expect(slope(10)).toBeCloseTo(4.5395807735951e-5, 15);
    expect(slope(-10)).toBeCloseTo(4.5395807735951e-5, 15);
    expect(slope(1e4)).toBe(0);
  });

  test('sigmoid: weights that begin too large put most neurons of a deep network into their tails; Glorot’s none', () => {
    const saturated = (scale: number): number => {
      const scaled = initializer('scaled', {}, () => (context) => glorotUniform().apply(context).mul(scale));
      const layer = () => dense({ units: 30, activation: sigmoid(), initializer: scaled() });
      const network = sequential([30], [layer(), layer(), layer(), layer(), layer()]);
      const values = Object.fromEntries(
        network.parameters.map(({ name, shape, fanIn, fanOut, initializer }) => {
          const random = { seed: 1, purpose: name };
          return [
            name,
            evaluate([initializer.apply({ shape, fanIn, fanOut, dtype: 'float64', random })])[0]!,
          ];
        }),
      );
      const { prediction } = graphOf(network, 20);
      const outputs = evaluate([prediction], { ...values, x: sampleNumbers(20 * 30) })[0]!;
      return outputs.filter((y) => y < 0.01 || y > 0.99).length / outputs.length;
    };
    expect(saturated(1)).toBe(0);
    expect(saturated(40)).toBeGreaterThan(0.8);
  });

  const single = sequential([4], [dense({ units: 3 })]);
  test('inputs that are all positive give a unit’s weights gradients of one sign, for one example', () => {
    const positive = fc.array(fc.double({ min: 1e-3, max: 5, noNaN: true }), { minLength: 4, maxLength: 4 });
    const any = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(positive, any, fc.nat(2), (x, weight, label) => {
        const values = { 'output.weight': weight, 'output.bias': [0, 0, 0] };
        const gradients = gradientsOf(single, softmaxCrossEntropy(), values, x, [label]);
        const [dw, upstream] = [gradients['output.weight']!, gradients['output.bias']!];
        dw.forEach((g, i) => {
          expect(Math.sign(g) + 0).toBe(Math.sign(upstream[i % 3]!) + 0); // −0 is 0
        });
      }),
      { numRuns: 300 },
    );
  });

  test('over a batch of such examples the signs are mixed again', () => {
    const x = sampleNumbers(5 * 4).map(Math.abs);
    const values = { 'output.weight': sampleNumbers(12), 'output.bias': [0, 0, 0] };
    const dw = gradientsOf(single, softmaxCrossEntropy(), values, x, [0, 1, 2, 0, 1])['output.weight']!;
    const signs = [0, 1, 2].map(
      (unit) => new Set([0, 3, 6, 9].map((row) => Math.sign(dw[row + unit]!))).size,
    );
    expect(Math.max(...signs)).toBe(2);
  });

  test.each([
    { activation: relu(), dies: true },
    { activation: leakyRelu(), dies: false },
  ])(
    '$activation.type: a unit that is never active stays as it is for 1000 steps: $dies',
    async ({ activation, dies }) => {
      const network = sequential([2], [dense({ units: 3, activation }), dense({ units: 2 })]);
      const trainer = await train(network, { ...basics, optimizer: sgd({ learningRate: 0.1 }), seed: 2 });
      trainer.writeParameters({ 'hidden1.bias': [0.1, -100, 0.1] });
      const unit = async () => {
        const { 'hidden1.weight': w, 'hidden1.bias': b } = await trainer.readParameters();
        return [w![1], w![4], b![1]];
      };
      const before = await unit();
      const others = (await trainer.readParameters())['hidden1.bias']![0];
      await trainer.fit(xor(), { epochs: 1000, batchSize: 4 });
      const after = await unit();
      if (dies) expect(after).toEqual(before);
      else for (const [i, number] of after.entries()) expect(number).not.toBe(before[i]);
      expect((await trainer.readParameters())['hidden1.bias']![0]).not.toBe(others);
    },
  );
});

describe('architectures', () => {
  test('4 + 2 neurons on 3 inputs have 20 weights and 6 biases: 26 parameters', () => {
    const network = sequential([3], [dense({ units: 4, activation: relu() }), dense({ units: 2 })]);
    expect(network.summary()).toMatchObject({ neurons: 6, weights: 20, biases: 6, parameters: 26 });
  });

  const f = sigmoid();
  const three = sequential(
    [3],
    [dense({ units: 4, activation: f }), dense({ units: 4, activation: f }), dense({ units: 1 })],
  );
  test('4 + 4 + 1 neurons on 3 inputs have 32 weights and 9 biases: 41 parameters', () => {
    expect(three.summary()).toMatchObject({ neurons: 9, weights: 32, biases: 9, parameters: 41 });
  });

  test('the output layer has no activation: its scores are any numbers', async () => {
    const trainer = await train(sequential([1], [dense({ units: 2 })]), basics);
    trainer.writeParameters({ 'output.weight': [-100, 100], 'output.bias': [3, 4] });
    expect([...(await trainer.predict([[2]]))]).toEqual([-197, 204]);
  });

  const values = Object.fromEntries(
    three.parameters.map(({ name, shape }, seed) => [name, sampleNumbers(sizeOf(shape), { seed })]),
  );
  const rows = 5;
  const x = sampleNumbers(rows * 3, { seed: 9 });

  test('a three-layer forward pass is the three lines of the notes', () => {
    const { x: input, parameters, prediction } = graphOf(three, rows);
    const [w1, b1, w2, b2, w3, b3] = [...parameters.values()] as Six;
    const h1 = f.apply(input.matmul(w1).add(b1));
    const h2 = f.apply(h1.matmul(w2).add(b2));
    const out = h2.matmul(w3).add(b3);
    const [model, notes] = evaluate([prediction, out], { ...values, x });
    expect([...model!]).toEqual([...notes!]);
  });

  test('… and the same with examples as columns, as the notes have them: W · x + b', () => {
    const { x: input, parameters, prediction } = graphOf(three, rows);
    const [w1, b1, w2, b2, w3, b3] = [...parameters.values()].map((p) =>
      p.shape.length === 2 ? p.transpose() : p.reshape([-1, 1]),
    ) as Six;
    const columns = input.transpose();
    const h1 = f.apply(w1.matmul(columns).add(b1));
    const h2 = f.apply(w2.matmul(h1).add(b2));
    const out = w3.matmul(h2).add(b3);
    expect(out.shape).toEqual([1, rows]);
    const [model, notes] = evaluate([prediction, out], { ...values, x });
    expect(largestDifference(model!, notes!)).toBeLessThan(1e-12);
  });

  test('… and what the backend computes, for a batch and for each example alone, bit for bit', async () => {
    const trainer = await train(three, { ...basics, loss: softmaxCrossEntropy() });
    trainer.writeParameters(values);
    const together = await trainer.predict(x);
    const alone: number[] = [];
    for (let row = 0; row < rows; row++)
      alone.push(...(await trainer.predict(x.slice(row * 3, row * 3 + 3))));
    expect(alone).toEqual([...together]);
    const { prediction } = graphOf(three, rows);
    expect(largestDifference(together, evaluate([prediction], { ...values, x })[0]!)).toBeLessThan(1e-6);
  });

  test('a dense layer is one kernel, its bias and activation within it: three layers are three', () => {
    const { kernels, scratchBytes } = lower(
      { outputs: { y: graphOf(three, 8, 'float32').prediction } },
      cpu().capabilities,
    );
    expect(kernels.map(({ kind }) => kind)).toEqual(['matmul', 'matmul', 'matmul']);
    expect(scratchBytes).toBe(2 * 8 * 4 * 4);
  });
});
