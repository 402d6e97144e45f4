// CIFAR's binary records, in both layouts.
import { NeuriteError } from '@neurite/core';
import { expect, test } from 'vitest';
import { readCifar } from '../src/index.ts';

/** Records of a class and a picture whose pixel i is (i, i + 1, i + 2) mod 256. */
const records = (...labels: readonly number[]): Uint8Array =>
  Uint8Array.from(
    labels.flatMap((label) => [
      label,
      ...Array.from({ length: 3072 }, (_, i) => (i % 1024) + Math.floor(i / 1024)),
    ]),
  );

function complaint(bytes: Uint8Array): string {
  try {
    readCifar(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(NeuriteError);
    return (error as Error).message;
  }
  return 'none';
}

test('gives the channels of a pixel side by side, or as they are in the file', () => {
  const last = readCifar(records(3, 9));
  expect([...last.targets]).toEqual([3, 9]);
  expect(last.shape).toEqual([32, 32, 3]);
  expect([...last.inputs.subarray(0, 6)]).toEqual([0, 1, 2, 1, 2, 3]);
  expect([...last.inputs.subarray(3072 + 33 * 3, 3072 + 33 * 3 + 3)]).toEqual([33, 34, 35]);

  const first = readCifar(records(3, 9), { layout: 'channelsFirst' });
  expect(first.shape).toEqual([3, 32, 32]);
  expect([...first.inputs.subarray(1024, 1027)]).toEqual([1, 2, 3]);
  expect([...first.inputs].sort()).toEqual([...last.inputs].sort());
  expect(readCifar(new Uint8Array()).targets).toHaveLength(0);
});

test('says what is wrong', () => {
  expect(complaint(records(1).subarray(1))).toMatch(
    /^readCifar: CIFAR-10 has records of 3073 bytes, but got 3072: /,
  );
  expect(complaint(records(1, 10))).toMatch(/^readCifar: classes are 0 … 9, but record 1 has 10/);
});
