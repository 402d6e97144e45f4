// The first digits of MNIST, as texts for a page.
import { type LabelledImages, mnist } from '@neurite/datasets/mnist';
import type { PackedDigits } from './digits.ts';

const pixels = 28 * 28;

const pack = ({ inputs, targets }: LabelledImages, count: number) => ({
  inputs: Buffer.from(inputs.subarray(0, count * pixels)).toString('base64'),
  targets: [...targets.subarray(0, count)],
});

export async function packDigits(): Promise<PackedDigits> {
  const { training, test } = await mnist();
  return { training: pack(training, 2000), test: pack(test, 1000) };
}
