// What is found in tables and IDX files, and what is said of those that are wrong.
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { housesCsv, idx, irisCsv, openWorkshop, type Workshop } from './workshop.ts';

let workshop: Workshop;
beforeAll(() => {
  workshop = openWorkshop();
  workshop.write('houses.csv', housesCsv());
  workshop.write('iris.csv', irisCsv());
});
afterAll(() => workshop.remove());

const quick = ['--backend', 'cpu', '--hidden', '8'];

test('numbers are predicted in their own size, and texts are categories', async () => {
  const words = ['train', 'houses.csv', ...quick, '--epochs', '80', '--learning-rate', '0.02', '--json'];
  const { data, errors } = await workshop.run(words);
  expect(errors).toBe('');
  expect(data.at(-1).rSquared).toBeGreaterThan(0.98);
  expect(data.at(-1).loss).toBeLessThan(0.02); // as if prices had deviation 1
  const { data: said } = await workshop.run(['predict', 'model.safetensors', '-', '--json'], {
    stdin: 'street,rooms,age\npark,4,10\n',
  });
  expect(said[0].predictions[0] / (100_000 + 200_000 - 8_000 + 20_000)).toBeCloseTo(1, 0);
  expect((await workshop.run(['inspect', 'model.safetensors'])).output).toMatch(
    /^inputs +rooms, age, street = main, street = park, street = side$/m,
  );
  expect((await workshop.run(['evaluate', 'model.safetensors', 'houses.csv'])).output).toMatch(
    /^120 rows {2}loss \S+ {2}rSquared 0\.9\d+ {2}absoluteError \d+\.?\d*$/m,
  );
});

test('whole numbers of few kinds are classes, unless somebody says otherwise', async () => {
  const rows = Array.from({ length: 40 }, (_, i) => `${i % 2},${i % 5}`);
  workshop.write('bits.csv', ['x,bit,bit2', ...rows.map((row, i) => `${i},${row}`)].join('\n'));
  const train = (...words: string[]) =>
    workshop.run(['train', 'bits.csv', ...quick, '--epochs', '1', ...words]);
  expect((await train('--label', 'bit')).output).toContain(
    '"bit" is one of 2 classes: 0, 1 (it holds 2 whole numbers)',
  );
  expect((await train('--label', '1', '--task', 'regression')).output).toContain(
    '"bit" is a number (as asked for)',
  );
  expect((await train('--label', 'x')).output).toContain('"x" is a number (it holds numbers)');
  expect((await train('--ignore', 'bit2')).output).toContain('40 rows, 1 inputs\n"bit" is one of');
});

test('two classes can be one logit', async () => {
  const rows = Array.from({ length: 60 }, (_, i) => `${i},${i < 30 ? 'low' : 'high'}`);
  workshop.write('two.csv', ['x,size', ...rows].join('\n'));
  const words = [
    'train',
    'two.csv',
    ...quick,
    '--loss',
    'binaryCrossEntropy',
    '--learning-rate',
    '0.05',
    '--json',
  ];
  expect((await workshop.run(words)).data.at(-1).accuracy).toBeGreaterThan(0.9);
  const { data } = await workshop.run(['predict', 'model.safetensors', '-', '--probabilities', '--json'], {
    stdin: 'x\n2\n57\n',
  });
  expect(data[0].predictions).toEqual(['low', 'high']);
  expect(data[0].probabilities[0][1]).toBeGreaterThan(0.5);
});

test('IDX files, gzipped', async () => {
  const pixels = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? [255, 0, 0, 255] : [0, 255, 255, 0]));
  workshop.write('images.gz', gzipSync(idx([40, 2, 2], pixels.flat())));
  workshop.write(
    'labels',
    idx(
      [40],
      pixels.map((_, i) => i % 2),
    ),
  );
  const train = [
    'train',
    'images.gz',
    '--labels',
    'labels',
    ...quick,
    '--learning-rate',
    '0.1',
    '--epochs',
    '20',
  ];
  const { output } = await workshop.run(train);
  expect(output).toMatch(/^flatten1 +flatten +4/m);
  expect(output).not.toContain('standardize');
  const words = ['evaluate', 'model.safetensors', 'images.gz', '--labels', 'labels', '--json'];
  expect((await workshop.run(words)).data[0]).toMatchObject({ rows: 40, accuracy: 1 });
  expect((await workshop.run(['train', 'images.gz'])).errors).toContain('images.gz: --labels FILE must name');
  expect((await workshop.run(['predict', 'model.safetensors', 'iris.csv'])).errors).toContain(
    'the model learned from an IDX file, but got a table',
  );
});

describe('complaints', () => {
  test.each([
    ['a,b\n1,2\n3\n', 'bad.csv: row 3 has 1 values, but the first row has 2'],
    ['a,b\n1,2\n3,\n4,5\n', 'bad.csv: row 3, column "b" is empty'],
    ['a,b\n1,2\nx,2\n4,5\n', 'bad.csv: row 3, column "a" must be a number'],
    ['a,a\n1,2\n', 'two columns are called "a"'],
    ['a,b\n', 'there is no row below the header'],
    ['', 'bad.csv is empty'],
    ['a,b\n1,"2\n', 'row 2 has a quotation mark that is not closed'],
    ['a,b\n1,x\n2,x\n', 'all rows are of one class, "x"'],
    [`a,b\n${Array.from({ length: 70 }, (_, i) => `name ${i},${i % 2}`).join('\n')}`, 'one of 70 texts'],
  ])('of data: %j', async (text, complaint) => {
    workshop.write('bad.csv', text);
    const { code, output, errors } = await workshop.run(['train', 'bad.csv']);
    expect({ code, output }).toEqual({ code: 1, output: '' });
    expect(errors).toMatch(/^neurite: .*\n$/);
    expect(errors).toContain(complaint);
  });

  test.each([
    [['trian', 'iris.csv'], "unknown command 'trian'"],
    [['train'], "missing required argument 'data'"],
    [['train', 'iris.csv', '--epoch', '3'], "unknown option '--epoch'"],
    [['train', 'iris.csv', '--hidden', '8,x'], '--hidden must be whole numbers from 1 up to 16384'],
    [['train', 'iris.csv', '--epochs', '0'], '--epochs must be a whole number from 1, but got "0"'],
    [
      ['train', 'iris.csv', '--activation', 'rulu'],
      '--activation: there is no activation "rulu"; registered are "relu"',
    ],
    [['train', 'iris.csv', '--optimizer', '{"type":'], '--optimizer must be a name or JSON'],
    [['train', 'iris.csv', '--optimizer', '{"type":"adam","beta":1}'], 'beta'],
    [['train', 'iris.csv', '--backend', 'tpu'], '--backend: there is no backend "tpu"'],
    [['train', 'iris.csv', '--out', 'no/such/model'], '--out: nothing can be written to the folder'],
    [['train', 'iris.csv', '--network', 'n.json', '--hidden', '4'], '--hidden is what --network decides'],
    [['export', 'm.safetensors', '--format', 'pdf', '--out', 'x'], "argument 'pdf' is invalid"],
  ])('of what was typed: %j', async (words, complaint) => {
    const { code, output, errors } = await workshop.run(words);
    expect({ code, output }).toEqual({ code: 2, output: '' });
    expect(errors).toMatch(/^neurite: .*\n$/);
    expect(errors).toContain(complaint);
  });

  test.each([
    [['train', 'nowhere.csv'], 'nowhere.csv cannot be read'],
    [['train', 'iris.csv', '--label', 'specis'], 'iris.csv has no column "specis"; it has "species"'],
    [['train', 'iris.csv', '--plugin', '@neurite/nowhere'], '--plugin @neurite/nowhere cannot be imported'],
    [['evaluate', 'iris.csv', 'iris.csv'], 'iris.csv: this is no safetensors file'],
    [['inspect', 'iris.csv'], 'iris.csv: this is no safetensors file'],
    [['train', 'iris.csv', '--network', 'wrong.json'], 'wrong.json: the network gives [2], but 3 numbers'],
    [['train', 'iris.csv', '--optimizer', 'sgd', '--learning-rate', '1e30'], 'not finite at step'],
  ])('of files: %j', async (words, complaint) => {
    workshop.write('wrong.json', '[{ "type": "dense", "units": 2 }]');
    const { code, errors } = await workshop.run([...words, '--json'].filter(() => true));
    expect(errors).toContain(complaint);
    expect(code).toBe(1);
  });
});

test('plugins of a file are used, and a model of them can be read with them', async () => {
  workshop.write(
    'mine.mjs',
    `import { activation } from ${JSON.stringify(import.meta.resolve('@neurite/core'))};
export const cubic = activation('cubic', (x) => x.mul(x).mul(x));
`,
  );
  const words = [
    'train',
    'iris.csv',
    ...quick,
    '--activation',
    'cubic',
    '--epochs',
    '1',
    '--out',
    'cubic.safetensors',
  ];
  expect((await workshop.run(words)).code).toBe(2);
  expect(await workshop.run([...words, '--plugin', './mine.mjs'])).toMatchObject({ code: 0, errors: '' });
  const inspect = ['inspect', 'cubic.safetensors'];
  expect((await workshop.run(inspect)).errors).toContain('there is no activation "cubic"');
  expect((await workshop.run([...inspect, '--plugin', './mine.mjs'])).code).toBe(0);
});
