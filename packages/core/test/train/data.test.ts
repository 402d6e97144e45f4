// Bad data and options: a clear error, and nothing half-done — no program is compiled or run, nothing is written.
import { describe, expect, it } from 'vitest';
import type { Data, FitOptions } from '../../src/index.ts';
import { meanSquaredError } from '../support/plugins.ts';
import { countingBackend, examples, recordedTrainer, writesTo } from '../support/training.ts';

const good = examples(4);
const inputs = good.inputs as Float32Array;
const targets = good.targets as Int32Array;
const withInput = (position: number, value: number): Float32Array => inputs.with(position, value);

const wrongData: [what: string, data: unknown, code: string, message: string | RegExp][] = [
  ['nothing', undefined, 'data', 'data must be { inputs, targets }'],
  ['inputs alone', { inputs }, 'data', 'data must be { inputs, targets }'],
  ['a list', [inputs, targets], 'data', 'data must be { inputs, targets }'],
  ['no rows', { inputs: [], targets: [] }, 'data', 'inputs are empty: give at least one row of [4]'],
  ['an empty array', { inputs: new Float32Array(0), targets }, 'data', /^inputs are empty/],
  [
    'numbers that make no whole rows',
    { inputs: new Float32Array(15), targets },
    'data',
    'inputs must be rows of [4], 4 numbers each, but got 15 numbers',
  ],
  [
    'rows of another width',
    { inputs: [[1, 2, 3, 4, 5, 6, 7, 8]], targets: [0, 1] },
    'data',
    'inputs must be rows of [4], 4 numbers each, but got rows of 8',
  ],
  [
    'rows of different widths',
    {
      inputs: [
        [1, 2, 3, 4],
        [1, 2, 3],
      ],
      targets: [0, 1],
    },
    'data',
    'inputs: row 1 has 3 numbers, but row 0 has 4',
  ],
  [
    'a row that is missing',
    { inputs: [[1, 2, 3, 4], undefined], targets: [0, 1] },
    'data',
    'inputs: row 1 has no numbers, but row 0 has 4',
  ],
  [
    'text',
    { inputs: 'numbers', targets },
    'data',
    'inputs must be typed arrays or lists of numbers, but got [object String]',
  ],
  [
    'an array of another type',
    { inputs: new Int16Array(16), targets },
    'data',
    /but got \[object Int16Array\]$/,
  ],
  [
    'NaN',
    { inputs: withInput(6, Number.NaN), targets },
    'data',
    'inputs: row 1, column 2 is NaN: replace or leave out such rows',
  ],
  [
    'infinity',
    { inputs: withInput(15, Number.NEGATIVE_INFINITY), targets },
    'data',
    'inputs: row 3, column 3 is -Infinity: replace or leave out such rows',
  ],
  [
    'NaN in a list',
    {
      inputs: [
        [1, 2, 3, 4],
        [1, NaN, 3, 4],
      ],
      targets: [0, 1],
    },
    'data',
    /^inputs: row 1, column 1 is NaN/,
  ],
  ['text among numbers', { inputs: [1, 2, '3', 4], targets: [0] }, 'data', /^inputs: row 0, column 2 is 3/],
  ['holes', { inputs: [1, 2, undefined, 4], targets: [0] }, 'data', /^inputs: row 0, column 2 is undefined/],
  [
    'a number beyond float32',
    { inputs: Float64Array.of(1, 2, 1e300, 4), targets: [0] },
    'data',
    /^inputs: row 0, column 2 is 1e\+300/,
  ],
  [
    'a class beyond the outputs',
    { inputs, targets: [0, 1, 3, 2] },
    'data',
    'targets: class 3 of row 2 is not among 0 … 2: the network has 3 outputs',
  ],
  [
    'a class below 0',
    { inputs, targets: Int32Array.of(0, -1, 0, 0) },
    'data',
    /^targets: class -1 of row 1 is not among/,
  ],
  ['half a class', { inputs, targets: [0, 1, 1.5, 0] }, 'data', /^targets: class 1.5 of row 2/],
  ['a class that is NaN', { inputs, targets: [0, NaN, 0, 0] }, 'data', /^targets: class NaN of row 1/],
  [
    'too few targets',
    { inputs, targets: [0, 1, 2] },
    'data',
    'softmaxCrossEntropy takes 4 class numbers or targets of [4, 3], but got 3 numbers for 4 rows',
  ],
  ['too many targets', { inputs, targets: new Float32Array(13) }, 'data', /but got 13 numbers for 4 rows$/],
  ['no targets', { inputs, targets: [] }, 'data', /but got 0 numbers for 4 rows$/],
  [
    'a target that is NaN',
    { inputs, targets: new Float32Array(12).with(7, NaN) },
    'data',
    'targets: row 2, column 1 is NaN: replace or leave out such rows',
  ],
];

const wrongOptions: [what: string, options: unknown, code: string, message: string | RegExp][] = [
  [
    'a batch larger than the data',
    { batchSize: 5 },
    'data',
    'fit: batchSize 5 is more than the 4 examples that there are: give at most 4',
  ],
  ['a batch of none', { batchSize: 0 }, 'option', 'fit: batchSize must be a whole number from 1, but got 0'],
  [
    'half an epoch',
    { batchSize: 2, epochs: 0.5 },
    'option',
    'fit: epochs must be a whole number from 1, but got 0.5',
  ],
  ['no epochs', { batchSize: 2, epochs: 0 }, 'option', /^fit: epochs must be/],
  [
    'an option that is not known',
    { batchsize: 2 },
    'option',
    /^fit has no option "batchsize": it takes "batchSize"/,
  ],
  [
    'a shuffle that is no truth value',
    { batchSize: 2, shuffle: 'yes' },
    'option',
    'fit: shuffle must be true or false, but got "yes"',
  ],
  [
    'validation data that are wrong',
    { batchSize: 2, validation: { inputs, targets: [0, 1, 2, 9] } },
    'data',
    /^targets: class 9 of row 3/,
  ],
];

const refused = (code: string, message: string | RegExp) => ({
  name: 'NeuriteError',
  code,
  message: typeof message === 'string' ? message : expect.stringMatching(message),
});

describe('fit refuses', () => {
  it.each(wrongData)('%s', async (_, data, code, message) => {
    const { trainer, backend } = await recordedTrainer();
    await expect(trainer.fit(data as Data, { batchSize: 1 })).rejects.toMatchObject(refused(code, message));
    expect(backend.log).toEqual([]);
    await expect(trainer.fit(good, { batchSize: 4 })).resolves.toMatchObject({ steps: 1 });
  });

  it.each(wrongOptions)('%s', async (_, options, code, message) => {
    const { trainer, backend } = await recordedTrainer();
    await expect(trainer.fit(good, options as FitOptions)).rejects.toMatchObject(refused(code, message));
    expect(backend.log).toEqual([]);
  });
});

describe('step and evaluate refuse', () => {
  it.each(wrongData)('%s', async (_, data, code, message) => {
    const { trainer, backend } = await recordedTrainer();
    await expect(trainer.step(data as Data)).rejects.toMatchObject(refused(code, message));
    await expect(trainer.evaluate(data as Data)).rejects.toMatchObject(refused(code, message));
    expect(backend.log).toEqual([]);
  });
});

describe('predict refuses', () => {
  it.each(
    wrongData.filter(([, data]) => {
      const given = data as { inputs?: unknown; targets?: unknown } | undefined;
      return given?.inputs !== undefined && given.inputs !== inputs;
    }),
  )('%s', async (_, data, code, message) => {
    const { trainer, backend } = await recordedTrainer();
    await expect(trainer.predict((data as Data).inputs)).rejects.toMatchObject(refused(code, message));
    expect(backend.log).toEqual([]);
  });
});

describe('data may be', () => {
  const written = async (data: Data, options = {}) => {
    const { trainer, backend } = await recordedTrainer(options);
    await trainer.fit(data, { batchSize: 2, shuffle: false });
    const [values] = writesTo(backend, 'training.inputs');
    const [labels] = writesTo(backend, 'training.targets');
    return { inputs: values, targets: labels };
  };
  const plain = [
    [1, 2, 3, 4],
    [5, 6, 7, 8],
  ];
  const expected = { inputs: [1, 2, 3, 4, 5, 6, 7, 8], targets: [2, 0] };

  it('typed arrays of any dtype, flat lists, or lists of rows', async () => {
    expect(await written({ inputs: plain, targets: [2, 0] })).toEqual(expected);
    expect(await written({ inputs: plain.flat(), targets: Uint8Array.of(2, 0) })).toEqual(expected);
    expect(
      await written({ inputs: plain.map((row) => Float32Array.from(row)), targets: Float64Array.of(2, 0) }),
    ).toEqual(expected);
    expect(await written({ inputs: Int32Array.from(plain.flat()), targets: [2, 0] })).toEqual(expected);
    expect(await written({ inputs: Float64Array.from(plain.flat()), targets: [2, 0] })).toEqual(expected);
  });

  it('one-hot or soft targets, as lists or rows', async () => {
    const soft = [
      [0, 0, 1],
      [0.5, 0.25, 0.25],
    ];
    const values = [0, 0, 1, 0.5, 0.25, 0.25];
    expect((await written({ inputs: plain, targets: soft })).targets).toEqual(values);
    expect((await written({ inputs: plain, targets: Float32Array.from(values) })).targets).toEqual(values);
  });

  it('targets of values where the loss takes values', async () => {
    const values = [1, 2, 3, 4, 5, 6];
    expect((await written({ inputs: plain, targets: values }, { loss: meanSquaredError() })).targets).toEqual(
      values,
    );
  });

  it('changed afterwards: what was given is neither kept nor touched', async () => {
    const data = { inputs: Float32Array.from(plain.flat()), targets: Int32Array.of(2, 0) };
    const { trainer, backend } = await recordedTrainer({ backend: countingBackend() });
    await trainer.fit(data, { batchSize: 2 });
    expect(data.inputs).toEqual(Float32Array.from(plain.flat()));
    data.inputs.fill(0);
    expect(writesTo(backend, 'training.inputs')[0]).toEqual(expected.inputs);
  });
});
