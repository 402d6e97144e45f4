// What is made of the files in the npm packages, on files of their form.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cifar10 } from '../src/node/cifar10.ts';
import { cifarPackage } from '../src/node/cifarPackage.ts';
import { fashionMnist } from '../src/node/fashionMnist.ts';
import { fashionPackage } from '../src/node/fashionPackage.ts';
import type { ImagePackage } from '../src/node/imagePackage.ts';
import { fileNames } from '../src/node/imageSet.ts';
import { mnistPackage } from '../src/node/mnistPackage.ts';

let home = '';
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'neurite-packages-'));
});
afterAll(() => rm(home, { recursive: true }));

/** Unpacks what lies in `folder`, and gives the folder of the four files. */
async function unpacked(source: ImagePackage, folder: string): Promise<string> {
  const to = await mkdtemp(join(home, 'files-'));
  const names = Object.entries(fileNames(source)).map(([file, name]) => [file, join(to, name)]);
  await source.unpack(folder, Object.fromEntries(names));
  return to;
}

describe('cifar10', () => {
  test('takes a picture from each row of six sheets', async () => {
    const folder = join(home, 'cifar');
    await mkdir(folder);
    for (const [sheet, name] of [
      'data_batch_1',
      'data_batch_2',
      'data_batch_3',
      'data_batch_4',
      'data_batch_5',
      'test_batch',
    ].entries()) {
      // each picture its number, 2 · sheet + row, but for the first pixel, which is 1, 2, 3
      const data = new Uint8Array(2 * 3072).map((_, i) =>
        i % 3072 < 3 ? 1 + (i % 3072) : 2 * sheet + Math.floor(i / 3072),
      );
      await writeFile(join(folder, `${name}.png`), encode({ width: 1024, height: 2, channels: 3, data }));
    }
    await writeFile(join(folder, 'train_lables.json'), '[9,8,7,6,5,4,3,2,1,0]');
    await writeFile(join(folder, 'test_lables.json'), '[3,0]');

    const set = await cifar10({ folder: await unpacked(cifarPackage, folder) });
    expect(set.shape).toEqual([32, 32, 3]);
    expect(set.classes).toHaveLength(10);
    const pictures = (part: 'training' | 'test'): number[][] =>
      Array.from(set[part].targets, (_, i) => [...set[part].inputs.subarray(i * 3072, (i + 1) * 3072)]);
    const picture = (number: number): number[] => [1, 2, 3, ...Array<number>(3069).fill(number)];
    expect(pictures('training')).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(picture));
    expect([...set.training.targets]).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    expect(pictures('test')).toEqual([10, 11].map(picture));
    expect([...set.test.targets]).toEqual([3, 0]);
  });
});

describe('fashionMnist', () => {
  test('skips the empty lists, tests on the first seventh of a class, and lets classes take turns', async () => {
    const folder = join(home, 'fashion');
    await mkdir(join(folder, 'src/clothes'), { recursive: true });
    for (let label = 0; label < 10; label++) {
      const pictures: number[][] = Array.from({ length: 14 }, (_, i) => [
        label,
        i,
        ...Array<number>(782).fill(255),
      ]);
      if (label === 0) pictures.splice(2, 0, []);
      await writeFile(join(folder, `src/clothes/${label}.json`), JSON.stringify({ data: pictures }));
    }
    const { training, test } = await fashionMnist({ folder: await unpacked(fashionPackage, folder) });
    const turns = (from: number, to: number): number[][] =>
      Array.from({ length: (to - from) * 10 }, (_, i) => [i % 10, from + Math.floor(i / 10), 255]);
    const begins = (inputs: Uint8Array): number[][] =>
      Array.from({ length: inputs.length / 784 }, (_, i) => [...inputs.subarray(784 * i, 784 * i + 3)]);
    expect(begins(test.inputs)).toEqual(turns(0, 2));
    expect(begins(training.inputs)).toEqual(turns(2, 14));
    expect([...test.targets]).toEqual(turns(0, 2).map(([label]) => label));
    expect([...training.targets]).toEqual(turns(2, 14).map(([label]) => label));
  });

  test('reads a folder, and says which file is missing', async () => {
    await expect(fashionMnist({ folder: join(home, 'nowhere') })).rejects.toThrow(
      /train-images-idx3-ubyte cannot be read \(ENOENT.*\): fetch it again, or install dataset-fashion-mnist anew/,
    );
  });
});

test('mnist: takes the files as they are', async () => {
  const folder = join(home, 'mnist');
  await mkdir(join(folder, 'data'), { recursive: true });
  const names = Object.values(fileNames(mnistPackage));
  for (const name of names) await writeFile(join(folder, 'data', name), name);
  const to = await unpacked(mnistPackage, folder);
  for (const name of names) expect(await readFile(join(to, name), 'utf8')).toBe(name);
});
