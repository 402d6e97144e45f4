// Colours of the pictures. Classes are told apart by everybody (after Okabe and Ito) and, in print, by their lightness.
import type { Theme } from '../state.ts';

type Colour = readonly [red: number, green: number, blue: number];

export interface Palette {
  readonly classes: readonly Colour[];
  /** Where the network has no opinion; also 0 of what goes from below to above. */
  readonly neutral: Colour;
  readonly ink: string;
  readonly muted: string;
  readonly line: string;
  readonly halo: string;
  readonly accent: string;
}

const classes: readonly Colour[] = [
  [0, 114, 178],
  [230, 138, 0],
  [0, 148, 108],
  [190, 95, 160],
  [120, 94, 60],
  [80, 175, 225],
];

const palettes: Readonly<Record<Theme, Palette>> = {
  light: {
    classes,
    neutral: [246, 247, 249],
    ink: '#1b242d',
    muted: '#5c6a78',
    line: '#d9e0e7',
    halo: '#ffffff',
    accent: '#0b6e99',
  },
  dark: {
    classes: [
      [58, 150, 214],
      [240, 160, 48],
      [30, 172, 130],
      [212, 120, 182],
      [164, 132, 90],
      [130, 205, 245],
    ],
    neutral: [27, 34, 41],
    ink: '#e6edf3',
    muted: '#97a5b3',
    line: '#2c3742',
    halo: '#10161b',
    accent: '#56b4e9',
  },
};

export const paletteOf = (theme: Theme): Palette => palettes[theme];

export const css = ([red, green, blue]: Colour, alpha = 1): string =>
  `rgb(${red} ${green} ${blue} / ${alpha})`;

/** The colour of a class; beyond the last they begin anew. */
export const classColour = ({ classes: known }: Palette, label: number): Colour =>
  known[label % known.length] as Colour;

/** Between two colours, 0 … 1, as three numbers of 0 … 255 at `at` of `pixels`; what is no number is grey. */
export function mixInto(pixels: Uint8ClampedArray, at: number, from: Colour, to: Colour, part: number): void {
  const known = Number.isFinite(part);
  for (let i = 0; i < 3; i++) {
    const [a, b] = [from[i] as number, to[i] as number];
    pixels[at + i] = known ? a + (b - a) * part : 128;
  }
  pixels[at + 3] = 255;
}

/** Below 0 the second class's colour, above it the first's; 1 is as strong as it gets. */
export function divergingInto(pixels: Uint8ClampedArray, at: number, palette: Palette, value: number): void {
  const strength = Math.min(1, Math.abs(value)) * 0.9;
  mixInto(pixels, at, palette.neutral, classColour(palette, value < 0 ? 1 : 0), strength);
}
