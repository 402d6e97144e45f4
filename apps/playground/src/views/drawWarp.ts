// The plane after a hidden layer has moved it: its grid, and the points, by the outputs of two units.
import type { Points } from '../spec/points.ts';
import type { LayerFrame, Regions } from '../training/protocol.ts';
import { drawMark } from './drawMark.ts';
import { classColour, css, type Palette } from './palette.ts';

interface Warp {
  readonly layer: LayerFrame;
  readonly pair: readonly [number, number];
  /** Points along each axis of the grid. */
  readonly size: number;
  readonly points: Points;
  readonly regions: Regions;
  readonly palette: Palette;
}

export function drawWarp(context: CanvasRenderingContext2D, pixels: number, warp: Warp): void {
  const { layer, pair, size, points, palette, regions } = warp;
  context.fillStyle = css(palette.neutral);
  context.fillRect(0, 0, pixels, pixels);
  const { shown } = layer;
  const places = layer.grid.length / shown;
  const isPlane = places === size * size;
  const at = (values: Float32Array, i: number): [number, number] => [
    values[i * shown + pair[0]] as number,
    values[i * shown + pair[1]] as number,
  ];
  const place = fitting(layer.grid, layer.points, shown, pair, pixels);
  const line = (indices: readonly number[], colour: string, width: number): void => {
    context.beginPath();
    for (const i of indices) context.lineTo(...place(...at(layer.grid, i)));
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.stroke();
  };
  if (isPlane) {
    drawCells(
      context,
      size,
      (i) => place(...at(layer.grid, i)),
      (i) => colourAt(regions, i, size, palette),
    );
    const range = Array.from({ length: size }, (_, i) => i);
    for (let i = 0; i < size; i += 2) {
      const colour = css(hexToRgb(palette.ink), 0.28);
      line(
        range.map((column) => i * size + column),
        colour,
        1,
      );
      line(
        range.map((row) => row * size + i),
        colour,
        1,
      );
    }
  } else {
    line(
      Array.from({ length: places }, (_, i) => i),
      palette.accent,
      2,
    );
  }
  const count = layer.points.length / shown;
  for (let i = 0; i < count; i++) {
    const [x, y] = place(...at(layer.points, i));
    const label = points.task === 'classes' ? (points.targets[i] as number) : 0;
    drawMark(context, x, y, Math.max(2, pixels / 110), {
      shape: label,
      colour: css(classColour(palette, label)),
      halo: palette.halo,
      hollow: points.isTest[i] === 1,
    });
  }
}

/** What the network says of a place of the grid. */
function colourAt(regions: Regions, i: number, size: number, palette: Palette): string {
  if (regions.kind === 'line') return css(palette.neutral);
  const step = regions.size / size;
  const cell = Math.floor(i / size) * step * regions.size + (i % size) * step;
  if (regions.kind === 'values')
    return css(classColour(palette, (regions.value[cell] as number) < 0 ? 1 : 0), 0.3);
  return css(
    classColour(palette, regions.label[cell] as number),
    0.12 + 0.4 * (regions.sure[cell] as number),
  );
}

function drawCells(
  context: CanvasRenderingContext2D,
  size: number,
  place: (i: number) => [number, number],
  colour: (i: number) => string,
): void {
  for (let row = 0; row + 1 < size; row++) {
    for (let column = 0; column + 1 < size; column++) {
      const i = row * size + column;
      context.beginPath();
      for (const corner of [i, i + 1, i + size + 1, i + size]) context.lineTo(...place(corner));
      context.closePath();
      context.fillStyle = colour(i);
      context.fill();
    }
  }
}

/** From the units' outputs to the canvas, with all of them inside. */
function fitting(
  grid: Float32Array,
  points: Float32Array,
  shown: number,
  pair: readonly [number, number],
  pixels: number,
): (x: number, y: number) => [number, number] {
  const range = (unit: number): [number, number] => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const values of [grid, points]) {
      for (let i = unit; i < values.length; i += shown) {
        const value = values[i] as number;
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
    return low < high ? [low, high] : [low - 0.5, low + 0.5];
  };
  const [[left, right], [bottom, top]] = [range(pair[0]), range(pair[1])];
  const room = pixels * 0.06;
  const inner = pixels - 2 * room;
  return (x, y) => [
    room + ((x - left) / (right - left)) * inner,
    pixels - room - ((y - bottom) / (top - bottom)) * inner,
  ];
}

const hexToRgb = (hex: string): [number, number, number] => {
  const number = Number.parseInt(hex.slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
};
