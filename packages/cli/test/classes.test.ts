// A table with classes, from training to export.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ended, irisCsv, openWorkshop, type Workshop } from './workshop.ts';

let workshop: Workshop;
let trained: Ended;
beforeAll(async () => {
  workshop = openWorkshop();
  workshop.write('iris.csv', irisCsv());
  trained = await workshop.run([
    'train',
    'iris.csv',
    '--backend',
    'cpu',
    '--learning-rate',
    '0.01',
    '--epochs',
    '40',
  ]);
});
afterAll(() => workshop.remove());

test('train needs to be told nothing but the file, and says what it found', () => {
  expect(trained).toMatchObject({ code: 0, errors: '' });
  expect(trained.output).toContain(
    'iris.csv: 150 rows, 4 inputs\n"species" is one of 3 classes: setosa, versicolor, virginica',
  );
  expect(trained.output).toContain('120 rows to learn from, 30 for validation');
  expect(trained.output).toMatch(/^standardize1 /m);
  expect(trained.output).toContain(
    'adam, learning rate 0.01 · softmaxCrossEntropy · batches of 32 · seed 1 · cpu (',
  );
  expect(trained.output.match(/^epoch/gm)).toHaveLength(20);
  expect(trained.output).toMatch(/^epoch 40\/40 {2}loss \S+ {2}accuracy 9\d\.\d\d % {2}validation loss/m);
  expect(trained.output).toMatch(/^saved model.safetensors: neurite predict model.safetensors DATA/m);
});

test('evaluate gives scores and a table of mistakes, or JSON', async () => {
  const told = await workshop.run(['evaluate', 'model.safetensors', 'iris.csv']);
  expect(told.output).toMatch(/^150 rows {2}loss \S+ {2}accuracy 9\d\.\d\d %$/m);
  expect(told.output).toMatch(/^ +setosa +50 +· +· +100\.0 %$/m);
  const { data, code } = await workshop.run(['evaluate', 'model.safetensors', 'iris.csv', '--json']);
  expect(code).toBe(0);
  expect(data).toHaveLength(1);
  const { accuracy, confusionMatrix } = data[0];
  expect(accuracy).toBeGreaterThan(0.93);
  expect(confusionMatrix.map((row: number[]) => row.reduce((a, b) => a + b))).toEqual([50, 50, 50]);
});

describe('predict', () => {
  test('finds columns by their names, whatever else there is', async () => {
    workshop.write('other.csv', irisCsv(['petal width', 'petal length', 'sepal width', 'sepal length']));
    const [there, moved] = await Promise.all(
      ['iris.csv', 'other.csv'].map((data) => workshop.run(['predict', 'model.safetensors', data])),
    );
    const lines = there?.output.trimEnd().split('\n') ?? [];
    expect(lines).toHaveLength(151);
    expect(lines.slice(0, 3)).toEqual(['prediction', 'setosa', 'setosa']);
    expect(moved?.output).toBe(there?.output);
  });

  test('reads stdin, writes probabilities and JSON', async () => {
    const words = ['predict', 'model.safetensors', '-', '--probabilities'];
    const stdin = irisCsv().split('\n').slice(0, 3).join('\n');
    const csv = await workshop.run(words, { stdin });
    expect(csv.output).toMatch(/^prediction,p\(setosa\),p\(versicolor\),p\(virginica\)\nsetosa,0\.9\d+,/);
    const { data } = await workshop.run([...words, '--json'], { stdin });
    const { predictions, classes, probabilities } = data[0];
    expect({ predictions, classes }).toEqual({
      predictions: ['setosa', 'setosa'],
      classes: ['setosa', 'versicolor', 'virginica'],
    });
    for (const row of probabilities) expect(row[0] + row[1] + row[2]).toBeCloseTo(1, 6);
  });

  test('writes a file', async () => {
    const words = ['predict', 'model.safetensors', 'iris.csv', '--out', 'said.csv'];
    expect((await workshop.run(words)).output).toBe('150 predictions in said.csv\n');
    expect(workshop.read('said.csv')).toMatch(/^prediction\n(\w+\n){150}$/);
  });
});

test('inspect says what is in the file, and what it learned', async () => {
  const { output } = await workshop.run(['inspect', 'model.safetensors']);
  expect(output).toMatch(/^hidden1 +dense +64 +320$/m);
  expect(output).toMatch(/^optimizer +adam \(learningRate 0.01, beta1 0.9/m);
  expect(output).toMatch(/^trained +160 steps, 40 epochs$/m);
  expect(output).toMatch(/^classes +setosa, versicolor, virginica$/m);
  const { data } = await workshop.run(['inspect', 'model.safetensors', '--json']);
  expect(data[0]).toMatchObject({ kind: 'model', parameters: 4675, training: { steps: 160, epochs: 40 } });
});

describe('export', () => {
  test('to a module that says what the model says', async () => {
    const { output } = await workshop.run([
      'export',
      'model.safetensors',
      '--format',
      'module',
      '--out',
      'model.mjs',
    ]);
    expect(output).toBe('wrote model.mjs; a row is sepal length, sepal width, petal length, petal width\n');
    const { predict, classes } = await import(`${workshop.folder}/model.mjs`);
    const logits = [...predict(Float32Array.of(5.1, 3.5, 1.4, 0.2))];
    expect(classes[logits.indexOf(Math.max(...logits))]).toBe('setosa');
  });

  test('to ONNX, TypeScript, and JSON that train takes', async () => {
    const to = async (format: string, out: string) => {
      const { code } = await workshop.run(['export', 'model.safetensors', '--format', format, '--out', out]);
      expect(code).toBe(0);
      return workshop.read(out);
    };
    expect(await to('onnx', 'model.onnx')).toContain('hidden1.weight');
    expect(await to('typescript', 'model.ts')).toContain(
      "import { dense, standardize } from '@neurite/layers';",
    );
    const { layers } = JSON.parse(await to('json', 'network.json'));
    expect(layers).toHaveLength(4);
    const words = [
      'train',
      'iris.csv',
      '--network',
      'network.json',
      '--epochs',
      '1',
      '--out',
      'again.safetensors',
    ];
    expect(await workshop.run([...words, '--backend', 'cpu'])).toMatchObject({ code: 0, errors: '' });
    expect((await workshop.run(['inspect', 'network.json'])).output).toContain('4,675 parameters');
  });
});
