// Pictures in a terminal: two pixels to a character, in their colours where there are any, shades of ink elsewhere.
import type { Terminal } from './terminal.ts';

export interface PictureForm {
  /** [height, width] in grey, [height, width, 3] in red, green and blue. */
  readonly shape: readonly number[];
  /** Width and height of what is drawn: all of a picture, or a square around what is on it. */
  readonly frame: number;
}

export interface CaptionedPicture {
  /** 0 … 255. */
  readonly pixels: Uint8Array;
  readonly caption: string;
  /** Without the escape codes. */
  readonly captionWidth: number;
}

const gap = '   ';

/** From nothing to the brightest. */
const shades = ' .:-=+*#%@';

/** 0 … 255. */
type Colour = readonly [red: number, green: number, blue: number];
const nothing: Colour = [0, 0, 0];

/** The lines of a picture: half as many as it is wide. */
export function drawPicture(pixels: Uint8Array, form: PictureForm, colours: Terminal['colours']): string[] {
  const [height, width, channels = 1] = form.shape as readonly [number, number, number?];
  const [left, top] = cornerOf(pixels, form);
  const colourAt = (x: number, y: number): Colour => {
    if (x < 0 || x >= width || y < 0 || y >= height) return nothing;
    const at = (y * width + x) * channels;
    const channel = (offset: number): number => pixels[at + offset] as number;
    return channels === 1 ? [channel(0), channel(0), channel(0)] : [channel(0), channel(1), channel(2)];
  };
  const code = form.shape.length === 3 ? colourCode : greyCode;
  return Array.from({ length: form.frame / 2 }, (_, line) => {
    const pairs = Array.from({ length: form.frame }, (_, column) => {
      const [x, y] = [left + column, top + 2 * line];
      return [colourAt(x, y), colourAt(x, y + 1)] as const;
    });
    if (colours === 'none') {
      return pairs.map(([upper, lower]) => shadeOf((brightness(upper) + brightness(lower)) / 2)).join('');
    }
    // the upper half in the colour of the text, the lower half in that of the background
    const cells = pairs.map(
      ([upper, lower]) => `\x1b[38;${code(upper, colours)};48;${code(lower, colours)}m▀`,
    );
    return `${cells.join('')}\x1b[0m`;
  });
}

/** Where the frame begins: what is not 0 shall be in its middle, where it is smaller than the picture. */
function cornerOf(pixels: Uint8Array, { shape, frame }: PictureForm): [left: number, top: number] {
  const size = shape[1] as number;
  if (frame >= size) return [0, 0];
  const inked = [...pixels.keys()].filter((i) => pixels[i] !== 0);
  const begin = (positions: readonly number[]): number => {
    const [first, last] = [Math.min(size, ...positions), Math.max(0, ...positions)];
    return Math.floor((first + last + 1 - frame) / 2);
  };
  return [begin(inked.map((i) => i % size)), begin(inked.map((i) => Math.floor(i / size)))];
}

const shadeOf = (ink: number): string => shades[Math.round((ink / 255) * (shades.length - 1))] as string;

/** How bright a colour looks, 0 … 255. ITU-R BT.601. */
const brightness = ([red, green, blue]: Colour): number => (299 * red + 587 * green + 114 * blue) / 1000;

/** A grey as the terminal takes it. The paper is not quite black, so that it can be seen where everything else is. */
function greyCode([ink]: Colour, colours: 'palette' | 'any'): string {
  if (colours === 'palette') return `5;${Math.round(235 + (ink / 255) * 20)}`;
  const level = Math.round(38 + (ink / 255) * 200);
  return `2;${level};${level};${level}`;
}

/** A colour as the terminal takes it; of a palette the nearest in its cube of 6 × 6 × 6. */
function colourCode(colour: Colour, colours: 'palette' | 'any'): string {
  if (colours === 'any') return `2;${colour.join(';')}`;
  const [red, green, blue] = colour.map((part) => Math.round((part / 255) * 5)) as [number, number, number];
  return `5;${16 + 36 * red + 6 * green + blue}`;
}

/** How many pictures of that width there is room for, side by side. */
export const roomFor = ({ columns }: Terminal, width: number): number =>
  Math.max(1, Math.floor((columns + gap.length) / (width + gap.length)));

/** Pictures side by side, with their captions below: as many as there is room for, the first of all at least. */
export function drawPictures(
  pictures: readonly CaptionedPicture[],
  form: PictureForm,
  terminal: Terminal,
): string {
  const width = Math.max(form.frame, ...pictures.map(({ captionWidth }) => captionWidth));
  const shown = pictures.slice(0, roomFor(terminal, width));
  const pad = (text: string, drawn: number): string => text + ' '.repeat(width - drawn);
  const drawn = shown.map(({ pixels }) => drawPicture(pixels, form, terminal.colours));
  const lines = Array.from({ length: form.frame / 2 }, (_, i) =>
    drawn.map((lines) => pad(lines[i] as string, form.frame)).join(gap),
  );
  const captions = shown.map(({ caption, captionWidth }) => pad(caption, captionWidth));
  return [...lines, captions.join(gap)].map((line) => line.trimEnd()).join('\n');
}
