// The plane as the network sees it, and the points on it; or the curve, where there is one input.
import type { Domain, Points } from '../spec/points.ts';
import type { Regions } from '../training/protocol.ts';
import { drawMark } from './drawMark.ts';
import { classColour, css, divergingInto, mixInto, type Palette } from './palette.ts';

export interface Picture {
  readonly regions: Regions;
  readonly points: Points;
  readonly domain: Domain;
  readonly palette: Palette;
}

type Context = CanvasRenderingContext2D;

/** Regions and points together, `size` wide and high. */
export function drawPicture(context: Context, size: number, picture: Picture): void {
  const { regions } = picture;
  if (regions.kind === 'line') {
    drawLine(context, size, picture);
    return;
  }
  const cells = document.createElement('canvas');
  cells.width = regions.size;
  cells.height = regions.size;
  const own = cells.getContext('2d');
  if (own) drawCells(own, picture);
  context.imageSmoothingQuality = 'high';
  context.drawImage(cells, 0, 0, size, size);
  drawPoints(context, size, picture);
}

const images = new WeakMap<Context, ImageData>();

/** The image of a canvas, whose memory is used again. */
export function imageOf(context: Context, size: number): ImageData {
  const known = images.get(context);
  if (known?.width === size) return known;
  const made = new ImageData(size, size);
  images.set(context, made);
  return made;
}

/** The largest target, by which values are divided to be colours. */
const reachOf = ({ targets }: Points): number =>
  targets.reduce((most, value) => Math.max(most, Math.abs(value)), 0.1);

/** A pixel for each cell. */
export function drawCells(context: Context, { regions, palette, points }: Picture): void {
  if (regions.kind === 'line') return;
  const image = imageOf(context, regions.size);
  const reach = reachOf(points);
  const cells = regions.size ** 2;
  for (let cell = 0; cell < cells; cell++) {
    if (regions.kind === 'values') {
      divergingInto(image.data, 4 * cell, palette, (0.8 * (regions.value[cell] as number)) / reach);
    } else {
      const colour = classColour(palette, regions.label[cell] as number);
      mixInto(image.data, 4 * cell, palette.neutral, colour, 0.1 + 0.5 * (regions.sure[cell] as number));
    }
  }
  context.putImageData(image, 0, 0);
}

/** From the domain to the canvas. */
export const toCanvas = ({ x, y }: Domain, size: number, px: number, py: number): [number, number] => [
  ((px - x[0]) / (x[1] - x[0])) * size,
  ((y[1] - py) / (y[1] - y[0])) * size,
];

/** From the canvas, whose sides are 1, to the domain. */
export const fromCanvas = ({ x, y }: Domain, u: number, v: number): [number, number] => [
  x[0] + u * (x[1] - x[0]),
  y[1] - v * (y[1] - y[0]),
];

const radiusOf = (size: number): number => Math.max(2, Math.min(9, size / 95));

/** The points, on a transparent canvas. */
export function drawPoints(
  context: Context,
  size: number,
  { points, domain, palette }: Omit<Picture, 'regions'>,
): void {
  const { inputs, targets, columns, task, isTest } = points;
  const reach = reachOf(points);
  targets.forEach((target, i) => {
    const height = columns === 1 ? target : (inputs[i * columns + 1] as number);
    const [x, y] = toCanvas(domain, size, inputs[i * columns] as number, height);
    const isClass = task === 'classes';
    const strength = isClass || columns === 1 ? 1 : 0.25 + 0.75 * Math.min(1, Math.abs(target) / reach);
    const label = isClass ? target : columns === 2 && target < 0 ? 1 : 0;
    drawMark(context, x, y, radiusOf(size), {
      shape: isClass ? label : 0,
      colour: css(classColour(palette, label), strength),
      halo: palette.halo,
      hollow: isTest[i] === 1,
    });
  });
}

/** The curve over its points, and behind them what the units of the last hidden layer make. */
export function drawLine(context: Context, size: number, picture: Picture): void {
  const { regions, domain, palette } = picture;
  if (regions.kind !== 'line') return;
  const { y, basis, units } = regions;
  const places = y.length;
  context.fillStyle = css(palette.neutral);
  context.fillRect(0, 0, size, size);
  const trace = (value: (i: number) => number): void => {
    context.beginPath();
    for (let i = 0; i < places; i++) {
      const vertical = ((domain.y[1] - value(i)) / (domain.y[1] - domain.y[0])) * size;
      context.lineTo(((i + 0.5) / places) * size, Math.max(-size, Math.min(2 * size, vertical)));
    }
    context.stroke();
  };
  context.strokeStyle = palette.line;
  context.lineWidth = size / 400;
  trace(() => 0);
  context.globalAlpha = 0.6;
  for (let unit = 0; unit < units; unit++) {
    context.strokeStyle = css(classColour(palette, 2 + (unit % 4)));
    trace((i) => basis[i * units + unit] as number);
  }
  context.globalAlpha = 1;
  drawPoints(context, size, picture);
  context.strokeStyle = css(classColour(palette, 1));
  context.lineWidth = Math.max(2, size / 160);
  trace((i) => y[i] as number);
}
