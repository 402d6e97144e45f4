// Trainings that were interrupted, and what became of them.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { irisCsv, openWorkshop, type Workshop } from './workshop.ts';

let workshop: Workshop;
beforeAll(() => {
  workshop = openWorkshop();
  workshop.write('iris.csv', irisCsv());
});
afterAll(() => workshop.remove());

const train = ['train', 'iris.csv', '--backend', 'cpu', '--hidden', '8', '--json'];

test('Ctrl-C keeps what was reached, and the command that it gives ends in the same model', async () => {
  const whole = await workshop.run([...train, '--epochs', '12', '--out', 'whole.safetensors']);
  expect(whole.data.map(({ type }) => type)).toEqual([...Array(12).fill('epoch'), 'result']);
  expect(whole.data.at(-1)).toMatchObject({ status: 'trained', steps: 48, epochs: 12 });

  const words = [...train, '--epochs', '12', '--out', 'part.safetensors'];
  const stopped = await workshop.run(words, { interruptAt: 5 });
  expect(stopped).toMatchObject({ code: 130, errors: '' });
  const { status, resume, steps } = stopped.data.at(-1);
  expect({ status, resume, steps }).toEqual({
    status: 'stopped',
    resume: 'neurite train iris.csv --resume part.safetensors',
    steps: 20,
  });

  const again = await workshop.run(resume.split(' ').slice(1));
  expect(again).toMatchObject({ code: 0, errors: '' });
  expect(again.output).toContain('going on with part.safetensors after 20 steps, in epoch 6 of 12');
  const [one, other] = ['whole', 'part'].map((name) => workshop.bytes(`${name}.safetensors`));
  expect(Buffer.compare(one as Uint8Array, other as Uint8Array)).toBe(0);
});

test('people are told, too', async () => {
  const words = ['train', 'iris.csv', '--backend', 'cpu', '--epochs', '9', '--out', 'my model.safetensors'];
  const { code, output } = await workshop.run([...words, '--save-every', '2'], { interruptAt: 14 });
  expect(code).toBe(130);
  expect(output).toMatch(
    /^stopped after \d+ steps in \d+\.\d s\nsaved my model.safetensors; to go on:\n {2}neurite train iris.csv --resume 'my model.safetensors' --save-every 2$/m,
  );
});

test('a training that is done goes on where more epochs are asked for', async () => {
  await workshop.run([...train, '--epochs', '2', '--out', 'short.safetensors']);
  const done = await workshop.run(['train', 'iris.csv', '--resume', 'short.safetensors']);
  expect(done).toMatchObject({ code: 2, output: '' });
  expect(done.errors).toContain('has been trained for 2 epochs: --epochs 4');
  const more = ['train', 'iris.csv', '--resume', 'short.safetensors', '--epochs', '3', '--json'];
  expect((await workshop.run(more)).data.map(({ epoch }) => epoch)).toEqual([3, undefined]);
});

test('other data and settled options are noticed', async () => {
  await workshop.run([...train, '--epochs', '1', '--out', 'first.safetensors']);
  workshop.write('other.csv', irisCsv().replace('5.1', '5.2'));
  const words = ['--resume', 'first.safetensors', '--epochs', '2', '--json'];
  const other = await workshop.run(['train', 'other.csv', ...words]);
  expect(other.code).toBe(0);
  expect(other.errors).toContain('other.csv is not what first.safetensors has learned from so far');
  const settled = await workshop.run(['train', 'iris.csv', ...words, '--learning-rate', '0.1']);
  expect(settled).toMatchObject({ code: 2, output: '' });
  expect(settled.errors).toContain('--learning-rate is what the file that --resume names has settled');
});
