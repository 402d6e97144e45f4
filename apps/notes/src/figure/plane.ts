// The plane of two inputs: what a classifier makes of every place in it, and the points that it learned from.
import { contours } from 'd3-contour';
import { chart, type Mark, type Scales } from './chart.ts';
import { coordinate } from './svg.ts';

/** A square of places, the upper left first, as rows of two numbers. */
export interface Grid {
  readonly side: number;
  readonly extent: number;
  readonly rows: Float32Array;
}

/** `side`² places from −extent to extent in both directions. */
export function gridOf(side: number, extent: number): Grid {
  const rows = new Float32Array(side * side * 2);
  for (let i = 0; i < side * side; i++) {
    rows[2 * i] = extent * ((2 * (i % side)) / (side - 1) - 1);
    rows[2 * i + 1] = extent * (1 - (2 * Math.floor(i / side)) / (side - 1));
  }
  return { side, extent, rows };
}

/** By how much the second of two scores is above the first, row by row: positive where class 1 wins. */
export const lead = (scores: ArrayLike<number>): number[] =>
  Array.from(
    { length: scores.length / 2 },
    (_, i) => (scores[2 * i + 1] as number) - (scores[2 * i] as number),
  );

/** The path around all places whose values are positive. */
function outline(values: ArrayLike<number>, extent: number, { x, y }: Scales): string {
  const side = Math.sqrt(values.length);
  const [shape] = contours().size([side, side]).thresholds([0])(Array.from(values));
  // The library takes a number as the middle of a cell of size 1.
  const inPlane = (at: number): number => extent * ((2 * (at - 0.5)) / (side - 1) - 1);
  const place = ([a, b]: readonly number[]): string =>
    `${coordinate(x(inPlane(a as number)))} ${coordinate(y(-inPlane(b as number)))}`;
  return (shape?.coordinates ?? [])
    .flatMap((polygon) => polygon.map((ring) => `M${ring.map(place).join('L')}Z`))
    .join('');
}

/** Where `values` over a grid are positive. */
export const regions =
  (values: ArrayLike<number>, extent: number): Mark =>
  (scales) => {
    const { x, y } = scales;
    const path = outline(values, extent, scales);
    const [left, top] = [x(-extent), y(extent)];
    return (
      `<rect class="region series-1" x="${left}" y="${top}" width="${x(extent) - left}" height="${y(-extent) - top}"/>` +
      `<path class="region series-2" d="${path}"/><path class="boundary" d="${path}"/>`
    );
  };

interface Points {
  readonly inputs: ArrayLike<number>;
  readonly targets: ArrayLike<number>;
}

/** Points in the colour of their class, class 1 as squares. */
export const classed =
  ({ inputs, targets }: Points, radius = 3.4): Mark =>
  ({ x, y }) =>
    Array.from(targets, (target, i) => {
      const [a, b] = [x(inputs[2 * i] as number), y(inputs[2 * i + 1] as number)];
      return target > 0
        ? `<rect class="dot series-2" x="${coordinate(a - radius)}" y="${coordinate(b - radius)}" width="${2 * radius}" height="${2 * radius}"/>`
        : `<circle class="dot series-1" cx="${coordinate(a)}" cy="${coordinate(b)}" r="${radius}"/>`;
    }).join('');

interface PlaneOptions {
  readonly title: string;
  readonly description?: string;
  readonly heading?: string;
  readonly extent: number;
  readonly marks: readonly Mark[];
  readonly size?: number;
}

/** A square piece of the plane, without numbers at its sides. */
export function plane({ extent, size = 260, heading, ...rest }: PlaneOptions): string {
  const axis = { domain: [-extent, extent] as const, ticks: [] };
  const height = size + (heading === undefined ? 4 : 26);
  return chart({
    ...rest,
    ...(heading !== undefined && { heading }),
    x: axis,
    y: axis,
    width: size,
    height,
  });
}

/** The line on which `values` over a grid are zero. */
export const contourLine =
  (values: ArrayLike<number>, extent: number): Mark =>
  (scales) =>
    `<path class="boundary faint" d="${outline(values, extent, scales)}"/>`;

/** How often the sign changes between neighbours on a grid, times their distance: about the boundary's length. */
export function boundaryLength(values: ArrayLike<number>, extent: number): number {
  const side = Math.sqrt(values.length);
  let changes = 0;
  for (let at = 0; at < values.length; at++) {
    const own = (values[at] as number) > 0;
    if (at % side > 0 && (values[at - 1] as number) > 0 !== own) changes++;
    if (at >= side && (values[at - side] as number) > 0 !== own) changes++;
  }
  return (changes * 2 * extent) / (side - 1);
}

/** Into how many pieces a boundary cuts the grid. */
export function regionCount(values: ArrayLike<number>): number {
  const side = Math.sqrt(values.length);
  const seen = new Set<number>();
  let count = 0;
  for (let start = 0; start < values.length; start++) {
    if (seen.has(start)) continue;
    count++;
    const left = [start];
    seen.add(start);
    for (let at = left.pop(); at !== undefined; at = left.pop()) {
      const column = at % side;
      for (const next of [column > 0 ? at - 1 : -1, column < side - 1 ? at + 1 : -1, at - side, at + side]) {
        if (next < 0 || next >= values.length || seen.has(next)) continue;
        if ((values[next] as number) > 0 !== (values[at] as number) > 0) continue;
        seen.add(next);
        left.push(next);
      }
    }
  }
  return count;
}
