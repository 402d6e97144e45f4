// Pictures of digits in a terminal: two pixels to a character, grey where there are colours, shades of ink elsewhere.
import type { Terminal } from './terminal.ts';

/** Width and height of a picture of MNIST; the digit takes at most 20 × 20 of it, somewhere around the middle. */
const size = 28;
/** Width and height of what is drawn: the digit and a margin of one pixel. */
export const frame = 22;

const gap = '   ';

/** From paper to ink. */
const shades = ' .:-=+*#%@';

/** The lines of a picture: half as many as it is wide. `pixels`: 28 × 28, 0 (paper) … 255 (ink). */
export function drawDigit(pixels: Uint8Array, colours: Terminal['colours']): string[] {
  const [left, top] = cornerOf(pixels);
  const inkAt = (x: number, y: number): number => {
    const inside = x >= 0 && x < size && y >= 0 && y < size;
    return inside ? (pixels[y * size + x] as number) / 255 : 0;
  };
  return Array.from({ length: frame / 2 }, (_, line) => {
    const pairs = Array.from(
      { length: frame },
      (_, column) =>
        [inkAt(left + column, top + 2 * line), inkAt(left + column, top + 2 * line + 1)] as const,
    );
    if (colours === 'none') return pairs.map(([upper, lower]) => shadeOf((upper + lower) / 2)).join('');
    // the upper half in the colour of the text, the lower half in that of the background
    const cells = pairs.map(
      ([upper, lower]) => `\x1b[38;${grey(upper, colours)};48;${grey(lower, colours)}m▀`,
    );
    return `${cells.join('')}\x1b[0m`;
  });
}

/** Where the frame begins, so that the digit is in its middle. */
function cornerOf(pixels: Uint8Array): [left: number, top: number] {
  const inked = [...pixels.keys()].filter((i) => pixels[i] !== 0);
  const begin = (positions: readonly number[]): number => {
    const [first, last] = [Math.min(size, ...positions), Math.max(0, ...positions)];
    return Math.floor((first + last + 1 - frame) / 2);
  };
  return [begin(inked.map((i) => i % size)), begin(inked.map((i) => Math.floor(i / size)))];
}

const shadeOf = (ink: number): string => shades[Math.round(ink * (shades.length - 1))] as string;

/** A grey as the terminal takes it. The paper is not quite black, so that it can be seen where everything else is. */
function grey(ink: number, colours: 'palette' | 'any'): string {
  if (colours === 'palette') return `5;${Math.round(235 + ink * 20)}`;
  const level = Math.round(38 + ink * 200);
  return `2;${level};${level};${level}`;
}

/** How many pictures there is room for, side by side. */
export const roomFor = ({ columns }: Terminal): number =>
  Math.max(1, Math.floor((columns + gap.length) / (frame + gap.length)));

/** Pictures side by side, with their captions below. `captionWidth`: without the escape codes. */
export function drawDigits(
  digits: readonly { pixels: Uint8Array; caption: string; captionWidth: number }[],
  { colours }: Terminal,
): string {
  const pictures = digits.map(({ pixels }) => drawDigit(pixels, colours));
  const lines = Array.from({ length: frame / 2 }, (_, i) => pictures.map((lines) => lines[i]).join(gap));
  const captions = digits.map(({ caption, captionWidth }) => caption + ' '.repeat(frame - captionWidth));
  return [...lines, captions.join(gap)].map((line) => line.trimEnd()).join('\n');
}
