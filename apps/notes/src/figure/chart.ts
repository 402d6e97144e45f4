// Charts: two axes, and marks that are drawn between them.
import { scaleLinear, scaleLog } from 'd3-scale';
import { line as linePath } from 'd3-shape';
import { coordinate, escapeText, svg, text } from './svg.ts';

export interface Axis {
  readonly domain: readonly [number, number];
  readonly label?: string;
  readonly log?: boolean;
  /** Where there are ticks and what they say; by default at round numbers. */
  readonly ticks?: readonly { readonly at: number; readonly text: string }[];
}

export interface Scales {
  x(value: number): number;
  y(value: number): number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export type Mark = (scales: Scales) => string;
export type Point = readonly [x: number, y: number];

interface ChartOptions {
  readonly title: string;
  readonly description?: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly marks: readonly Mark[];
  /** Names of the series 1, 2 …, above the chart. */
  readonly legend?: readonly string[];
  /** Written above the chart. */
  readonly heading?: string;
  readonly width?: number;
  readonly height?: number;
}

const margin = { left: 52, right: 22, top: 14, bottom: 42 };

export function chart(options: ChartOptions): string {
  const { title, description, x, y, marks, legend = [], heading, width = 500, height = 300 } = options;
  const top = margin.top + (legend.length > 0 ? 22 : 0) + (heading === undefined ? 0 : 22);
  const left = y.label === undefined && y.ticks?.length === 0 ? 14 : margin.left + (y.label ? 14 : 0);
  const bottom = height - (x.label === undefined ? 26 : margin.bottom);
  const right = width - margin.right;
  const horizontal = scaleOf(x, left, right);
  const vertical = scaleOf(y, bottom, top);
  const scales: Scales = { x: horizontal.place, y: vertical.place, left, right, top, bottom };
  const grid = [
    ...horizontal.ticks.map(
      ({ at, text: said }) =>
        `<line class="grid" x1="${coordinate(at)}" x2="${coordinate(at)}" y1="${top}" y2="${bottom}"/>` +
        text(at, bottom + 17, said, { anchor: 'middle', class: 'tick' }),
    ),
    ...vertical.ticks.map(
      ({ at, text: said }) =>
        `<line class="grid" x1="${left}" x2="${right}" y1="${coordinate(at)}" y2="${coordinate(at)}"/>` +
        text(left - 7, at + 4, said, { anchor: 'end', class: 'tick' }),
    ),
  ].join('');
  const names = [
    heading === undefined
      ? ''
      : text((left + right) / 2, 18, heading, { anchor: 'middle', class: 'heading' }),
    x.label === undefined
      ? ''
      : text((left + right) / 2, height - 6, x.label, { anchor: 'middle', class: 'axis' }),
    y.label === undefined
      ? ''
      : `<text class="axis" text-anchor="middle" transform="translate(14 ${(top + bottom) / 2}) rotate(-90)">${escapeText(y.label)}</text>`,
  ].join('');
  const drawn = marks.map((mark) => mark(scales)).join('');
  // Marks may reach out of the axes; a nested picture cuts them off without an id.
  const inner = `<svg x="${left}" y="${top}" width="${right - left}" height="${bottom - top}" viewBox="${left} ${top} ${right - left} ${bottom - top}">${drawn}</svg>`;
  return svg(
    { title, description, width, height },
    grid + inner + names + legendOf(legend, left, heading === undefined ? 14 : 38),
  );
}

function scaleOf({ domain, log = false, ticks }: Axis, from: number, to: number) {
  const scale = (log ? scaleLog() : scaleLinear()).domain([...domain]).range([from, to]);
  const place = (value: number): number => scale(value);
  const count = Math.max(2, Math.round(Math.abs(to - from) / 70));
  const format = scale.tickFormat(count, ...(log ? ['~g'] : []));
  const usual = scale.ticks(count).map((at) => ({ at, text: format(at) }));
  return { place, ticks: (ticks ?? usual).map(({ at, text: said }) => ({ at: place(at), text: said })) };
}

function legendOf(names: readonly string[], left: number, y: number): string {
  let x = left;
  return names
    .map((name, i) => {
      const key = `<rect class="series-${i + 1} fill" x="${x}" y="${y - 9}" width="11" height="11" rx="2"/>`;
      const said = text(x + 16, y, name, { class: 'legend' });
      x += 30 + 7.2 * name.length;
      return key + said;
    })
    .join('');
}

interface LineOptions {
  /** Which colour: 1 … 6. */
  readonly series?: number;
  readonly dashed?: boolean;
  readonly thin?: boolean;
}

const classes = (...names: readonly (string | false)[]): string => names.filter(Boolean).join(' ');

export const line =
  (points: readonly Point[], { series = 1, dashed = false, thin = false }: LineOptions = {}): Mark =>
  ({ x, y }) => {
    const path = linePath<Point>(
      (point) => x(point[0]),
      (point) => y(point[1]),
    )
      .defined(([, value]) => Number.isFinite(value))
      .digits(1);
    return `<path class="${classes('line', `series-${series}`, dashed && 'dashed', thin && 'thin')}" d="${path(points) ?? ''}"/>`;
  };

export const dots =
  (points: readonly Point[], { series = 1, radius = 4 }: { series?: number; radius?: number } = {}): Mark =>
  ({ x, y }) =>
    points
      .map(
        ([a, b]) =>
          `<circle class="dot series-${series}" cx="${coordinate(x(a))}" cy="${coordinate(y(b))}" r="${radius}"/>`,
      )
      .join('');

/** A bar from the bottom, around `at`, in the axis's own units. */
export const bar =
  (at: number, value: number, { series = 1, width = 0.6 }: { series?: number; width?: number } = {}): Mark =>
  ({ x, y, bottom }) => {
    const top = Math.min(bottom, y(value));
    return `<rect class="fill series-${series}" x="${coordinate(x(at - width / 2))}" y="${coordinate(top)}" width="${coordinate(x(at + width / 2) - x(at - width / 2))}" height="${coordinate(Math.max(1, bottom - top))}" rx="2"/>`;
  };

/** A line across the chart, at a height or at a place. */
export const rule =
  (axis: 'x' | 'y', at: number, label = ''): Mark =>
  ({ x, y, left, right, top, bottom }) =>
    axis === 'y'
      ? `<line class="rule" x1="${left}" x2="${right}" y1="${coordinate(y(at))}" y2="${coordinate(y(at))}"/>` +
        text(right - 6, y(at) - 6, label, { anchor: 'end', class: 'note' })
      : `<line class="rule" x1="${coordinate(x(at))}" x2="${coordinate(x(at))}" y1="${top}" y2="${bottom}"/>` +
        text(x(at) + 6, top + 14, label, { class: 'note' });

export const note =
  (at: Point, content: string, anchor: 'start' | 'middle' | 'end' = 'start'): Mark =>
  ({ x, y }) =>
    text(x(at[0]), y(at[1]), content, { anchor, class: 'note' });

export const arrow =
  (from: Point, to: Point, series = 1): Mark =>
  ({ x, y }) => {
    const [x1, y1, x2, y2] = [x(from[0]), y(from[1]), x(to[0]), y(to[1])];
    const turn = (Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI;
    return (
      `<line class="line series-${series}" x1="${coordinate(x1)}" y1="${coordinate(y1)}" x2="${coordinate(x2)}" y2="${coordinate(y2)}"/>` +
      `<path class="fill series-${series}" transform="translate(${coordinate(x2)} ${coordinate(y2)}) rotate(${coordinate(turn)})" d="M2 0L-9 -5L-9 5Z"/>`
    );
  };
