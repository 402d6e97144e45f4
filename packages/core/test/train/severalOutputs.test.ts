// Networks with several outputs: a loss, targets and metrics for each, by name.
import { describe, expect, it } from 'vitest';
import {
  absoluteError,
  accuracy,
  concat,
  type Data,
  graph,
  loss,
  type TrainOptions,
  topK,
  train,
} from '../../src/index.ts';
import { expectNear } from '../support/numbers.ts';
import { oracleTraining } from '../support/oracle.ts';
import { dense, meanSquaredError, sgd, sigmoid, softmaxCrossEntropy } from '../support/plugins.ts';
import { recordingBackend, sampleNumbers } from '../support/testing.ts';
import { recordedTrainer, smallNetwork, writesTo } from '../support/training.ts';

const rows = 4;
const inputs = sampleNumbers(rows * 3, { seed: 7 });
const digits = [0, 2, 1, 2];
const ages = sampleNumbers(rows, { seed: 8 });
const oneHot = digits.flatMap((digit) => [0, 1, 2].map((k) => Number(k === digit)));

const network = () =>
  graph([3], (x, use) => {
    const h = use(dense({ units: 4, activation: sigmoid() }), x);
    return { digit: use(dense({ units: 3 }), h), age: use(dense({ units: 1 }), h) };
  });
const targets = { digit: digits, age: ages };
const data: Data = { inputs, targets };
const losses = (...weights: [number, number]) => [
  { loss: softmaxCrossEntropy(), weight: weights[0] },
  { loss: meanSquaredError(), weight: weights[1] },
];
const good = (): TrainOptions => ({
  loss: { digit: softmaxCrossEntropy(), age: { loss: meanSquaredError(), weight: 0.5 } },
  optimizer: sgd(),
  backend: recordingBackend(),
});

describe('the loss', () => {
  it('is the weighted sum of those of the outputs, as if written in one', () => {
    // The same network with one output of four numbers, and one loss over them.
    const joined = graph([3], (x, use) => {
      const h = use(dense({ units: 4, activation: sigmoid(), name: 'hidden1' }), x);
      return concat(
        [use(dense({ units: 3, name: 'digit' }), h), use(dense({ units: 1, name: 'age' }), h)],
        1,
      );
    });
    const both = loss('both', {}, () => (x, target) => {
      const n = x.shape[0] as number;
      const [digit, age] = [softmaxCrossEntropy(), meanSquaredError()].map(({ compute }, i) => {
        const [from, to] = [
          [0, i * 3],
          [n, 3 + i],
        ] as const;
        return compute(x.slice(from, to), target.slice(from, to));
      });
      return (digit as NonNullable<typeof digit>).add((age as NonNullable<typeof age>).mul(0.5));
    });
    const several = oracleTraining(network(), { losses: losses(1, 0.5) });
    const one = oracleTraining(joined, { losses: [{ loss: both(), weight: 1 }] });
    const rowsOfBoth = ages.flatMap((age, i) => [...oneHot.slice(3 * i, 3 * i + 3), age]);
    for (let step = 0; step < 3; step++)
      expectNear([several.step(data)], [one.step({ inputs, targets: rowsOfBoth })]);
    expect(Object.keys(several.values)).toEqual(Object.keys(one.values));
    for (const [name, numbers] of Object.entries(several.values))
      expectNear(numbers, one.values[name] as readonly number[], 12);
  });

  it('adds up as its parts, in steps and evaluations', () => {
    const of = (...weights: [number, number]) =>
      oracleTraining(network(), { losses: losses(...weights) }).step(data);
    expectNear([of(2, 3)], [2 * of(1, 0) + 3 * of(0, 1)]);
    const evaluated = oracleTraining(network(), { losses: losses(2, 3) }).evaluate(data, [2, 2]);
    expectNear(evaluated['evaluation.loss'] as number[], [rows * of(2, 3)]);
  });

  it('of an output whose weight is 0 moves nothing', () => {
    const training = oracleTraining(network(), { losses: losses(1, 0) });
    const before = training.values;
    training.step(data);
    expect(training.values['age.weight']).toEqual(before['age.weight']);
    expect(training.values['digit.weight']).not.toEqual(before['digit.weight']);
  });

  it('counts rows by their weights in all outputs', () => {
    const weights = [1, 0, 2, 1];
    const chosen = [0, 2, 2, 3];
    const few: Data = {
      inputs: chosen.map((i) => inputs.slice(3 * i, 3 * i + 3)),
      targets: { digit: chosen.map((i) => digits[i] as number), age: chosen.map((i) => ages[i] as number) },
    };
    const step = (given: Data) => oracleTraining(network(), { losses: losses(1, 0.5) }).step(given);
    expectNear([step({ ...data, weights })], [step(few)]);
  });

  it('is given by name, with a weight of 1 where none is given', async () => {
    const trainer = await train(network(), good());
    expect(trainer.recipe.losses.map(({ loss: { type }, weight }) => [type, weight])).toEqual([
      ['softmaxCrossEntropy', 1],
      ['meanSquaredError', 0.5],
    ]);
    const turned = { age: { loss: meanSquaredError() }, digit: softmaxCrossEntropy() };
    const other = await train(network(), { ...good(), loss: turned });
    expect(other.recipe.losses.map(({ loss: { type }, weight }) => [type, weight])).toEqual([
      ['softmaxCrossEntropy', 1],
      ['meanSquaredError', 1],
    ]);
    const one = await train(smallNetwork(), {
      ...good(),
      loss: { output: { loss: meanSquaredError(), weight: 2 } },
    });
    expect(one.recipe.losses).toMatchObject([{ loss: { type: 'meanSquaredError' }, weight: 2 }]);
  });
});

describe('targets and inputs', () => {
  it('go to the outputs and inputs of their names, in whatever order they stand', async () => {
    const two = graph({ left: [1], right: [2] }, ({ left, right }, use) => ({
      a: use(dense({ units: 1 }), right),
      b: use(dense({ units: 2 }), left),
    }));
    const { trainer, backend } = await recordedTrainer({
      network: two,
      loss: { a: meanSquaredError(), b: softmaxCrossEntropy() },
    });
    await trainer.fit(
      { targets: { b: [1, 0], a: [[5], [6]] }, inputs: { right: [1, 2, 3, 4], left: Uint8Array.of(7, 8) } },
      { batchSize: 2 },
    );
    expect(writesTo(backend, 'training.inputs.left')).toEqual([[7, 8]]);
    expect(writesTo(backend, 'training.inputs.right')).toEqual([[1, 2, 3, 4]]);
    expect(writesTo(backend, 'training.targets.a')).toEqual([[5, 6]]);
    expect(writesTo(backend, 'training.targets.b')).toEqual([[1, 0]]);
  });

  it('may be by name where there is one, whatever it is called', async () => {
    const named = graph({ length: [2] }, ({ length }, use) => ({ size: use(dense({ units: 1 }), length) }));
    const { trainer, backend } = await recordedTrainer({ network: named, loss: meanSquaredError() });
    await trainer.fit({ inputs: { length: [1, 2] }, targets: { size: [3] } }, { batchSize: 1 });
    await trainer.fit({ inputs: [4, 5], targets: Float32Array.of(6) }, { batchSize: 1 });
    expect(writesTo(backend, 'training.inputs')).toEqual([
      [1, 2],
      [4, 5],
    ]);
    expect(writesTo(backend, 'training.targets')).toEqual([[3], [6]]);
    expect(await trainer.predict({ length: [1, 2] })).toHaveLength(1);
  });

  const wanted = 'targets must be by name, { digit, age }, but got';
  const wrong: [what: string, data: unknown, message: string | RegExp][] = [
    ['a list of targets', { inputs, targets: digits }, `${wanted} [0,2,1,2]`],
    ['no targets', { inputs, targets: undefined }, `${wanted} nothing`],
    ['null', { inputs, targets: null }, `${wanted} null`],
    ['targets of one output', { inputs, targets: { digit: digits } }, `${wanted} no "age"`],
    ['targets of a third', { inputs, targets: { ...targets, name: digits } }, `${wanted} "name"`],
    ['targets of another name', { inputs, targets: { digit: digits, ages } }, `${wanted} "ages"`],
    ['targets that are a prototype', { inputs, targets: Object.create(targets) }, `${wanted} no "digit"`],
    ['typed arrays', { inputs, targets: Int32Array.from(digits) }, /^targets must be by name/],
    [
      'a class beyond',
      { inputs, targets: { ...targets, digit: [0, 3, 0, 0] } },
      'targets.digit: class 3 of row 1 is not among 0 … 2: the network has 3 outputs',
    ],
    [
      'too few',
      { inputs, targets: { ...targets, age: [1] } },
      'meanSquaredError takes targets.age of [4, 1], but got 1 numbers for 4 rows',
    ],
    [
      'NaN',
      { inputs, targets: { ...targets, age: [0, 0, Number.NaN, 0] } },
      'targets.age: row 2, column 0 is NaN: replace or leave out such rows',
    ],
    [
      'inputs of another name',
      { inputs: { image: inputs }, targets },
      'inputs must be by name, { input }, but got "image"',
    ],
  ];
  it.each(wrong)('that are %s are refused', async (_, given, message) => {
    const { trainer, backend } = await recordedTrainer({ network: network(), loss: good().loss });
    const refused = {
      code: 'data',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    };
    await expect(trainer.fit(given as Data, { batchSize: 2 })).rejects.toMatchObject(refused);
    await expect(trainer.step(given as Data)).rejects.toMatchObject(refused);
    await expect(trainer.evaluate(given as Data)).rejects.toMatchObject(refused);
    expect(backend.log).toEqual([]);
  });

  it.each<[string, unknown, string | RegExp]>([
    ['of different numbers of rows', { a: [1, 2], b: [1, 2] }, 'inputs.b has 1 rows, but inputs.a has 2'],
    ['that are not all there', { a: [1, 2] }, 'inputs must be by name, { a, b }, but got no "b"'],
    ['without names', [1, 2], 'inputs must be by name, { a, b }, but got [1,2]'],
    ['that are not finite', { a: [1], b: [0, Infinity] }, /^inputs\.b: row 0, column 1 is Infinity/],
    ['that are empty', { a: [], b: [] }, /^inputs\.a are empty/],
  ])('inputs %s are refused', async (_, given, message) => {
    const two = graph({ a: [1], b: [2] }, ({ a, b }, use) => use(dense({ units: 1 }), concat([a, b], 1)));
    const { trainer, backend } = await recordedTrainer({ network: two, loss: meanSquaredError() });
    await expect(trainer.predict(given as never)).rejects.toMatchObject({
      code: 'data',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
    expect(backend.log).toEqual([]);
  });
});

describe('metrics', () => {
  it('are called after their output, and look at it alone', () => {
    const metrics = [
      { name: 'digit.accuracy', metric: accuracy(), output: 0 },
      { name: 'age.absoluteError', metric: absoluteError(), output: 1 },
    ];
    const training = oracleTraining(network(), { losses: losses(1, 1), metrics });
    const { digit, age } = training.predict(inputs);
    const totals = training.evaluate(data, [3, 1]);
    const right = digits.filter((wanted, i) => {
      const own = (digit as number[]).slice(3 * i, 3 * i + 3);
      return own.indexOf(Math.max(...own)) === wanted;
    });
    expect(totals['evaluation.digit.accuracy.correct']).toEqual([right.length]);
    const error = ages.reduce((sum, wanted, i) => sum + Math.abs((age?.[i] as number) - wanted), 0);
    const [name] = Object.keys(totals).filter((each) => each.startsWith('evaluation.age.absoluteError.'));
    expectNear(totals[name as string] as number[], [error]);
  });

  it('have names of their own where they are given one', async () => {
    const trainer = await train(network(), {
      ...good(),
      metrics: { digit: [topK({ k: 1, name: 'first' }), topK({ k: 2 }), accuracy()], age: [absoluteError()] },
    });
    expect(trainer.recipe.metrics.map(({ name, output }) => [name, output])).toEqual([
      ['digit.first', 0],
      ['digit.topK', 0],
      ['digit.accuracy', 0],
      ['age.absoluteError', 1],
    ]);
    expect(await trainer.evaluate(data)).toEqual({
      loss: 0,
      'digit.first': 0,
      'digit.topK': 0,
      'digit.accuracy': 0,
      'age.absoluteError': 0,
    });
  });

  it('of one type may be two, under two names', async () => {
    const metrics = [topK({ k: 1, name: 'top1' }), topK({ k: 2, name: 'top2' })];
    const trainer = await train(smallNetwork(), { ...good(), loss: softmaxCrossEntropy(), metrics });
    expect(trainer.recipe.metrics.map(({ name }) => name)).toEqual(['top1', 'top2']);
    expect(() => topK({ name: 'a.b' })).toThrow('topK: name must be a name without dots, but got "a.b"');
  });
});

describe('train refuses', () => {
  const cases: [what: string, options: Record<string, unknown>, message: string | RegExp][] = [
    [
      'one loss for all',
      { loss: softmaxCrossEntropy() },
      'train: loss must be by output, { digit, age }: there are several',
    ],
    [
      'no loss for one',
      { loss: { digit: softmaxCrossEntropy() } },
      'train: loss of "age" must be a loss, but got nothing',
    ],
    [
      'a loss for a third',
      { loss: { digit: softmaxCrossEntropy(), age: meanSquaredError(), name: meanSquaredError() } },
      'train: loss "name" is for no output: there are "digit", "age"',
    ],
    [
      'losses as a list',
      { loss: [softmaxCrossEntropy(), meanSquaredError()] },
      'train: loss "0" is for no output: there are "digit", "age"',
    ],
    [
      'a loss that was not called',
      { loss: { digit: softmaxCrossEntropy, age: meanSquaredError() } },
      'train: loss of "digit" must be a loss, but got the function softmaxCrossEntropy: call it first',
    ],
    [
      'a loss by name',
      { loss: { digit: 'softmaxCrossEntropy', age: meanSquaredError() } },
      'train: loss of "digit" must be a loss, but got "softmaxCrossEntropy"',
    ],
    [
      'a loss that is null',
      { loss: { digit: null, age: meanSquaredError() } },
      /of "digit" must be a loss, but got null/,
    ],
    [
      'a weight without a loss',
      { loss: { digit: { weight: 2 }, age: meanSquaredError() } },
      'train: loss of "digit" must be a loss, but got {"weight":2}',
    ],
    [
      'a weight below 0',
      { loss: { digit: { loss: softmaxCrossEntropy(), weight: -1 }, age: meanSquaredError() } },
      'train: the weight of the loss of "digit" must be a number from 0, but got -1',
    ],
    [
      'a weight that is NaN',
      { loss: { digit: { loss: softmaxCrossEntropy(), weight: NaN }, age: meanSquaredError() } },
      /but got NaN$/,
    ],
    [
      'a weight that is a text',
      { loss: { digit: { loss: softmaxCrossEntropy(), weight: '1' }, age: meanSquaredError() } },
      /but got "1"$/,
    ],
    [
      'metrics for all',
      { metrics: [accuracy()] },
      /^train: metrics must be by output, \{ digit, age \}, but got \[/,
    ],
    [
      'metrics for a third',
      { metrics: { name: [accuracy()] } },
      'train: metrics "name" is for no output: there are "digit", "age"',
    ],
    [
      'one metric for an output',
      { metrics: { digit: accuracy() } },
      /^train: metrics of "digit" must be a list, but got \{/,
    ],
    [
      'a metric by name',
      { metrics: { digit: 'accuracy' } },
      'train: metrics of "digit" must be a list, but got "accuracy"',
    ],
    ['metrics that are a text', { metrics: 'accuracy' }, /^train: metrics must be by output/],
    ['what is no metric', { metrics: { digit: [sgd()] } }, /^train: metric must be a metric, but got/],
    [
      'two of one name',
      { metrics: { digit: [topK({ k: 1 }), topK({ k: 2 })] } },
      'train: two metrics are called "digit.topK": give one of them another `name`',
    ],
  ];
  it.each(cases)('%s', async (_, options, message) => {
    const backend = recordingBackend();
    await expect(train(network(), { ...good(), ...options, backend } as TrainOptions)).rejects.toMatchObject({
      code: 'option',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
    expect(backend.log).toEqual([]);
  });

  it('a metric that would hide the loss', async () => {
    const options = { ...good(), loss: meanSquaredError(), metrics: [accuracy({ name: 'loss' })] };
    await expect(train(smallNetwork(), options)).rejects.toMatchObject({
      code: 'option',
      message: expect.stringMatching(/^train: a metric is called "loss"/),
    });
  });

  it('losses and metrics of an output that is called as a part of every object', async () => {
    const odd = graph([1], (x) => ({ constructor: x, toString: x }));
    const options = {
      ...good(),
      loss: { toString: meanSquaredError() },
      metrics: {},
    } as unknown as TrainOptions;
    await expect(train(odd, options)).rejects.toThrow(
      'train: loss of "constructor" must be a loss, but got nothing',
    );
    const both = { constructor: meanSquaredError(), toString: meanSquaredError() };
    await expect(train(odd, { ...options, loss: both } as unknown as TrainOptions)).resolves.toBeDefined();
  });
});

describe('predictAll', () => {
  it('gives the outputs by name; predict has no place for them', async () => {
    const { trainer } = await recordedTrainer({ network: network(), loss: good().loss });
    const all = await trainer.predictAll(inputs);
    expect(Object.entries(all).map(([name, values]) => [name, values.length])).toEqual([
      ['digit', 12],
      ['age', 4],
    ]);
    await expect(trainer.predict(inputs)).rejects.toMatchObject({
      code: 'state',
      message: 'predict: the network has the outputs "digit", "age": use predictAll()',
    });
  });
});
