// The same seed gives the same numbers, bit for bit, however the work is cut into calls; another seed gives others.
import { relu } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import {
  accuracy,
  type Backend,
  backend,
  type FitOptions,
  layer,
  loss,
  type NumberArray,
  optimizer,
  sequential,
  type Trainer,
  type TrainOptions,
  train,
  zeros,
} from '@neurite/core';
import { spiral } from '@neurite/datasets';
import { dense, dropout } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { adam, exponentialDecay, momentum } from '@neurite/optimizers';
import { describe, expect, test } from 'vitest';

const data = spiral({ examples: 50, classes: 3 });

/** A network with everything random in it: initial weights, dropout, the order of examples. */
const network = () =>
  sequential(
    [2],
    [
      dense({ units: 8, activation: relu() }),
      dropout({ rate: 0.2 }),
      dense({ units: 8, activation: relu() }),
      dropout({ rate: 0.2 }),
      dense({ units: 3 }),
    ],
  );

const makeTrainer = (options: Partial<TrainOptions> = {}): Promise<Trainer> =>
  train(network(), { loss: softmaxCrossEntropy(), optimizer: adam(), backend: cpu(), seed: 7, ...options });

async function fitted(options: Partial<TrainOptions> = {}, fit: FitOptions = {}): Promise<NumberArray[]> {
  const trainer = await makeTrainer(options);
  await trainer.fit(data, { epochs: 12, batchSize: 8, ...fit });
  return Object.values(await trainer.readParameters());
}

/** The CPU backend, which takes `milliseconds` more for each call; `calls` says how many steps each made. */
function watchedCpu(milliseconds: number): { backend: Backend; calls: number[] } {
  const inner = cpu();
  const calls: number[] = [];
  const watched = backend('watched', {}, () => ({
    capabilities: inner.capabilities,
    report: () => inner.report(),
    compile: async (program, beside) => {
      const executable = await inner.compile(program, beside);
      const run = executable.run.bind(executable);
      executable.run = (steps = 1) => {
        calls.push(steps);
        for (const end = Date.now() + milliseconds; Date.now() < end; );
        return run(steps);
      };
      return executable;
    },
  }));
  return { backend: watched(), calls };
}

describe('the same seed', () => {
  test('gives bit-equal parameters after a fit, for whichever number', async () => {
    for (const seed of [0, 1, -1, 2 ** 40]) expect(await fitted({ seed })).toEqual(await fitted({ seed }));
  });

  test('another seed gives other initial weights and another training', async () => {
    const [one, other] = await Promise.all([makeTrainer({ seed: 1 }), makeTrainer({ seed: 2 })]);
    const [a, b] = [await one.readParameters(), await other.readParameters()];
    for (const name of Object.keys(a).filter((key) => key.endsWith('weight'))) {
      expect(a[name]!.filter((w, i) => w === b[name]![i])).toHaveLength(0);
    }
    expect(await fitted({ seed: 1 })).not.toEqual(await fitted({ seed: 2 }));
  });

  test('gives the same whether steps come one by one from a slow backend or many in a call', async () => {
    const [slow, fast] = [watchedCpu(30), watchedCpu(0)];
    const options: FitOptions = { epochs: 2, batchSize: 5 };
    expect(await fitted({ backend: slow.backend }, options)).toEqual(
      await fitted({ backend: fast.backend }, options),
    );
    expect(Math.max(...slow.calls)).toBe(1);
    expect(Math.max(...fast.calls)).toBeGreaterThan(1);
  });

  test('gives the same whether somebody watches or not', async () => {
    const seen: number[] = [];
    const watching: FitOptions = {
      validation: data,
      callbacks: [
        { onProgress: ({ loss }) => void seen.push(loss), onEpoch: ({ loss }) => void seen.push(loss) },
      ],
    };
    expect(await fitted({ metrics: [accuracy()] }, watching)).toEqual(await fitted());
    expect(seen.length).toBeGreaterThan(20);
  });

  test('gives the same in one fit of four epochs and in two fits of two', async () => {
    const trainer = await makeTrainer();
    await trainer.fit(data, { epochs: 2, batchSize: 8 });
    await trainer.evaluate(data);
    await trainer.fit(data, { epochs: 2, batchSize: 8 });
    expect(Object.values(await trainer.readParameters())).toEqual(await fitted({}, { epochs: 4 }));
  });

  test('gives the same with step(), batch by batch, as with fit() on the same batches', async () => {
    const trainer = await makeTrainer();
    for (let epoch = 0; epoch < 3; epoch++) {
      for (let row = 0; row < 50; row += 8) {
        await trainer.step({
          inputs: data.inputs.slice(row * 2, (row + 8) * 2),
          targets: data.targets.slice(row, row + 8),
        });
      }
    }
    expect(Object.values(await trainer.readParameters())).toEqual(
      await fitted({}, { epochs: 3, shuffle: false }),
    );
  });

  test('gives the same with a schedule, across the 256 rates that one call brings along', async () => {
    const optimizer = momentum({ learningRate: exponentialDecay({ initial: 0.1, every: 100 }) });
    const options = { epochs: 60, batchSize: 8 };
    const whole = await fitted({ optimizer }, options);
    const trainer = await makeTrainer({ optimizer });
    for (let epoch = 0; epoch < 60; epoch++) await trainer.fit(data, { batchSize: 8 });
    expect(Object.values(await trainer.readParameters())).toEqual(whole);
  });

  test('adding a layer does not change the initial weights of the others', async () => {
    const options = { loss: softmaxCrossEntropy(), optimizer: adam(), backend: cpu(), seed: 7 };
    const small = await train(
      sequential([2], [dense({ units: 8 }), dense({ units: 3, name: 'scores' })]),
      options,
    );
    const large = await train(
      sequential([2], [dense({ units: 8 }), dense({ units: 8 }), dense({ units: 3, name: 'scores' })]),
      options,
    );
    const [a, b] = [await small.readParameters(), await large.readParameters()];
    expect(b['hidden1.weight']).toEqual(a['hidden1.weight']);
    expect(b['scores.weight']).toEqual(a['scores.weight']);
    expect(b['hidden2.weight']!.slice(0, 16)).not.toEqual(a['hidden1.weight']);
  });
});

describe('the order of the examples', () => {
  const count = 8;
  // One number p, to which each step on a single example i does p ← 8 p + i: the order, as digits.
  const digits = layer('digits', {}, () => ({
    parameters: () => ({
      p: {
        shape: [],
        initializer: zeros(),
        fanIn: 1,
        fanOut: 1,
        role: 'bias' as const,
        regularizer: undefined,
      },
    }),
    apply: ({ p }, x) => x.mul(p),
  }));
  const append = optimizer('append', 1, {}, () => ({
    state: () => ({}),
    update: ({ gradient, parameter }) => ({ direction: parameter.mul(1 - count).sub(gradient), state: {} }),
  }));
  const mean = loss('mean', {}, () => (x) => x.reshape([-1]));
  const examples = { inputs: [0, 1, 2, 3, 4, 5, 6, 7], targets: new Float32Array(count) };

  /** The order of each epoch. */
  async function orders(seed: number, epochs: number, shuffle: boolean): Promise<string[]> {
    const options = { loss: mean(), optimizer: append(), backend: cpu(), dtype: 'float64', seed } as const;
    const trainer = await train(sequential([1], [digits()]), options);
    const found: string[] = [];
    const onEpoch = async () => {
      const { 'digits1.p': p } = await trainer.readParameters();
      found.push(p![0]!.toString(count).padStart(count, '0'));
      trainer.writeParameters({ 'digits1.p': [0] });
    };
    await trainer.fit(examples, { epochs, shuffle, batchSize: 1, callbacks: [{ onEpoch }] });
    return found;
  }

  test('has each example once in each epoch, and is another one in each epoch', async () => {
    const found = await orders(1, 30, true);
    for (const order of found) expect([...order].sort().join('')).toBe('01234567');
    expect(new Set(found).size).toBeGreaterThanOrEqual(29); // of 40,320 orders: one may come twice
  });

  test('depends on the seed, and on nothing else', async () => {
    expect(await orders(1, 5, true)).toEqual(await orders(1, 5, true));
    expect(await orders(1, 5, true)).not.toEqual(await orders(2, 5, true));
  });

  test('is that of the data where shuffle is false', async () => {
    expect(await orders(1, 2, false)).toEqual(['01234567', '01234567']);
  });

  test('brings every example to every place about equally often', async () => {
    const found = await orders(3, 800, true);
    // χ² over 64 cells with 49 degrees of freedom: above 85.4 once in a thousand times.
    let chiSquare = 0;
    for (let place = 0; place < count; place++) {
      for (let example = 0; example < count; example++) {
        const times = found.filter((order) => order[place] === String(example)).length;
        chiSquare += (times - 100) ** 2 / 100;
      }
    }
    expect(chiSquare).toBeLessThan(85.4);
  });
});

describe('batches', () => {
  test('uint8 inputs train exactly as their 255ths do', async () => {
    const pixels = Uint8Array.from({ length: 20 * 6 }, (_, i) => (i * 89) % 256);
    const targets = Array.from({ length: 20 }, (_, i) => i % 3);
    const parametersAfter = async (inputs: Uint8Array | Float32Array) => {
      const net = sequential([6], [dense({ units: 5, activation: relu() }), dense({ units: 3 })]);
      const trainer = await train(net, { loss: softmaxCrossEntropy(), optimizer: adam(), backend: cpu() });
      await trainer.fit({ inputs, targets }, { epochs: 5, batchSize: 6 });
      const loss = await trainer.step({ inputs: inputs.slice(0, 12), targets: [0, 1] });
      const scores = await trainer.evaluate({ inputs, targets });
      return [await trainer.readParameters(), await trainer.predict(inputs), loss, scores];
    };
    expect(await parametersAfter(pixels)).toEqual(
      await parametersAfter(Float32Array.from(pixels, (p) => p / 255)),
    );
  });

  test('the last batch of an epoch is smaller where they do not come out even, and counts by its size', async () => {
    const net = sequential([2], [dense({ units: 1, bias: false, initializer: zeros() })]);
    const identityLoss = loss('firstTarget', {}, () => (x, target) => target.add(x.mul(0)).reshape([-1]));
    const trainer = await train(net, { loss: identityLoss(), optimizer: momentum(), backend: cpu() });
    const seen: number[] = [];
    const result = await trainer.fit(
      { inputs: new Float32Array(20), targets: [1, 1, 1, 1, 1, 1, 1, 1, 5, 5] },
      {
        batchSize: 4,
        shuffle: false,
        callbacks: [{ onProgress: ({ examples }) => void seen.push(examples) }],
      },
    );
    expect(result.steps).toBe(3);
    expect(seen.at(-1)).toBe(10);
    expect(result.epochs[0]!.loss).toBeCloseTo(1.8, 6); // the mean over examples, not over batches
  });

  test('a batch of all examples in any order is the same step up to rounding', async () => {
    const parametersAfter = async (shuffle: boolean) => {
      const net = sequential([2], [dense({ units: 4, activation: relu() }), dense({ units: 3 })]);
      const options = {
        loss: softmaxCrossEntropy(),
        optimizer: momentum(),
        backend: cpu(),
        dtype: 'float64',
      } as const;
      const trainer = await train(net, options);
      await trainer.fit(data, { epochs: 5, batchSize: 50, shuffle });
      return Object.values(await trainer.readParameters()).flatMap((values) => [...values]);
    };
    const [ordered, shuffled] = [await parametersAfter(false), await parametersAfter(true)];
    ordered.forEach((value, i) => void expect(shuffled[i]).toBeCloseTo(value, 12));
  });
});

describe('dropout masks', () => {
  /** The masks that a row of ones gets in `steps` steps, read off the gradient of weights that are applied to it. */
  async function masks(seed: number, steps: number, name?: string): Promise<string[]> {
    const width = 40;
    const sum = loss('sum', {}, () => (x) => x.sum(-1));
    const net = sequential(
      [width],
      [dropout({ rate: 0.5, name }), dense({ units: 1, initializer: zeros() })],
    );
    const options = {
      loss: sum(),
      optimizer: momentum({ learningRate: 1, momentum: 0 }),
      backend: cpu(),
      seed,
    };
    const trainer = await train(net, options);
    const found: string[] = [];
    for (let step = 0; step < steps; step++) {
      await trainer.step({ inputs: new Float32Array(width).fill(1), targets: [0] });
      const { 'output.weight': weight } = await trainer.readParameters();
      found.push(Array.from(weight!, (w) => (w === 0 ? '0' : '1')).join(''));
      trainer.writeParameters({ 'output.weight': new Float32Array(width) });
    }
    return found;
  }

  test('are new at each step, the same for the same seed, and others for another seed or another layer', async () => {
    const found = await masks(1, 20);
    expect(new Set(found).size).toBe(20);
    expect(await masks(1, 20)).toEqual(found);
    const others = [...(await masks(2, 20)), ...(await masks(1, 20, 'other'))];
    expect(new Set([...found, ...others]).size).toBe(60);
    const kept = found.join('').split('1').length - 1;
    expect(Math.abs(kept - 400)).toBeLessThan(4 * Math.sqrt(800 * 0.25)); // 4 sigma
  });
});
