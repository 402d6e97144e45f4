// Data that cannot be used: refused with a message that says which row and why, before anything has changed.
import { relu } from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import { type Data, type FitOptions, NeuriteError, sequential, type Trainer, train } from '@neurite/core';
import { dense, flatten } from '@neurite/layers';
import { meanSquaredError, multiclassHinge, softmaxCrossEntropy } from '@neurite/losses';
import { adam, sgd } from '@neurite/optimizers';
import { describe, expect, test } from 'vitest';

const good = {
  inputs: [
    [0, 1, 0, 1],
    [1, 1, 0, 0],
    [0, 0, 1, 1],
  ],
  targets: [0, 2, 1],
};
const network = () =>
  sequential([2, 2], [flatten(), dense({ units: 4, activation: relu() }), dense({ units: 3 })]);
const makeTrainer = (): Promise<Trainer> =>
  train(network(), { loss: softmaxCrossEntropy(), optimizer: adam(), backend: cpu() });

interface Case {
  readonly what: string;
  readonly data: unknown;
  readonly options?: FitOptions;
  readonly message: string;
}
const cases: readonly Case[] = [
  { what: 'nothing', data: undefined, message: 'data must be { inputs, targets }' },
  { what: 'inputs alone', data: { inputs: good.inputs }, message: 'data must be { inputs, targets }' },
  {
    what: 'no rows',
    data: { inputs: [], targets: [] },
    message: 'inputs are empty: give at least one row of [2, 2]',
  },
  {
    what: 'rows of another length',
    data: {
      ...good,
      inputs: [
        [1, 2, 3],
        [1, 2, 3],
        [1, 2, 3],
      ],
    },
    message: 'inputs must be rows of [2, 2], 4 numbers each, but got rows of 3',
  },
  {
    what: 'rows that are not equally long',
    data: {
      ...good,
      inputs: [
        [1, 2, 3, 4],
        [1, 2, 3],
        [1, 2, 3, 4],
      ],
    },
    message: 'inputs: row 1 has 3 numbers, but row 0 has 4',
  },
  {
    what: 'NaN in an input',
    data: {
      ...good,
      inputs: [
        [0, 0, 0, 0],
        [0, 0, 0, 0],
        [0, 0, Number.NaN, 0],
      ],
    },
    message: 'inputs: row 2, column 2 is NaN: replace or leave out such rows',
  },
  {
    what: 'infinity in an input',
    data: { ...good, inputs: new Float64Array(12).fill(Number.NEGATIVE_INFINITY, 5, 6) },
    message: 'inputs: row 1, column 1 is -Infinity',
  },
  {
    what: 'a text in an input',
    data: {
      ...good,
      inputs: [
        [0, 0, 0, 0],
        ['a', 0, 0, 0],
        [0, 0, 0, 0],
      ],
    },
    message: 'inputs: row 1, column 0 is ',
  },
  {
    what: 'a class that is too large',
    data: { ...good, targets: [0, 3, 1] },
    message: 'targets: class 3 of row 1 is not among 0 … 2: the network has 3 outputs',
  },
  { what: 'a negative class', data: { ...good, targets: [0, 1, -1] }, message: 'targets: class -1 of row 2' },
  { what: 'half a class', data: { ...good, targets: [0, 0.5, 1] }, message: 'targets: class 0.5 of row 1' },
  {
    what: 'NaN for a class',
    data: { ...good, targets: [Number.NaN, 0, 1] },
    message: 'targets: class NaN of row 0',
  },
  {
    what: 'more targets than rows',
    data: { ...good, targets: [0, 1, 2, 0] },
    message: 'softmaxCrossEntropy takes 3 class numbers or targets of [3, 3], but got 4 numbers for 3 rows',
  },
  {
    what: 'NaN in a target that is a value',
    data: {
      ...good,
      targets: [
        [1, 0, 0],
        [0, Number.NaN, 0],
        [0, 0, 1],
      ],
    },
    message: 'targets: row 1, column 1 is NaN',
  },
  {
    what: 'a batch larger than the data',
    data: good,
    options: { batchSize: 4 },
    message: 'fit: batchSize 4 is more than the 3 examples that there are: give at most 3',
  },
  {
    what: 'half a batch',
    data: good,
    options: { batchSize: 1.5 },
    message: 'fit: batchSize must be a whole number',
  },
  {
    what: 'no epochs',
    data: good,
    options: { epochs: 0 },
    message: 'fit: epochs must be a whole number from 1',
  },
  {
    what: 'an unknown option',
    data: good,
    options: { batchsize: 3 } as FitOptions,
    message: 'fit has no option "batchsize": it takes "batchSize"',
  },
  {
    what: 'bad validation data',
    data: good,
    options: { batchSize: 3, validation: { ...good, targets: [0, 1, 9] } },
    message: 'targets: class 9 of row 2',
  },
];

describe('fit() refuses, and leaves everything as it was', () => {
  test.each(cases)('$what', async ({ data, options, message }) => {
    const trainer = await makeTrainer();
    const before = await trainer.readParameters();
    const refused = trainer.fit(data as Data, { batchSize: 3, ...options });
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toBeInstanceOf(NeuriteError);
    expect(await trainer.readParameters()).toEqual(before);
    expect(await trainer.steps()).toBe(0);
    // … and the trainer can be used as before, with the same result as a fresh one.
    const fresh = await makeTrainer();
    for (const each of [trainer, fresh]) await each.fit(good, { batchSize: 3, epochs: 3 });
    expect(await trainer.readParameters()).toEqual(await fresh.readParameters());
  });
});

describe('step(), evaluate() and predict() refuse the same', () => {
  test.each(cases.filter(({ options }) => !options))('$what', async ({ data, message, what }) => {
    const trainer = await makeTrainer();
    await expect(trainer.step(data as Data)).rejects.toThrow(message);
    await expect(trainer.evaluate(data as Data)).rejects.toThrow(message);
    if (message.startsWith('inputs'))
      await expect(trainer.predict((data as Data).inputs)).rejects.toThrow(message);
    expect(await trainer.steps(), what).toBe(0);
  });
});

test('a loss of values takes no class numbers', async () => {
  const trainer = await train(network(), { loss: meanSquaredError(), optimizer: sgd(), backend: cpu() });
  await expect(trainer.step(good)).rejects.toThrow(
    'meanSquaredError takes targets of [3, 3], but got 3 numbers for 3 rows',
  );
});

test('a training that runs away ends with the step at which the loss was lost', async () => {
  for (const loss of [softmaxCrossEntropy(), multiclassHinge(), meanSquaredError()]) {
    const trainer = await train(network(), { loss, optimizer: sgd({ learningRate: 1e30 }), backend: cpu() });
    const targets = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ];
    await expect(trainer.fit({ ...good, targets }, { epochs: 100, batchSize: 3 }), loss.type).rejects.toThrow(
      /^the loss is no finite number at step \d+: lower the learning rate/,
    );
  }
});
