// A set of pictures in four IDX files, the form in which MNIST came into the world: what each must hold.
import { NeuriteError } from '@neurite/core';
import { readIdx } from '../readIdx.ts';

/** Pictures and what is on them. */
export interface LabelledImages {
  /** Brightness, 0 … 255: [examples, …shape], row-major. */
  readonly inputs: Uint8Array;
  /** The class of each picture: [examples]. */
  readonly targets: Int32Array;
}

/** Pictures and labels for training and for testing. */
export interface ImageSet {
  /** What to learn from. */
  readonly training: LabelledImages;
  /** What to be tested on. */
  readonly test: LabelledImages;
  /** What the targets stand for. */
  readonly classes: readonly string[];
  /** Shape of one input: [height, width], or [height, width, 3] in colour. */
  readonly shape: readonly number[];
  /** Where it comes from: a folder, or an npm package. */
  readonly source: string;
}

/** The four files: pictures and labels, to learn from and to be tested on. */
export type ImageFile = 'trainingImages' | 'trainingLabels' | 'testImages' | 'testLabels';

/** What a set is, wherever its files are. */
export interface ImageSetForm {
  readonly classes: readonly string[];
  readonly shape: readonly number[];
}

/** The names that the files have had since MNIST; the number is that of their axes. */
export function fileNames({ shape }: ImageSetForm): Readonly<Record<ImageFile, string>> {
  const images = `images-idx${shape.length + 1}-ubyte`;
  return {
    trainingImages: `train-${images}`,
    trainingLabels: 'train-labels-idx1-ubyte',
    testImages: `t10k-${images}`,
    testLabels: 't10k-labels-idx1-ubyte',
  };
}

/**
 * The set in the bytes of four files.
 * @param where a file is, and `mend`, what to do where it is wrong: for complaints.
 */
export function imageSet(
  form: ImageSetForm,
  bytes: Readonly<Record<ImageFile, Uint8Array>>,
  source: string,
  where: (file: ImageFile) => string,
  mend: string,
): ImageSet {
  const part = (part: 'training' | 'test'): LabelledImages => {
    const images = numbersIn(
      bytes[`${part}Images`],
      ['examples', ...form.shape],
      where(`${part}Images`),
      mend,
    );
    const file = where(`${part}Labels`);
    const labels = numbersIn(bytes[`${part}Labels`], [images.examples], file, mend);
    const last = form.classes.length - 1;
    const wrong = labels.values.findIndex((label) => label > last);
    if (wrong >= 0) {
      const label = labels.values[wrong];
      throw new NeuriteError(
        'data',
        `${file}: label ${wrong} is ${label}, but classes are 0 … ${last}: ${mend}`,
      );
    }
    return { inputs: images.values, targets: Int32Array.from(labels.values) };
  };
  return { training: part('training'), test: part('test'), ...form, source };
}

/** The numbers in an IDX file. `wanted` are sizes; a word means any. */
function numbersIn(
  bytes: Uint8Array,
  wanted: readonly (number | string)[],
  file: string,
  mend: string,
): { examples: number; values: Uint8Array } {
  const { shape, values } = readNamed(bytes, file);
  const fits =
    shape.length === wanted.length &&
    wanted.every((size, i) => size === shape[i] || typeof size === 'string');
  if (!fits || !(values instanceof Uint8Array)) {
    const found = `${values.constructor.name} [${shape.join(', ')}]`;
    throw new NeuriteError(
      'data',
      `${file} must hold uint8 [${wanted.join(', ')}], but holds ${found}: ${mend}`,
    );
  }
  return { examples: shape[0] as number, values };
}

function readNamed(bytes: Uint8Array, file: string): ReturnType<typeof readIdx> {
  try {
    return readIdx(bytes);
  } catch (cause) {
    if (!(cause instanceof NeuriteError)) throw cause;
    throw new NeuriteError(cause.code, `${file}: ${cause.message}`, { cause });
  }
}
