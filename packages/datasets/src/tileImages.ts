// Many small pictures on one sheet: the weights of a first layer, to be looked at.
import { NeuriteError, option, resolveOptions, sizeOf } from '@neurite/core';

/** A picture as encoders take it. */
export interface Sheet {
  readonly width: number;
  readonly height: number;
  /** 1 for grey, 3 for red, green and blue. */
  readonly channels: 1 | 3;
  /** 0 … 255: [height, width, channels], row-major. */
  readonly data: Uint8Array;
}

/** How `tileImages` lays pictures out. */
export interface TileOptions {
  /** Pictures in a row; by default so many that the sheet is about square. */
  readonly columns?: number | undefined;
  /** Pixels around each picture. 1. */
  readonly gap?: number | undefined;
  /** Every pixel becomes a square of so many. 1. */
  readonly zoom?: number | undefined;
}

const whole = (initial: number, minimum: number) => option.number(initial, { minimum, whole: true });
const schema = { columns: option.optional(option.count()), gap: whole(1, 0), zoom: whole(1, 1) };
const grey = 128;

/**
 * Puts pictures of any numbers side by side, row by row. Each is scaled by itself, alike in both directions: 0 is the
 * grey of the gaps, and what is farthest from it black or white. In colour the same holds for each channel.
 *
 * @param values [pictures, …shape], row-major.
 * @param shape of one picture: [height, width], or [height, width, 3] in colour.
 * @throws NeuriteError `shape` where `values` are no whole number of pictures.
 * @example
 * const sheet = tileImages(weightsOfUnits, [28, 28]); // encode(sheet) of fast-png makes a PNG of it
 */
export function tileImages(
  values: Float32Array | Float64Array,
  shape: readonly number[],
  given?: TileOptions,
): Sheet {
  const [high, wide, channels = 1] = shape as readonly [number, number, number?];
  const pictures = values.length / sizeOf(shape);
  const isPicture = shape.length === 2 || (shape.length === 3 && channels === 3);
  if (!isPicture || !Number.isInteger(pictures) || pictures === 0) {
    throw new NeuriteError(
      'shape',
      `tileImages takes pictures [height, width] or [height, width, 3], but got ${values.length} numbers as [${shape.join(', ')}]`,
    );
  }
  const {
    columns = Math.ceil(Math.sqrt((pictures * high) / wide)),
    gap,
    zoom,
  } = resolveOptions('tileImages', schema, given);
  const across = Math.min(columns, pictures);
  const width = across * (wide * zoom + gap) + gap;
  const height = Math.ceil(pictures / across) * (high * zoom + gap) + gap;
  const data = new Uint8Array(width * height * channels).fill(grey);
  for (let picture = 0; picture < pictures; picture++) {
    const numbers = values.subarray(picture * sizeOf(shape), (picture + 1) * sizeOf(shape));
    const largest = Math.max(...numbers.map(Math.abs)) || 1;
    const left = gap + (picture % across) * (wide * zoom + gap);
    const top = gap + Math.floor(picture / across) * (high * zoom + gap);
    for (let y = 0; y < high * zoom; y++) {
      for (let x = 0; x < wide * zoom; x++) {
        const from = (Math.floor(y / zoom) * wide + Math.floor(x / zoom)) * channels;
        const to = ((top + y) * width + left + x) * channels;
        for (let channel = 0; channel < channels; channel++) {
          const part = (numbers[from + channel] as number) / largest;
          data[to + channel] = Math.round(127.5 + 127.5 * part);
        }
      }
    }
  }
  return { width, height, channels: channels as 1 | 3, data };
}
