// The binary version of CIFAR-10: a byte for the class, then the picture, colour by colour.
import { NeuriteError, option, resolveOptions } from '@neurite/core';

/** Pictures of a CIFAR file. */
export interface CifarPictures {
  /** 0 … 255. [pictures, 32, 32, 3] or, `channelsFirst`, [pictures, 3, 32, 32]; row-major. */
  readonly inputs: Uint8Array;
  /** The class of each picture, 0 … 9: [pictures]. */
  readonly targets: Int32Array;
  /** Shape of one picture. */
  readonly shape: readonly number[];
}

/** How `readCifar` is to read. */
export interface CifarOptions {
  /**
   * `channelsLast`: red, green and blue of each pixel side by side, as cifar10() has them. `channelsFirst`: all red, all
   * green, all blue, as they are in the file. channelsLast.
   */
  readonly layout?: 'channelsLast' | 'channelsFirst' | undefined;
}

const pixels = 32 * 32;
const record = 1 + 3 * pixels;
const schema = { layout: option.choice('channelsLast', ['channelsLast', 'channelsFirst']) };

/**
 * Reads a file of CIFAR-10's binary version, such as data_batch_1.bin: records of 3073 bytes. Krizhevsky, 2009:
 * Learning multiple layers of features from tiny images; https://www.cs.toronto.edu/~kriz/cifar.html.
 *
 * @throws NeuriteError `data` where the records do not come out even, or a class is none of 0 … 9.
 */
export function readCifar(bytes: Uint8Array, given?: CifarOptions): CifarPictures {
  const { layout } = resolveOptions('readCifar', schema, given);
  const pictures = bytes.length / record;
  if (!Number.isInteger(pictures)) {
    throw new NeuriteError(
      'data',
      `readCifar: CIFAR-10 has records of ${record} bytes, but got ${bytes.length}: the file is cut short (fetch it again) or of another format (CIFAR-100, or an archive that is to be unpacked first)`,
    );
  }
  const targets = Int32Array.from({ length: pictures }, (_, i) => bytes[i * record] as number);
  const wrong = targets.findIndex((label) => label > 9);
  if (wrong >= 0) {
    throw new NeuriteError(
      'data',
      `readCifar: classes are 0 … 9, but record ${wrong} has ${targets[wrong]}: this is another format, or damaged`,
    );
  }
  const inputs = new Uint8Array(pictures * 3 * pixels);
  for (let i = 0; i < pictures; i++) {
    const picture = bytes.subarray(i * record + 1, (i + 1) * record);
    const place = inputs.subarray(i * 3 * pixels, (i + 1) * 3 * pixels);
    if (layout === 'channelsFirst') place.set(picture);
    else
      for (let at = 0; at < place.length; at++)
        place[at] = picture[(at % 3) * pixels + Math.floor(at / 3)] as number;
  }
  return { inputs, targets, shape: layout === 'channelsFirst' ? [3, 32, 32] : [32, 32, 3] };
}
